import { describe, expect, it } from "vitest";
import { storeWith } from "../../../test/support/store-with.js";
import { turnLabs } from "../../../test/support/turn-lab.js";
import type { PermissionOption } from "../../agents/index.js";
import type { Question, Store, Turn } from "../../store/index.js";
import type { PermissionRequest } from "../running/parts.js";
import { Questions } from "./ask.js";

const open = turnLabs();
const timeoutMs = 60_000;
const options: PermissionOption[] = [
  { id: "o-no", name: "No", kind: "reject_once" },
  { id: "o-yes", name: "Yes", kind: "allow_once" },
  { id: "o-ever", name: "Always", kind: "allow_always" },
];

/** An owner's turn and a guest's beside it, and what becomes of what they ask. */
async function asking(over: (store: Store) => Store = (store) => store, hasPolls = false) {
  const lab = open();
  await lab.queue("owner", { session: "a", isOwner: true });
  await lab.queue("guest", { session: "b", chatId: 8 });
  const claimed = await lab.store.turns.claim("node", 2, lab.clock.now());
  const [owner, guest] = claimed.map(({ turn }) => turn) as [Turn, Turn];
  let owners = ["+15550100001", "+15550100002"];
  const questions = new Questions({
    ...{ store: over(lab.store), clock: lab.clock, log: lab.log },
    owners: async () => owners,
    timeoutMs: () => timeoutMs,
    hasPolls: () => hasPolls,
  });
  const answers: Record<string, unknown[]> = {};
  const ask = (turn: Turn, more: Partial<PermissionRequest> = {}) =>
    questions.ask(turn, {
      ...{ type: "permission", id: "1", title: "run rm", details: "rm -rf /", options },
      answer: (...given) => {
        answers[turn.id] = [...(answers[turn.id] ?? []), ...given];
      },
      ...more,
    });
  const sent = async () =>
    (await lab.store.outbox.list({ limit: 99 }))
      .reverse()
      .map(({ target, text, origin }) => ({ to: "handle" in target ? target.handle : "chat", text, origin }));
  /** The open question of a chat. */
  const openIn = async (chatKey: string): Promise<Question | undefined> =>
    (await lab.store.questions.open("default", [chatKey]))[0];
  const asked = async (chatKey: string): Promise<Question> => {
    await lab.until(async () => (await openIn(chatKey)) !== undefined);
    return (await openIn(chatKey))!;
  };
  const setOwners = (all: string[]) => {
    owners = all;
  };
  return { lab, owner, guest, questions, answers, ask, sent, asked, openIn, setOwners };
}

describe("a permission request (behaviour 6.5)", () => {
  it("is asked in the owner's own chat, and answered once", async () => {
    const { lab, owner, guest, questions, answers, ask, sent, asked } = await asking();
    ask(owner);
    ask(guest);
    const question = await asked("chat:7");
    expect(question).toMatchObject({
      ...{ account: "default", turnId: "owner", sessionKey: "a", title: "run rm", state: "open" },
      ...{ askedAt: lab.clock.now(), expiresAt: lab.clock.now() + timeoutMs },
    });
    expect(question.id).toMatch(/^[a-hjkmnp-z2-9]{4}$/);
    expect(question.options.map(({ id }) => id)).toEqual(["o-yes", "o-no", "o-ever"]);
    await lab.until(async () => (await sent()).length === 3);
    const [first, ...others] = await sent();
    expect(first).toMatchObject({ to: "chat", origin: "turn" });
    expect(first!.text).toContain("The agent asks: run rm\nrm -rf /\n1. Yes\n2. No\n3. Always (lasting)");
    // What a guest's agent is about to do is nobody else's business.
    expect(others.map(({ to, origin }) => [to, origin])).toEqual([
      ["+15550100001", "owner-notice"],
      ["+15550100002", "owner-notice"],
    ]);
    expect(others[0]!.text).toMatch(/^For Mia Wong\. |^For \+15550100123\. /);
    expect(await questions.answer(question.id, question.options[0], "+15550100001")).toBe(true);
    expect(answers).toEqual({ owner: ["o-yes"] });
    expect(await lab.store.questions.get(question.id)).toMatchObject({
      ...{ state: "answered", choice: "Yes", answeredBy: "+15550100001", endedAt: lab.clock.now() },
    });
    expect(await questions.answer(question.id, question.options[1], "+15550100002")).toBe(false);
    expect(await questions.answer("nobody", undefined, "+15550100002")).toBe(false);
    expect(answers).toEqual({ owner: ["o-yes"] });
  });

  it("is denied when the answer says so", async () => {
    const { owner, questions, answers, ask, asked } = await asking();
    ask(owner);
    const { id } = await asked("chat:7");
    expect(await questions.answer(id, undefined, "+15550100001")).toBe(true);
    expect(answers).toEqual({ owner: [undefined] });
  });

  it("expires, and says so where it was asked", async () => {
    const { lab, owner, answers, ask, asked, sent, questions } = await asking();
    ask(owner);
    const question = await asked("chat:7");
    await lab.clock.advance(timeoutMs - 1);
    expect(answers).toEqual({});
    await lab.clock.advance(1);
    expect(answers).toEqual({ owner: [undefined, true] });
    await lab.until(async () => (await sent()).length === 2);
    expect((await sent())[1]).toEqual({
      ...{ to: "chat", origin: "turn", text: "Nobody answered in time, so it was denied: run rm" },
    });
    expect((await lab.store.questions.get(question.id))?.state).toBe("expired");
    expect(await questions.answer(question.id, undefined, "x")).toBe(false);
    expect(answers).toEqual({ owner: [undefined, true] });
  });

  it("is over with its turn, and with no other", async () => {
    const { lab, owner, guest, questions, answers, ask, asked } = await asking();
    ask(owner);
    ask(guest);
    const question = await asked("chat:7");
    const ofGuest = async () => lab.store.questions.open("default", ["handle:+15550100001"]);
    await lab.until(async () => (await lab.store.outbox.list({ limit: 99 })).length === 3);
    const [other] = await ofGuest();
    questions.endTurn("owner");
    await lab.until(async () => (await lab.store.questions.get(question.id))?.state === "closed");
    expect(other?.turnId).toBe("guest");
    expect(await ofGuest()).toEqual([other]);
    await lab.clock.advance(timeoutMs);
    // Nobody asks the turn that is over; the guest's expired.
    expect(answers).toEqual({ guest: [undefined, true] });
  });

  it.each([
    ["allow", "o-yes"],
    ["deny", undefined],
  ] as const)("is answered at once in a session that is set to %s", async (permissions, answer) => {
    const { lab, owner, guest, answers, ask, sent } = await asking();
    await lab.store.bindings.setSettings("a", { permissions });
    ask(owner);
    await lab.until(() => "owner" in answers);
    expect(answers).toEqual({ owner: [answer] });
    expect(await sent()).toEqual([]);
    expect(lab.clock.waiting).toBe(0);
    // Another session is asked for.
    ask(guest);
    await lab.until(async () => (await sent()).length === 2);
  });

  it("is denied where nobody can be asked, and in the log", async () => {
    const { lab, guest, answers, ask, setOwners } = await asking();
    setOwners([]);
    ask(guest);
    await lab.until(() => "guest" in answers);
    expect(answers).toEqual({ guest: [undefined] });
    expect(lab.lines).toEqual([
      "warn: a permission request is denied: there is no owner to ask (commands.ownerAllowFrom)",
    ]);
    expect(lab.clock.waiting).toBe(0);
  });

  it("is denied where it is too long to be shown, and its owner is told", async () => {
    const { lab, owner, answers, ask, sent } = await asking();
    ask(owner, { details: "x".repeat(24_001) });
    await lab.until(async () => (await sent()).length === 1);
    expect(answers).toEqual({ owner: [undefined] });
    expect((await sent())[0]!.text).toMatch(/too long to be shown here \(24001 characters\)/);
  });

  it("is denied where it cannot be kept", async () => {
    const { lab, owner, answers, ask } = await asking((store) =>
      storeWith(store, {
        questions: {
          ask: async () => {
            throw new Error("disk full");
          },
        },
      }),
    );
    ask(owner);
    await lab.until(() => "owner" in answers);
    expect(answers).toEqual({ owner: [undefined] });
    expect(lab.lines).toEqual(["error: a permission request could not be asked and is denied: disk full"]);
  });

  it("gets another id where one is taken", async () => {
    let taken = 0;
    const { lab, owner, ask, sent, asked } = await asking((store) =>
      storeWith(store, {
        questions: { ask: async (...given) => (taken++ === 0 ? false : store.questions.ask(...given)) },
      }),
    );
    ask(owner);
    await asked("chat:7");
    expect(taken).toBe(2);
    expect(await sent()).toHaveLength(1);
    // One limit runs, that of the question.
    expect(lab.clock.waiting).toBe(1);
  });
});

describe("a permission request where the Mac has polls", () => {
  it("has its choices in a poll of their own behind what would be done, with the numbers for where it fails", async () => {
    const { lab, owner, guest, ask, asked } = await asking(undefined, true);
    ask(owner);
    const { id } = await asked("chat:7");
    const items = (await lab.store.outbox.list({ limit: 99 })).reverse();
    expect(items.map(({ text, poll }) => [text, poll])).toEqual([
      ["The agent asks: run rm\nrm -rf /", undefined],
      [
        `The agent asks: run rm\n1. Yes\n2. No\n3. Always (lasting)\nAnswer with a number, yes or no, or 👍 to allow it once, 👎 to deny it. Or: /approve ${id} <number>`,
        { question: "The agent asks: run rm", options: ["Yes", "No", "Always (lasting)"] },
      ],
    ]);
    ask(guest);
    await lab.until(async () => (await lab.store.outbox.list({ limit: 99 })).length === 6);
    const polls = (await lab.store.outbox.list({ limit: 4 })).filter(({ poll }) => poll !== undefined);
    expect(polls.map(({ target }) => "handle" in target && target.handle).sort()).toEqual([
      "+15550100001",
      "+15550100002",
    ]);
  });

  it("stays a numbered text where a vote would not tell its choices apart", async () => {
    const { lab, owner, ask, asked } = await asking(undefined, true);
    const twice = [...options, { id: "o-2", name: "Yes", kind: "allow_once" as const }];
    ask(owner, { options: twice });
    await asked("chat:7");
    const items = await lab.store.outbox.list({ limit: 99 });
    expect(items.map(({ poll }) => poll)).toEqual([undefined]);
  });
});

describe("what is written behind an open question", () => {
  it("is told that it waits, once per chat and in its own session alone", async () => {
    const { lab, owner, questions, ask, asked, sent } = await asking();
    ask(owner);
    await asked("chat:7");
    await lab.queue("mine", { session: "a", isOwner: true });
    await lab.queue("theirs", { session: "a", chatId: 9 });
    await lab.queue("elsewhere", { session: "c", chatId: 10 });
    expect(await questions.tellWaiting("owner", "a")).toBe(false);
    expect(await questions.tellWaiting("elsewhere", "c")).toBe(false);
    for (const id of ["mine", "mine", "theirs", "gone"])
      expect(await questions.tellWaiting(id, "a")).toBe(true);
    expect((await sent()).slice(1).map(({ text }) => text)).toEqual([
      "That waits: the agent goes on when its question is answered (a number, yes or no).",
      "One moment: I am waiting for an answer before I can go on.",
    ]);
  });
});
