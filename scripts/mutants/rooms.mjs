// The rooms that carry the promises, and what share of their mutants the tests must notice.
export const rooms = [
  { path: "src/access", atLeast: 90 },
  { path: "src/store/sqlite", atLeast: 80 },
  { path: "src/coming-over", atLeast: 80 },
  { path: "src/outbound", atLeast: 80 },
  { path: "src/inbound", atLeast: 80 },
  { path: "src/turns", atLeast: 80 },
  { path: "src/actions", atLeast: 80 },
  { path: "src/bridge", atLeast: 70 },
];

/** What is seldom a fault, or makes many mutants of one kind, is taken less often. */
export const weights = new Map([
  ["text emptied", 0.25],
  ["condition negated", 0.5],
  ["number changed", 0.8],
  ["boolean changed", 0.8],
  ["await dropped", 0.8],
  ["and became or", 0.8],
  ["SQL changed", 1.2],
]);
