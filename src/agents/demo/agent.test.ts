import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { inflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type FakeTurnOptions, fakeMessage, fakeTurn, runTurn } from "../../../test/support/agent-turn.js";
import type { ActionName } from "../../actions/index.js";
import { createDemoAgent } from "./agent.js";

const zone = "Europe/Berlin";
const agent = createDemoAgent({ random: () => 0.99, zone });

async function ask(text: string, options?: FakeTurnOptions) {
  return (await runTurn(agent, fakeTurn(text, options))).text;
}

/** A conversation: the session of each turn goes into the next, through JSON as a store would have it. */
async function talk(lines: string[], options: FakeTurnOptions = {}) {
  const answers: string[] = [];
  let session = options.session;
  for (const line of lines) {
    const ran = await runTurn(agent, fakeTurn(line, { ...options, session }));
    session = JSON.parse(JSON.stringify(ran.session));
    answers.push(ran.text);
  }
  return answers;
}

describe("demo agent", () => {
  it.each([
    ["help", /demo agent[\s\S]*remind me in 5 minutes/],
    ["What can you do?", /- what time is it\?/],
    ["Hello!", /^Hello Mia Wong!/],
    ["what time is it?", /^It is 08:14:02 \(Europe\/Berlin\)\.$/],
    ["what's the date", /^Today is Saturday,? 9 May 2026/],
    ["who am I?", /^You are Mia Wong \(\+15550100123\)\.$/],
    ["what chat is this?", /direct chat \(chat_id:42\)/],
    ["count to 12", /^1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12$/],
    ["count down from 3", /^3, 2, 1$/],
    ["count to 999999999", /at most 200/],
    ["how many messages so far?", /^1 message in this session/],
    ["echo Hello,  World!", /^Hello, {2}World!$/],
    ["flip a coin", /^Tails\.$/],
    ["roll 2d6", /^You rolled 6 \+ 6 = 12\.$/],
    ["choose tea or coffee", /^I choose coffee\.$/],
    ["what is 15% of 80?", /= 12$/],
    ["(2 + 3) * 4 =", /= 20$/],
    ["1/0", /divides by zero/],
    ["@bot what’s my name?", /^You are Mia Wong\./],
    ["colourless green ideas sleep", /Write "help"/],
    ["2026-05-09", /did not understand/],
  ])("answers %j", async (text, expected) => {
    expect(await ask(text)).toMatch(expected);
  });

  it("knows a group", async () => {
    const chat = {
      target: "chat_id:88",
      chatId: 88,
      guid: "iMessage;+;chat88",
      identifier: "chat88",
      name: "Climbing",
      isGroup: true,
      participants: ["+15550100123", "kim@example.com"],
    };
    const answer = await ask("what chat is this", { envelope: { chat } });
    expect(answer).toMatch(/a group chat called "Climbing"/);
    expect(answer).toMatch(/\+15550100123, kim@example\.com, and me \(3 participants\)/);
  });

  it("remembers within the session only", async () => {
    const [kept, , recalled, about, forgot, nothing] = await talk([
      "Remember that my bike is red.",
      "remember: I like tea",
      "what do you remember?",
      "What do you remember about my bike?",
      "forget everything",
      "what do you remember?",
    ]);
    expect(kept).toBe("I will remember that your bike is red.");
    expect(recalled).toBe("I remember:\n- your bike is red\n- you like tea");
    expect(about).toBe("I remember:\n- your bike is red");
    expect(forgot).toBe("Forgotten: 2 things.");
    expect(nothing).toMatch(/^Nothing yet/);
    expect(await ask("what do you remember?")).toMatch(/^Nothing yet/);
  });

  it("keeps names apart by handle", async () => {
    const first = await runTurn(agent, fakeTurn("my name is Zoë"));
    const other = {
      envelope: { sender: { handle: "kim@example.com", isOwner: false } },
      session: first.session,
    };
    expect(await ask("what is my name?", { session: first.session })).toMatch(/^You are Zoë/);
    expect(await ask("what is my name?", other)).toMatch(/^You are kim@example\.com/);
  });

  it("counts the messages of a session, coalesced ones too", async () => {
    const both = fakeTurn("", {
      envelope: { messages: [fakeMessage("hello"), fakeMessage("how many messages?")] },
    });
    expect((await runTurn(agent, both)).text).toMatch(
      /^Hello Mia Wong![\s\S]*\n\n2 messages in this session/,
    );
  });

  it("names files that came alone", async () => {
    const attachments = [{ name: "IMG_1.jpg", mimeType: "image/jpeg", bytes: 12_345, path: "/a/IMG_1.jpg" }];
    const turn = fakeTurn("", { envelope: { messages: [fakeMessage("\ufffc", { attachments })] } });
    expect((await runTurn(agent, turn)).text).toBe("I got 1 file:\n- IMG_1.jpg (image/jpeg, 12 KB)");
  });

  it("says nothing to an empty message", async () => {
    expect(await ask("  ")).toBe("");
  });

  it("keeps its session small whatever it is told", async () => {
    let session: unknown;
    for (let turn = 0; turn < 120; turn += 1) {
      const sender = { handle: `+1555${turn}`, isOwner: false };
      const text =
        turn % 2 === 0 ? `remember that ${turn} ${"x".repeat(5000)}` : `my name is A${"b".repeat(50)}${turn}`;
      session = (await runTurn(agent, fakeTurn(text, { session, envelope: { sender } }))).session;
    }
    expect(JSON.stringify(session).length).toBeLessThan(20_000);
  });

  it("starts afresh on a session that is not its own", async () => {
    for (const session of [null, 7, "x", [], { facts: [1], names: [2], own: 3, messages: "4" }])
      expect(await ask("how many messages?", { session })).toMatch(/^1 message /);
  });

  it("stops when the turn is aborted", async () => {
    await expect(runTurn(agent, fakeTurn("help"), AbortSignal.abort())).rejects.toThrow();
  });
});

describe("demo agent and native features", () => {
  const offered: ActionName[] = ["react", "reply", "sendWithEffect", "poll"];

  it.each([
    ["react with a heart", "react", { messageId: "7k", emoji: "love" }],
    ["React with thumbs up!", "react", { messageId: "7k", emoji: "like" }],
    ["react with 🎉", "react", { messageId: "7k", emoji: "🎉" }],
    ["send it with confetti", "sendWithEffect", { effect: "confetti", text: "Here it is, with confetti!" }],
    ["send Happy birthday with balloons", "sendWithEffect", { effect: "balloons", text: "Happy birthday" }],
    ["reply in a thread", "reply", { messageId: "7k" }],
    [
      "poll: tea, milk or coffee?",
      "poll",
      { question: "tea, milk or coffee?", options: ["tea", "milk", "coffee"] },
    ],
  ])("does %j", async (text, action, parameters) => {
    const turn = fakeTurn(text, { offered });
    const ran = await runTurn(agent, turn);
    expect(turn.acted).toEqual([{ action, parameters: expect.objectContaining(parameters) }]);
    expect(ran.text).toBe("");
  });

  it("lists in its help what works here", async () => {
    const natives = [
      "react with a heart",
      "send it with confetti",
      "reply in a thread",
      "poll: tea or coffee?",
    ];
    const all = await ask("help", { offered });
    const none = await ask("help");
    for (const native of natives) {
      expect(all).toContain(`\n- ${native}`);
      expect(none).not.toContain(native);
    }
    expect(await ask("help", { offered: ["react"] })).toMatch(/react with a heart\n- send me a picture/);
  });

  it("paints a picture", async () => {
    const folder = join(mkdtempSync(join(tmpdir(), "demo-picture-")), "turn");
    const { media, text } = await runTurn(agent, fakeTurn("send me a picture", { temporaryFolder: folder }));
    expect(text).toBe("");
    const bytes = readFileSync(media[0]!);
    expect(bytes.subarray(1, 4).toString()).toBe("PNG");
    const data = bytes.subarray(bytes.indexOf("IDAT") + 4);
    expect(inflateSync(data)).toHaveLength(240 * (1 + 240 * 3));
    expect(await ask("send me a picture")).toMatch(/no place/);
    rmSync(dirname(folder), { recursive: true });
  });

  it("says plainly when they are not there", async () => {
    const turn = fakeTurn("react with a heart");
    expect((await runTurn(agent, turn)).text).toMatch(/needs the private API/);
    expect(turn.acted).toEqual([]);
  });

  it("keeps the cause of a failure for the operator", async () => {
    const ran = await runTurn(
      agent,
      fakeTurn("send it with lasers", { offered, failAction: "sendWithEffect" }),
    );
    expect(ran.text).toMatch(/did not work/);
    expect(ran.text).not.toMatch(/secret cause/);
    expect(ran.notes.join()).toMatch(/secret cause/);
  });
});

describe("two demo agents", () => {
  const seeds = fc.oneof(
    fc.constantFrom(
      "help",
      "hello",
      "echo echo echo help",
      "what do you remember?",
      "who is here?",
      "reminders",
    ),
    fc.constantFrom(
      "remind me",
      "say my name is Bo",
      "count to 3",
      "react with a heart",
      "thanks",
      "ping",
      "1+1",
    ),
    fc.string({ maxLength: 40 }),
  );

  it("fall silent when they answer each other", async () => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const sessions: unknown[] = [undefined, undefined];
        let text = seed;
        for (let turn = 0; turn < 20 && text !== ""; turn += 1) {
          const ran = await runTurn(agent, fakeTurn(text, { session: sessions[turn % 2] }));
          sessions[turn % 2] = ran.session;
          text = ran.text;
        }
        expect(text).toBe("");
      }),
      { numRuns: 200 },
    );
  });
});
