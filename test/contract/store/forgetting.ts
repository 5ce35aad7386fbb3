import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Envelope } from "../../../src/conversation/index.js";
import type { Claim, Store } from "../../../src/store/index.js";
import { type Bench, context, dispatch, item, row } from "./bench.js";

const [mia, ben] = ["+15550100071", "+15550100082"];
const is = (handle: string) => (each: string) => each === handle;
const day = "2026-05-09";

/** One message of a person, answered in a turn of its own. */
async function talk(store: Store, claim: Claim, said: Said): Promise<void> {
  const { rowId, from, chatId, session, isGroup = false, carried = [] } = said;
  const chat = { id: chatId, guid: `any;-;${from}`, identifier: isGroup ? "chat9" : from, name: "" };
  const whole = row(rowId, { from, text: `words of ${from} ${rowId}` });
  whole.chat = { ...whole.chat, ...chat, isGroup, participants: isGroup ? [mia, ben] : [from] };
  const [id] = (await store.journal.admit(claim, [whole], "live", 1000)) as [number];
  await store.journal.decide(claim, id, dispatch, 1000);
  const turnId = `t${rowId}`;
  const envelope = {
    ...{ version: 1, turnId, chat: { chatId, ...chat, isGroup, participants: whole.chat.participants } },
    sender: { handle: from, name: `name of ${from}`, isOwner: false },
    messages: [{ guid: "", rowId, text: whole.text, sentAt: "", attachments: [] }],
    context: carried.map((text) => ({ sender: mia, text, sentAt: "" })),
    notes: [],
    text: whole.text,
  } as unknown as Envelope;
  const turn = { id: turnId, account: claim.id, sessionKey: session, agentId: "main", envelope };
  await store.turns.open(claim, turn, [id], [], 1000);
  const [claimed] = await store.turns.claim("node-1", 1, 2000);
  const people = [{ handle: from, handles: [from] }];
  await store.allowance.admit(claimed!.claim, { day, people, answer: () => Promise.reject() as never }, 2000);
  await store.turns.end(
    claimed!.claim,
    {
      ...{ outcome: "done", session: `remembers ${from}`, notes: [`noted ${from}`] },
      replies: [item(`answer to ${from} ${rowId}`, chatId), item("", chatId, { file: `/out/${from}/file` })],
      usage: [{ model: "m", inputTokens: 1, outputTokens: 1, cachedInputTokens: 0 }],
    },
    3000,
    false,
  );
}

interface Said {
  rowId: number;
  from: string;
  chatId: number;
  session: string;
  isGroup?: boolean;
  carried?: string[];
}

export function forgettingContract(bench: Bench): void {
  async function house() {
    const { store, claim } = await bench.claimed();
    for (const [index, from] of [mia, ben].entries()) {
      const session = `agent:main:direct:${from}`;
      await talk(store, claim, { rowId: index + 1, from, chatId: index + 1, session });
    }
    const group = { chatId: 9, session: "agent:main:imessage:group:9", isGroup: true };
    await talk(store, claim, { rowId: 3, from: mia, ...group });
    await talk(store, claim, { rowId: 4, from: ben, carried: [`aside of ${mia}`], ...group });
    const aside = row(5, { from: mia, text: `aside of ${mia}` });
    const [id] = (await store.journal.admit(claim, [aside], "live", 1000)) as [number];
    await store.journal.decide(claim, id, context, 1000);
    await store.notices.post(
      "default",
      { key: "turn_failed chat:1", windowMs: 1, items: [item(`${mia} got no answer`, 8)] },
      1000,
    );
    // An owner's poll about either.
    for (const about of [mia, ben]) {
      const parameters = { question: `asked about ${about}`, options: ["yes", "no"] };
      await store.outbox.add("default", item("", 8, { act: { name: "poll", parameters } }), 1000);
    }
    // What is planned: in a chat of a person, and elsewhere by a person.
    for (const [id, chatId, maker] of [
      ["p1", 1, undefined],
      ["p2", 2, undefined],
      ["p3", 8, mia],
      ["p4", 8, ben],
    ] as const)
      await store.schedule.add({
        ...{ id, account: "default", sessionKey: "s", dueAt: 9000, createdAt: 1000 },
        item: item(`planned ${id}`, chatId),
        maker:
          maker === undefined
            ? undefined
            : { handle: maker, isOwner: false, chat: { id: 8 } as unknown as Envelope["chat"] },
      });
    for (const [index, to] of [mia, ben].entries()) {
      const sent = { account: "default", key: `k${index}`, chat: to, name: "send" };
      const parameters = { text: `asked for ${to}`, to };
      const sends = [item(`asked for ${to}`, index + 1)];
      const { id } = await store.actions.begin({ ...sent, parameters }, 0, sends, 1000);
      await store.actions.end(id, { state: "done", facts: { MessageSidFull: `sent to ${to}` } }, 1001);
    }
    // What an owner's turn did to either of them, with a send and without.
    for (const [index, to] of [mia, ben].entries()) {
      const act = { account: "default", turnId: "owners", chat: `imessage:${to}` };
      const parameters = { to, text: `asked by an owner for ${to}` };
      await store.actions.begin({ ...act, name: "react", parameters }, 0, [], 1000);
      const sends = [item(`asked by an owner for ${to}`, index + 1)];
      await store.actions.begin({ ...act, chat: "chat_id:8", name: "send", parameters }, 0, sends, 1000);
    }
    // Everything is sent.
    for (let taken = await store.outbox.take(claim, 99, 4000); taken.length > 0; )
      taken = (
        await Promise.all(
          taken.map(async ({ claim: sending }) => {
            await store.outbox.settle(sending, { state: "stored", guid: `S${sending.id}` }, 5000);
            return store.outbox.take(claim, 99, 5000);
          }),
        )
      ).flat();
    return { store, claim };
  }

  it("leaves nothing of a person in the file, and all of everybody else", async () => {
    const { store, claim } = await house();
    const before = await store.people.about(is(ben));
    const forgotten = await store.people.forget(is(mia), 6000);
    expect(forgotten).toMatchObject({
      ...{ state: "done", messages: 3, turns: 2, turnIds: expect.arrayContaining(["t1", "t3"]) },
      sessions: [`agent:main:direct:${mia}`],
      sharedSessions: ["agent:main:imessage:group:9"],
      files: [`/out/${mia}/file`, `/out/${mia}/file`],
    });
    const left = await store.people.about(is(mia));
    expect({ ...left, rows: Object.values(left.rows).flat() }).toEqual({
      ...{ sessions: [], sharedSessions: [], messages: 0, open: 0, rows: [] },
    });
    // Ben's turn in the group loses what Mia said there; his own words, answers and sessions are as they were.
    const after = await store.people.about(is(ben));
    const without = ({ rows: { turn: _, ...rows } }: typeof before) => rows;
    expect(without(after)).toEqual(without(before));
    expect((await store.turns.get("t2"))?.envelope.text).toBe(`words of ${ben} 2`);
    expect((await store.turns.get("t4"))?.envelope).toMatchObject({
      ...{ text: `words of ${ben} 4`, context: [], sender: { handle: ben } },
    });
    // The turns that are counted do not name the person either.
    expect((await store.turns.get("t1"))?.sessionKey).toBe("forgotten");
    expect((await store.turns.get("t3"))?.sessionKey).toBe("agent:main:imessage:group:9");
    expect(await store.actions.ofTurn("owners")).toMatchObject([
      { chat: "", parameters: {} },
      { chat: "", parameters: {} },
      { chat: `imessage:${ben}`, parameters: { to: ben } },
      { chat: "chat_id:8", parameters: { to: ben } },
    ]);
    // The counts of turns stay, under nobody's name.
    expect((await store.allowance.counted(day)).map(({ people }) => people)).toEqual([[], [ben], [], [ben]]);
    // Nor is what a program sent sent again.
    expect(await store.actions.ofKey("default", "k0")).toMatchObject({
      parameters: {},
      items: [expect.any(Number)],
    });
    expect((await store.schedule.list()).map(({ id }) => id)).toEqual(["p2", "p4"]);
    const polls = (await store.outbox.list({ limit: 99 })).flatMap(
      ({ act }) => act?.parameters.question ?? [],
    );
    expect(polls).toEqual([`asked about ${ben}`]);
    // What came is known, so that it is not answered again.
    const again = await store.journal.admit(claim, [row(1), row(3), row(5)], "catchup", 7000);
    expect(again).toEqual([undefined, undefined, undefined]);
    expect(await store.people.forget(is(mia), 8000)).toMatchObject({ messages: 0, turns: 0 });
    await store.close({ settle: true });
    for (const name of readdirSync(bench.folder)) {
      const bytes = readFileSync(join(bench.folder, name)).toString("latin1");
      for (const text of [
        "words of",
        "answer to",
        "aside of",
        "noted",
        "name of",
        "remembers",
        "asked for",
        "asked by an owner for",
        "asked about",
        "sent to",
      ])
        expect([name, bytes.includes(`${text} ${mia}`)]).toEqual([name, false]);
    }
  });

  it("takes the person's words out of what others still wait for", async () => {
    const { store, claim } = await house();
    const said = row(30, { from: ben });
    const [id] = (await store.journal.admit(claim, [said], "live", 1000)) as [number];
    await store.journal.decide(claim, id, dispatch, 1000);
    const { envelope } = (await store.turns.get("t4"))!;
    const carried = [mia, ben].map((sender) => ({ sender, text: `aside of ${sender}`, sentAt: "" }));
    const waiting = { ...envelope, turnId: "t30", context: carried };
    const turn = { id: "t30", account: "default", sessionKey: "s", agentId: "main", envelope: waiting };
    await store.turns.open(claim, turn, [id], [], 1000);
    expect(await store.people.forget(is(mia), 6000)).toMatchObject({ state: "done" });
    const [next] = await store.turns.claim("node-1", 1, 7000);
    expect(next?.turn).toMatchObject({ id: "t30", envelope: { context: [carried[1]] } });
  });

  it("takes the person's messages out of what waits with those of others, and the notes about them", async () => {
    const { store, claim } = await house();
    const ann = "ann@example.com";
    const saidIn = (rowId: number, from: string, senderName?: string) =>
      row(rowId, { from, text: `turn of ${from}`, ...(senderName && { senderName }) });
    const own = saidIn(40, "Mia@Example.com", "Mia");
    const group = [saidIn(41, ben), own, saidIn(42, ann, "Ann"), saidIn(43, ben)];
    const ids = (await store.journal.admit(claim, group, "live", 1000)) as number[];
    for (const id of ids) await store.journal.decide(claim, id, context, 1000);
    const writers = [
      { handle: ben },
      { handle: "mia@example.com", name: "Mia" },
      { handle: ann, name: "Ann" },
    ];
    const messages = [...writers, writers[0]!].map((sender, index) => ({
      ...{ guid: `GUID-${index}`, rowId: 40 + index, sender, text: `turn of ${sender.handle}` },
      ...{ sentAt: "", attachments: [] },
    }));
    const kept = ["You read along.", `Ann loved "turn of ${ben}"`, "Miana left"];
    const notes = [
      ...kept,
      "Mia loved a message",
      `Ann loved "turn of Mia@Example.com"`,
      "mia@example.com left",
    ];
    const whole = { version: 1, chat: { chatId: 9 }, sender: { handle: ben }, context: [] };
    const open = async (turnId: string, change: object) => {
      const envelope = { ...whole, turnId, messages, notes, text: "all", ...change } as unknown as Envelope;
      const waiting = { id: turnId, account: "default", sessionKey: turnId, agentId: "main", envelope };
      await store.turns.open(claim, waiting, [], [], 1000);
    };
    await open("t40", {});
    const alone = messages.slice(0, 1);
    await open("t41", { messages: alone, notes: kept, text: `turn of ${ben}` });
    const isMia = (each: string) => /^mia@example\.com$/i.test(each);
    expect(await store.people.forget(isMia, 6000)).toMatchObject({ state: "done" });
    const [first, , third, fourth] = messages;
    expect((await store.turns.get("t40"))?.envelope).toMatchObject({
      ...{ messages: [first, third, fourth], notes: kept },
      text: `${ben}: turn of ${ben}\nAnn: turn of ${ann}\n${ben}: turn of ${ben}`,
    });
    expect((await store.turns.get("t41"))?.envelope).toMatchObject({
      ...{ messages: alone, notes: kept, text: `turn of ${ben}` },
    });
  });

  it("waits for what is under way, and changes nothing then", async () => {
    const { store, claim } = await house();
    const [id] = (await store.journal.admit(claim, [row(20, { from: mia })], "live", 1000)) as [number];
    const before = await store.people.about(is(mia));
    expect(await store.people.forget(is(mia), 6000)).toEqual({ state: "busy", open: 1 });
    expect(await store.people.about(is(mia))).toEqual(before);
    await store.journal.decide(claim, id, { ...context, kind: "drop" }, 1000);
    expect(await store.people.forget(is(ben), 6000)).toMatchObject({ state: "done" });
    expect(await store.people.forget(is(mia), 6000)).toMatchObject({ state: "done", messages: 4 });
  });
}
