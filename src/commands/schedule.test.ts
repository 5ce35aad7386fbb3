import { beforeEach, expect, it } from "vitest";
import { row } from "../../test/contract/store/bench.js";
import { CommandBench } from "../../test/support/command-bench.js";
import { groupMessage } from "../../test/support/message.js";
import type { ScheduledMessage } from "../store/index.js";

const owner = "+15550100009";
const mia = "+15550100123";
const none = "Nothing is scheduled.";
let bench: CommandBench;
let rows = 0;

beforeEach(async () => {
  bench = await CommandBench.of({
    channels: { imessage: { allowFrom: [owner, mia] } },
    commands: { ownerAllowFrom: [owner] },
    agents: { defaults: { userTimezone: "Europe/Berlin" } },
  });
});

/** Says a command. @param chatId of the direct chat with `from`; 88 is a group @returns what is answered where */
async function says(text: string, from: string, chatId: number): Promise<string[]> {
  const over = { text, rowId: ++rows, guid: `G-${rows}`, from };
  const guid = `iMessage;-;${from}`;
  const direct = row(rows, over);
  const message =
    chatId === 88
      ? groupMessage({ ...over, from })
      : { ...direct, chat: { ...direct.chat, id: chatId, guid, identifier: from, participants: [from] } };
  const sent = await bench.run("schedule", message, { isOwner: from === owner });
  return sent.map(({ chatKey, text: said }) => `${chatKey} ${said}`);
}

function add(id: string, chatId: number, more: Partial<ScheduledMessage> = {}): Promise<boolean> {
  const target = { kind: "chat_id" as const, chatId };
  const item = { target, chatKey: `chat:${chatId}`, origin: "schedule" as const, text: `text of ${id}` };
  const dueAt = Date.parse("2026-05-11T05:00:00Z");
  return bench.store.schedule.add({
    ...{ id, account: "default", sessionKey: "s", dueAt, createdAt: 1, item },
    ...more,
  });
}

const ids = async () => (await bench.store.schedule.list()).map(({ id }) => id);

it("shows all that is scheduled over several messages where it is long, in order", async () => {
  const all = Array.from({ length: 30 }, (_, index) => `s${String(index).padStart(2, "0")}`);
  for (const id of all) {
    const item = {
      target: { kind: "chat_id" as const, chatId: 7 },
      chatKey: "chat:7",
      origin: "schedule" as const,
    };
    await add(id, 7, {
      item: { ...item, text: "x".repeat(200) },
      maker: { handle: mia, name: "M".repeat(40), isOwner: false, chat: {} as never },
    });
  }
  for (const chatId of [8, 88]) {
    const sent = await says("/schedule all", owner, chatId);
    const shown = sent.filter((text) => text.includes("xxx"));
    expect(shown.length).toBeGreaterThan(1);
    expect(Math.max(...shown.map((text) => text.slice(text.indexOf(" ") + 1).length))).toBeLessThanOrEqual(
      4000,
    );
    expect(shown.join("\n").match(/\bs\d\d\b/g)).toEqual(all);
    expect(sent.slice(shown.length)).toEqual(
      chatId === 88 ? ["chat:88 The answer is for you alone: it is in your own chat with me."] : [],
    );
  }
});

it("shows what is scheduled in this conversation: when, how again, by whom, what", async () => {
  expect(await says("/schedule", mia, 7)).toEqual([`chat:7 ${none}`]);
  const chat = {} as never;
  await add("m1", 7, {
    repeat: { cron: "0 7 * * MON-FRI", zone: "America/New_York" },
    runsTurn: true,
    maker: { handle: mia, name: "Mia Wong", isOwner: false, chat },
  });
  await add("m2", 7);
  await add("o1", 9);
  await add("w1", 7, { account: "work" });
  expect(await says("/schedule", mia, 7)).toEqual([
    [
      "chat:7 m1  2026-05-11 01:00 (America/New_York), again by 0 7 * * MON-FRI by Mia Wong",
      "ask: text of m1",
      "m2  2026-05-11 07:00 (Europe/Berlin)",
      "text of m2",
      "Take one back with /schedule cancel <id>.",
    ].join("\n"),
  ]);
});

it("takes back what is of this conversation, and of the account for owners", async () => {
  await add("m1", 7);
  await add("o1", 9);
  await add("w1", 7, { account: "work" });
  const refused = (id: string) => [`chat:7 Nothing with the id ${id} waits here. /schedule shows what does.`];
  for (const id of ["o1", "w1", "none"])
    expect(await says(`/schedule cancel ${id}`, mia, 7)).toEqual(refused(id));
  expect(await says("/schedule cancel m1", mia, 7)).toEqual(["chat:7 Cancelled m1."]);
  expect(await says("/schedule cancel m1", mia, 7)).toEqual(refused("m1"));
  expect(await ids()).toEqual(["o1", "w1"]);
  await add("m2", 7);
  expect(await says("/schedule cancel m2", owner, 9)).toEqual(["chat:9 Cancelled m2."]);
  expect((await says("/schedule cancel w1", owner, 9))[0]).toMatch(/Nothing with the id w1/);
  expect(await ids()).toEqual(["o1", "w1"]);
});

it("shows all of the account to owners alone, in their own chat", async () => {
  await add("m1", 7);
  await add("w1", 7, { account: "work" });
  expect(await says("/schedule all", mia, 7)).toEqual([
    "chat:7 What other conversations have scheduled is for owners, over iMessage.",
  ]);
  const [told, ...rest] = await says("/schedule all", owner, 88);
  expect(told).toMatch(new RegExp(`^handle:\\${owner} m1 .* to chat_id:7`));
  expect(told).not.toContain("w1");
  expect(rest).toEqual(["chat:88 The answer is for you alone: it is in your own chat with me."]);
});

it("shows a chat of another database nothing that its number had before", async () => {
  await add("m1", 7);
  const [first] = await bench.store.schedule.list();
  await bench.store.schedule.cancel("m1");
  await add("m2", 7, { item: { ...first!.item, chatGuid: "iMessage;-;+15550100777" } });
  expect(await says("/schedule", mia, 7)).toEqual([`chat:7 ${none}`]);
  expect(await says("/schedule cancel m2", mia, 7)).toEqual([
    "chat:7 Nothing with the id m2 waits here. /schedule shows what does.",
  ]);
});
