import { expect, it } from "vitest";
import { playedVersions } from "../../simulator/profiles/played.js";
import { readBundle } from "./bundle.js";
import { played } from "./played-imsg.js";
import { reportTest } from "./test-text.js";

const chat = { id: 3, isGroup: false, participants: ["+83920184712"], service: "iMessage" };
const message = {
  id: 7,
  account: "default",
  state: "done",
  sentAt: "2026-05-09T06:13:20.000Z",
  fromMe: false,
  sender: "+83920184712",
  text: "xxx xx",
  attachments: [],
  tapback: null,
  chat,
  decision: { kind: "dispatch" },
  turn: { id: "t1", agentId: "main", state: "done", error: null },
  replies: [{ state: "delivered", text: "Xx", file: null, error: null }],
};
const report = {
  report: 1,
  madeAt: "2026-05-09T07:00:00.000Z",
  versions: { tapback: "1.2.3" },
  configuration: {
    channels: {
      imessage: {
        dmPolicy: "allowlist",
        allowFrom: ["+83920184712"],
        groups: { "5": { requireMention: true } },
      },
    },
    agents: { list: [{ id: "main", runtime: { type: "http", secret: "***" } }] },
  },
  health: { accounts: [{ stages: [{ name: "rpc", detail: "imsg 0.15.10 answers" }] }] },
};
const group = { id: 5, isGroup: true, participants: ["+83920184712", "xyz@abc.de"], service: "iMessage" };
const told = (journal: object[], wrong: number[] = []) =>
  reportTest(
    readBundle(JSON.stringify({ ...report, journal }), "report.json"),
    "report.json",
    new Set(wrong),
  );

it("plays the messages in their order, with the pauses, and says what should have been", () => {
  const later = {
    ...message,
    id: 8,
    sentAt: "2026-05-09T06:13:21.500Z",
    chat: group,
    turn: null,
    replies: [],
    decision: { kind: "context", reason: "not_mentioned" },
  };
  const { text, messages } = told([later, message]);
  expect(messages).toBe(2);
  const lines = text.split("\n").map((line) => line.trim());
  const at = (line: string) => lines.indexOf(line);
  expect(text).toContain('mac: { version: "0.15.10" }');
  expect(at('const group5 = world.group(["+15550100001","person2@example.com"]);')).toBeGreaterThan(0);
  expect(at('const m7 = says("+15550100001", "xxx xx 7", "t1", {});')).toBeGreaterThan(0);
  expect(at("await world.passes({ ms: 1500 });")).toBeGreaterThan(at("await world.configures(config);"));
  expect(at('const m8 = says("+15550100001", "xxx xx 8", null, { in: group5 });')).toBeGreaterThan(0);
  expect(at("assertAnsweredExactlyOnce(world, m7);")).toBeGreaterThan(0);
  expect(at('assertDroppedFor(m8, "not_mentioned");')).toBeGreaterThan(0);
  expect(text).toContain('[group5.id]: {"requireMention":true}');
  expect(text).not.toMatch(/83920184712|\*\*\*/);
});

it("says the opposite of what became of a message that was handled wrongly", () => {
  const dropped = {
    ...message,
    turn: null,
    replies: [],
    decision: { kind: "drop", reason: "dm_not_allowed" },
  };
  expect(told([dropped], [7]).text).toContain("assertAnsweredExactlyOnce(world, m7);");
  expect(told([message], [7]).text).toContain('decision?.kind, "dispatch"');
});

const failed = {
  ...message,
  turn: { ...message.turn, state: "failed", error: { code: "AGENT_FAILED", message: "xx" } },
  replies: [],
};

it.each([
  ["its turn failed", failed],
  ["its answer was lost", { ...message, replies: [{ ...message.replies[0], state: "not_sent" }] }],
  ["nobody knows of its answer", { ...message, replies: [{ ...message.replies[0], state: "unknown" }] }],
])("demands an answer to a message that was let in, where %s", (_, reported) => {
  for (const wrong of [[], [7]]) {
    const { text } = told([reported], wrong);
    expect(text).toContain("assertAnsweredExactlyOnce(world, m7);");
    expect(text).not.toContain("assert.notEqual");
  }
});

it("plays the account of what was wrong, and refuses what it does not play", () => {
  const ofWork = { ...message, id: 9, account: "work" };
  const { text, missing } = told([ofWork, message], [7]);
  expect(text).toContain("const m7 =");
  expect(text).toContain("decision?.kind");
  expect(text).not.toContain("const m9 =");
  expect(missing).toContain("1 messages of other accounts than default");
  // Without a complaint it is the newest.
  expect(told([ofWork, message]).text).toContain("const m9 =");
  const refuses = (journal: object[], wrong: number[], why: RegExp) =>
    expect(() => told(journal, wrong)).toThrow(
      expect.objectContaining({ code: "MESSAGE_NOT_FOUND", message: expect.stringMatching(why) }),
    );
  refuses([ofWork, message], [7, 9], /message 9 .* of the account work, and default is played/);
  refuses([message], [8], /no message of anybody/);
  refuses([{ ...message, tapback: "love" }], [7], /a tapback/);
  refuses([{ ...message, text: "" }], [7], /empty/);
  refuses([{ ...message, sentAt: null }], [7], /when it was written/);
  refuses([{ ...message, decision: { kind: "drop", reason: "backlog" } }], [7], /too late or again/);
});

it.each([
  ...["missed_offline", "backlog", "waiting_catchup", "restored", "reinserted", "echo"],
  ...["edited", "unsent", "attachments_only", "limit_reached"],
])("leaves out what a test cannot bring about, and counts it: %s", (reason) => {
  const dropped = { ...message, id: 8, turn: null, replies: [], decision: { kind: "drop", reason } };
  const { text, messages, missing } = told([dropped, message]);
  expect([messages, text.includes("m8"), text.includes("const m7 =")]).toEqual([1, false, true]);
  expect(missing.filter((line) => line.endsWith(`(${reason})`))).toHaveLength(1);
});

it("asks no answer of a command that gets none", () => {
  const stop = { ...message, turn: null, replies: [] };
  const { text } = told([
    { ...stop, id: 1, decision: { kind: "command", name: "opt-out", silent: false } },
    { ...stop, id: 2, decision: { kind: "command", name: "opt-out", silent: true } },
  ]);
  expect(text).toContain("assertAnsweredExactlyOnce(world, m1);");
  expect(text).not.toContain("assertAnsweredExactlyOnce(world, m2);");
  expect(text).toContain("const m2 =");
});

it("plays commands by their word, and rows of the account's own by hand alone", () => {
  const own = { ...message, fromMe: true, turn: null, replies: [] };
  const byHand = { sender: "+10000000000", decision: { kind: "drop", reason: "own_message" } };
  const { text } = told([
    { ...message, id: 1, turn: null, decision: { kind: "command", name: "status" } },
    { ...message, id: 2, turn: null, decision: { kind: "command", name: "opt-out" } },
    { ...own, id: 3, decision: { kind: "drop", reason: "echo" } },
    { ...own, ...byHand, id: 4, chat },
    { ...own, ...byHand, id: 5, chat: { ...chat, participants: [], identifier: message.sender } },
    { ...own, ...byHand, id: 6, chat: group },
  ]);
  expect(text).toContain('"/status"');
  expect(text).toContain('"STOP"');
  // To whom it was written, not to the account itself.
  expect(text.match(/(?<=world\.byHand\().*(?=\);)/g)).toEqual([
    '"xxx xx 4", world.person("+15550100001")',
    '"xxx xx 5", world.person("+15550100001")',
    '"xxx xx 6", group5',
  ]);
});

it.each([
  ["0.15.10", "0.15.10"],
  ["0.15.6", "0.14.0"],
  ["0.21.0", "0.19.1"],
  ["1.0.0", "0.19.1"],
  ["0.8.2", "0.9.0"],
])("plays imsg %s as %s", (reported, as) => {
  const health = { accounts: [{ stages: [{ name: "rpc", detail: `imsg ${reported} answers` }] }] };
  const text = JSON.stringify({ ...report, health, journal: [message] });
  const made = reportTest(readBundle(text, "report.json"), "report.json", new Set());
  expect(made.text).toContain(`mac: { version: "${as}" }`);
  expect(made.missing.filter((line) => line.startsWith("imsg"))).toEqual(
    reported === as ? [] : [`imsg ${reported} itself; ${as} is played`],
  );
});

it("knows what the simulator plays", () => {
  expect(played).toEqual(playedVersions);
});

it("names what the report does not have", () => {
  const { missing } = told([
    { ...message, attachments: [{}, {}], replies: [{ ...message.replies[0], state: "unknown" }] },
    { ...message, id: 9, account: "second" },
    { ...message, id: 10, tapback: "love" },
  ]);
  expect(missing.join("\n")).toMatch(
    /1 messages of other accounts[\s\S]*2 files[\s\S]*1 tapbacks[\s\S]*why 1 sends/,
  );
});

/** The value once for each of its strings, with that one replaced. */
function* withEach(value: unknown, text: string): Generator<unknown> {
  if (typeof value === "string") yield text;
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value))
    for (const other of withEach(inner, text))
      yield Array.isArray(value) ? value.with(Number(key), other) : { ...value, [key]: other };
}

it("runs no words of a report, which may come from anybody", () => {
  const failed = { ...message, turn: { ...message.turn, error: { code: "AGENT_FAILED", message: "xx" } } };
  const lost = { ...message.replies[0], state: "unknown", error: { code: "NOT_SENT" } };
  const dropped = { ...message, id: 8, turn: null, decision: { kind: "drop", reason: "dm_not_allowed" } };
  const whole = { ...report, journal: [{ ...failed, replies: [lost] }, dropped] };
  const hostile = ["x", ..."\n\r\u2028\u2029"].join("INJECTED").concat("INJECTED");
  let made = 0;
  for (const each of withEach(whole, hostile)) {
    const { text } = reportTest(readBundle(JSON.stringify(each), "r.json"), hostile, new Set([7]));
    // What stands in quotes is data.
    const code = text.replace(/"(?:[^"\\]|\\.)*"/g, '""');
    expect(code.split(/[\r\n\u2028\u2029]/).filter((line) => /^\s*INJECTED/.test(line))).toEqual([]);
    made++;
  }
  expect(made).toBeGreaterThan(30);
});

it("refuses what is no report", () => {
  expect(() => readBundle("{}", "x.json")).toThrow(/x\.json is no report/);
  const odd = { ...report, journal: [{ ...message, id: 1.5 }] };
  expect(() => readBundle(JSON.stringify(odd), "x.json")).toThrow(/x\.json is no report/);
  expect(() => readBundle("no JSON", "x.json")).toThrow(/x\.json is no report/);
});
