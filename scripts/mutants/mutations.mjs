// What can be done to one piece of source text, so that a test ought to notice it.
import ts from "typescript";

const { SyntaxKind } = ts;

const comparisons = new Map([
  [SyntaxKind.LessThanToken, "<="],
  [SyntaxKind.LessThanEqualsToken, "<"],
  [SyntaxKind.GreaterThanToken, ">="],
  [SyntaxKind.GreaterThanEqualsToken, ">"],
  [SyntaxKind.EqualsEqualsEqualsToken, "!=="],
  [SyntaxKind.ExclamationEqualsEqualsToken, "==="],
]);
const arithmetic = new Map([
  [SyntaxKind.MinusToken, "+"],
  [SyntaxKind.AsteriskToken, "/"],
  [SyntaxKind.SlashToken, "*"],
]);
/** Calls whose receiver alone has a type that fits. */
const dropped = new Set(
  "filter sort toSorted reverse toReversed trim trimStart trimEnd toLowerCase toUpperCase normalize slice".split(
    " ",
  ),
);
const swapped = new Map([
  ["some", "every"],
  ["every", "some"],
  ["startsWith", "endsWith"],
  ["endsWith", "startsWith"],
  ["min", "max"],
  ["max", "min"],
]);
/** Edits of SQL, which no other tool knows. */
const sqlEdits = [
  [/\bAND\b/g, "OR"],
  [/\bOR\b/g, "AND"],
  [/<=/g, "<"],
  [/>=/g, ">"],
  [/ < /g, " <= "],
  [/ > /g, " >= "],
  [/ = \?/g, " <> ?"],
  [/<> /g, "= "],
  [/IS NOT NULL/g, "IS NULL"],
  [/IS NULL/g, "IS NOT NULL"],
  [/ DESC\b/g, " ASC"],
  [/\bmin\(/g, "max("],
  [/\bmax\(/g, "min("],
  [/ \+ 1\b/g, " + 2"],
  [/\bNOT EXISTS\b/g, "EXISTS"],
  [/coalesce\(([^,()]+), [^()]+\)/g, "$1"],
];

/**
 * The mutations of one node.
 * @param node of the syntax tree
 * @param textOf source text of a node
 * @returns `{ kind, node, replacement, isStatement }`: the node to replace, and by what text
 */
export function mutationsOf(node, textOf) {
  const found = [];
  const replace = (target, kind, replacement) => found.push({ kind, node: target, replacement });
  if (ts.isIfStatement(node)) {
    replace(node.expression, "condition negated", `!(${textOf(node.expression)})`);
    replace(node.expression, "condition fixed", node.elseStatement ? "true" : "false");
  } else if (ts.isConditionalExpression(node)) {
    replace(node.condition, "condition negated", `!(${textOf(node.condition)})`);
  } else if (ts.isBinaryExpression(node)) ofOperator(node, textOf, replace);
  else if (ts.isPrefixUnaryExpression(node) && node.operator === SyntaxKind.ExclamationToken) {
    if (!ts.isIfStatement(node.parent)) replace(node, "not dropped", `(${textOf(node.operand)})`);
  } else if (ts.isExpressionStatement(node)) {
    if (!isSuperCall(node.expression))
      found.push({ kind: "statement dropped", node, replacement: "", isStatement: true });
  } else if (ts.isContinueStatement(node) || (ts.isBreakStatement(node) && !ts.isCaseClause(node.parent)))
    found.push({ kind: "statement dropped", node, replacement: "", isStatement: true });
  else if (ts.isNumericLiteral(node)) {
    if (!isNameOf(node)) replace(node, "number changed", node.text === "0" ? "1" : `(${node.text} + 1)`);
  } else if (node.kind === SyntaxKind.TrueKeyword) replace(node, "boolean changed", "false");
  else if (node.kind === SyntaxKind.FalseKeyword) replace(node, "boolean changed", "true");
  else if (ts.isAwaitExpression(node) && !isGivenBack(node))
    replace(node, "await dropped", `(${textOf(node.expression)})`);
  else if (ts.isArrayLiteralExpression(node)) {
    const isTarget = ts.isBinaryExpression(node.parent) && node.parent.left === node;
    if (node.elements.length > 0 && !isTarget) replace(node, "array emptied", "[]");
  } else if (ts.isCallExpression(node)) ofCall(node, textOf, replace);
  else if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) ofText(node, textOf, replace);
  return found;
}

function ofOperator(node, textOf, replace) {
  const operator = node.operatorToken.kind;
  const [left, right] = [textOf(node.left), textOf(node.right)];
  if (comparisons.has(operator))
    replace(node, "comparison changed", `${left} ${comparisons.get(operator)} ${right}`);
  else if (operator === SyntaxKind.AmpersandAmpersandToken) {
    replace(node, "and became or", `((${left}) || (${right}))`);
    replace(node, "half of an and dropped", `(${left})`);
    replace(node, "half of an and dropped", `(${right})`);
  } else if (operator === SyntaxKind.BarBarToken) {
    replace(node, "or became and", `((${left}) && (${right}))`);
    replace(node, "half of an or dropped", `(${left})`);
    replace(node, "half of an or dropped", `(${right})`);
  } else if (operator === SyntaxKind.QuestionQuestionToken) replace(node, "default dropped", `(${left})`);
  else if (arithmetic.has(operator))
    replace(node, "arithmetic changed", `(${left}) ${arithmetic.get(operator)} (${right})`);
}

function ofCall(node, textOf, replace) {
  if (!ts.isPropertyAccessExpression(node.expression) || node.flags & ts.NodeFlags.OptionalChain) return;
  const name = node.expression.name.text;
  const receiver = textOf(node.expression.expression);
  const given = node.arguments.map(textOf).join(", ");
  if (dropped.has(name)) replace(node, "call dropped", `(${receiver})`);
  else if (swapped.has(name) && (receiver === "Math" || !/^m/.test(name)))
    replace(node, "call changed", `${receiver}.${swapped.get(name)}(${given})`);
}

function ofText(node, textOf, replace) {
  const { parent } = node;
  const raw = textOf(node);
  if (ts.isTaggedTemplateExpression(parent)) return;
  if (ts.isCaseClause(parent)) return replace(node, "case dropped", '"\\u0000never"');
  if (/\b(SELECT|UPDATE|DELETE FROM|INSERT|WHERE|ORDER BY|IS NULL|IS NOT NULL)\b/.test(raw)) {
    for (const [pattern, by] of sqlEdits)
      for (const match of raw.matchAll(pattern)) {
        // What stands in a hole of a template is code.
        if (/\$\{[^}]*$/.test(raw.slice(0, match.index))) continue;
        const edited = match[0].replace(new RegExp(pattern.source), by);
        replace(
          node,
          "SQL changed",
          raw.slice(0, match.index) + edited + raw.slice(match.index + match[0].length),
        );
      }
    return;
  }
  const isName =
    isNameOf(node) ||
    ts.isElementAccessExpression(parent) ||
    (ts.isCallExpression(parent) && parent.expression.kind === SyntaxKind.ImportKeyword);
  if (raw.length > 2 && !isName) replace(node, "text emptied", '""');
}

/** The name of a property, also of one that is taken apart: `{ 0: first }`. */
const isNameOf = (node) => node.parent.name === node || node.parent.propertyName === node;
const isSuperCall = (node) => ts.isCallExpression(node) && node.expression.kind === SyntaxKind.SuperKeyword;

/** What an async function gives back is waited for by its caller, unless a `try` around it would miss the failure. */
function isGivenBack({ parent }) {
  if (ts.isArrowFunction(parent)) return true;
  if (!ts.isReturnStatement(parent)) return false;
  for (let around = parent.parent; !ts.isFunctionLike(around); around = around.parent)
    if (ts.isTryStatement(around)) return false;
  return true;
}
