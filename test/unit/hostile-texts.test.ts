import { runInThisContext } from "node:vm";
import { describe, expect, it, vi } from "vitest";
import { readPhrase } from "../../src/access/index.js";
import { renderTurn } from "../../src/agents/rendering.js";
import { parseMessage } from "../../src/bridge/imsg/parse-message.js";
import { clip } from "../../src/cli/columns.js";
import { table } from "../../src/cli/output.js";
import { StandIns } from "../../src/cli/report/stand-ins.js";
import { normalizeHandle, parseTarget } from "../../src/conversation/index.js";
import { chunkRendered, chunkText, compareText, renderMarkdown } from "../../src/outbound/index.js";
import { merge } from "../../src/turns/envelope/merge.js";
import { fakeTurn } from "../support/agent-turn.js";
import { judge } from "../support/judge.js";
import { directMessage, groupMessage } from "../support/message.js";

// What is stopped is stopped by its own limit below; how long all of it takes on a busy machine proves nothing.
vi.setConfig({ testTimeout: 600_000 });
/** A megabyte in `npm run test:faults`; less of it in `npm test`, where what does not go through it once still takes a quarter of a minute. */
const size = process.env.TAPBACK_ALL_CASES ? 1_000_000 : 100_000;
/** Milliseconds. */
const limit = process.env.TAPBACK_ALL_CASES ? 30_000 : 5000;
const units = [
  ...[
    ">",
    "> ",
    "- ",
    "- a\n",
    "*a_ ",
    "*a ",
    "|",
    "|a",
    "|-\n",
    "\n",
    " \n",
    "a\n\n",
    "[",
    "![",
    "[a](",
    "]",
    "[]",
  ],
  ...[
    "`",
    "`a``",
    "```\n",
    "```\n\n",
    "~~~",
    "<",
    "<a ",
    "<!--",
    "&",
    "&#",
    "&amp;",
    "\\",
    "\\*",
    ".",
    "a.",
    " ",
  ],
  ...[
    "\t",
    "a@",
    "www.",
    "http://a",
    "#",
    "1. ",
    "=\n",
    "--\n",
    "(",
    ")",
    '"',
    "'",
    "-",
    "+1 ",
    "/a",
    "imessage:",
  ],
  ...[
    "\u200d",
    "\u0301",
    "\u0301\u0323",
    "\ud83d",
    "\udc4d",
    "👨‍👩‍👧‍👦",
    "🇩",
    "👍🏽",
    "\ufffc",
    "\u001b[",
    "\u0000",
    "ß",
    "Σ'",
  ],
  "> - 1. > * ",
  "> 1. - [^a]: *a_[b](",
];
const wireMessage = {
  id: 1,
  guid: "6E0F2C1A",
  chat_id: 7,
  is_from_me: false,
  created_at: "2026-05-09T06:13:20.000Z",
  thread_originator_guid: "p:0/".repeat(10_000),
};
/** What looks for an end tries each row of such text when something else stands behind it. */
const corpus = units.map((unit): [string, string] => [
  JSON.stringify(unit),
  `*a* ${unit.repeat(size / unit.length)} b`,
]);

/**
 * Does work that must not hang. What goes through such a text once takes far less than the limit on any machine;
 * what does not takes many times as long, and is stopped by it. Nothing is measured.
 */
function withinReason<T>(work: () => T): T {
  const held = globalThis as { hostileWork?: () => unknown };
  held.hostileWork = work;
  try {
    return runInThisContext("hostileWork()", { timeout: limit }) as T;
  } finally {
    delete held.hostileWork;
  }
}

/** Text without what a break between two chunks may leave out, and without what a chunk that shows nothing is left out for. */
const bare = (text: string) => text.replace(/[\s\p{Default_Ignorable_Code_Point}]+/gu, "");

describe.each(corpus)("a long text of %s", (_, text) => {
  it("is read and judged", () => {
    const wire = { ...wireMessage, text, sender: text };
    expect(withinReason(() => parseMessage(wire).ok)).toBe(true);
    const source = { groupPolicy: "open", mentionPatterns: ["@?tapback\\b"], groups: { "*": {} } } as const;
    expect(withinReason(() => judge(source, groupMessage({ text })).kind)).toMatch(/context|drop/);
    withinReason(() => judge({ allowFrom: ["*"] }, directMessage({ text })));
    withinReason(() => judge({}, directMessage({ text: "hello", sender: text })));
    expect(withinReason(() => readPhrase(text))).toBeUndefined();
    withinReason(() => normalizeHandle(text));
    withinReason(() => parseTarget(text));
    withinReason(() => merge([{ text }, { text: "https://a.example" }]));
    withinReason(() => compareText("*a* and more of it", text));
    withinReason(() => renderTurn(fakeTurn(text).envelope));
  });

  it("is shown as it was written, in no more chunks than it needs", () => {
    const rendered = withinReason(() => renderMarkdown(text, { styled: true }));
    if (rendered.text.length > 1000) expect(rendered.runs).toEqual([]);
    const written = bare(rendered.text);
    for (const mode of ["length", "newline"] as const) {
      const chunks = withinReason(() => chunkRendered(rendered, { limit: 4000, mode }));
      expect(bare(chunks.map((chunk) => chunk.text).join("")) === written).toBe(true);
      withinReason(() => chunkText(text, { limit: 4000, mode }));
    }
    const { length } = withinReason(() => chunkRendered(rendered, { limit: 4000 }));
    expect(length).toBeLessThanOrEqual(2 + (2 * text.length) / 4000);
  });

  it("is cut for people", () => {
    expect(withinReason(() => clip(text, 60)).length).toBeLessThan(2000);
    expect(withinReason(() => table(["A", "B"], [[text, text]])).length).toBeLessThan(5000);
    withinReason(() => new StandIns(new Uint8Array(32)).sentence(text));
  });
});
