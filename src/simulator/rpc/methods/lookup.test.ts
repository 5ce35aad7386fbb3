import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSimulator, type Simulator } from "../../simulator.js";
import { openPlace } from "../../world/place.js";
import { openWorld, type World } from "../../world/world.js";
import { methodOf } from "../catalogue.js";
import { localCall } from "../local-call.js";

const mia = "+15550100123";
const sam = "+15550100124";

let folder: string;
let simulator: Simulator;
let world: World;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lookup-"));
});
afterEach(() => {
  world.close();
  simulator.close();
  rmSync(folder, { recursive: true, force: true });
});

function begin(version: string, more: object = {}): void {
  simulator = openSimulator(folder, { version, bridge: true, sip: "disabled", ...more });
  world = openWorld({ place: openPlace({ home: folder, env: {} }) });
}

const ask = async (method: string, params: object) =>
  (await methodOf(world, method)!.run(localCall(world, method, { ...params }))) as Record<string, unknown>;
const refused = { code: -32602 };

describe("messages.after", () => {
  const newer = (since: number, more: object = {}) => ask("messages.after", { since_rowid: since, ...more });

  it("tells a row in two chats once, by the lower number or the chat that is asked for", async () => {
    begin("0.15.10");
    const first = simulator.say({ from: mia, text: "Hello" });
    const group = simulator.group([mia, sam]);
    simulator.joinAgain(first.guid, group.id);
    const next = simulator.say({ from: sam, text: "Neighbour" });
    expect(await newer(0)).toMatchObject({
      messages: [{ id: first.id, chat_id: first.chatId }, { id: next.id }],
      next_rowid: next.id,
    });
    expect(await newer(0, { limit: 1, chat_id: group.id })).toMatchObject({
      messages: [{ id: first.id, chat_id: group.id }],
      next_rowid: first.id,
      has_more: true,
    });
    expect(await newer(first.id)).toMatchObject({ messages: [{ id: next.id }], has_more: false });
  });

  it("folds previews, also where the text is of an earlier page, and goes on behind them", async () => {
    begin("0.15.10");
    const text = simulator.say({ from: mia, text: "See https://example.com/a", splitMs: 0 });
    const alone = simulator.say({ from: sam, text: "https://example.com/b", splitMs: 0 });
    const preview = { id: text.id + 1 };
    expect(await newer(0)).toMatchObject({
      messages: [{ id: text.id, url_preview: preview }, { id: alone.id }],
    });
    expect(await newer(text.id, { limit: 1 })).toMatchObject({
      messages: [],
      next_rowid: preview.id,
      has_more: true,
    });
  });
});

describe("messages.search", () => {
  const found = async (query: string, match = "contains") =>
    ((await ask("messages.search", { query, match })).messages as { text: string }[]).map(({ text }) => text);

  it("looks through bodies and what was said, whatever the case, since 0.15", async () => {
    begin("0.15.10", { body: "attributed" });
    const picture = join(folder, "voice.caf");
    writeFileSync(picture, "a voice");
    simulator.say({ from: mia, text: "ÄPFEL und 100% Birnen" });
    simulator.say({ from: mia, text: "100 Birnen" });
    simulator.say({ from: mia, text: "Birnen, gesprochen", attach: [picture], audio: true });
    const both = simulator.say({ from: mia, text: "Birnen" });
    simulator.joinAgain(both.guid, simulator.group([mia, sam]).id);
    expect(await found("äpfel")).toEqual(["ÄPFEL und 100% Birnen"]);
    expect(await found("0% b")).toEqual(["ÄPFEL und 100% Birnen"]);
    expect(await found("birnen")).toEqual([
      "Birnen",
      "Birnen, gesprochen",
      "100 Birnen",
      "ÄPFEL und 100% Birnen",
    ]);
    expect(await found("birnen", "exact")).toEqual(["Birnen"]);
    expect(await found("kirschen")).toEqual([]);
  });

  it("looks through the text column alone in 0.14", async () => {
    begin("0.14.0");
    simulator.say({ from: mia, text: "ÄPFEL und Birnen" });
    expect(await found("birnen")).toEqual(["ÄPFEL und Birnen"]);
    expect(await found("äpfel")).toEqual([]);
  });
});

describe("how many are wanted", () => {
  it.each(["chats.list", "messages.history"])("%s refuses none since 0.15", async (method) => {
    begin("0.15.10");
    const { chatId } = simulator.say({ from: mia, text: "Hello" });
    for (const limit of [0, -1])
      await expect(ask(method, { limit, chat_id: chatId })).rejects.toMatchObject(refused);
    await expect(ask(method, { limit: 1, chat_id: chatId })).resolves.toBeDefined();
    world.close();
    simulator.close();
    begin("0.14.0");
    await expect(ask(method, { limit: 0, chat_id: chatId })).resolves.toBeDefined();
  });
});

describe("polls and new chats", () => {
  const poll = { question: "Which lake?", options: ["North", "South"] };
  const rows = (chatId: number) =>
    simulator.transcript(chatId).map((entry) => entry.vote?.option ?? entry.text);

  it.each([
    ["0.10.0", ["Hello", ""]],
    ["0.13.0", ["Hello", "", "Say!"]],
    ["0.14.0", ["Hello", "", "Say!"]],
    ["0.15.10", ["Hello", "", "Say!"]],
  ])("put the caption beside a poll as imsg %s does", async (version, expected) => {
    begin(version);
    const { chatId } = simulator.say({ from: mia, text: "Hello" });
    const { comment } = await ask("poll.send", { chat_id: chatId, ...poll, comment: "Say!" });
    expect(rows(chatId)).toEqual(expected);
    expect(comment !== undefined).toBe(version === "0.15.10");
  });

  it("take one name of an option, whatever its case", async () => {
    begin("0.15.10");
    const { guid, chatId, options } = simulator.poll(mia, poll);
    const choose = (named: object) => ask("poll.vote", { chat_id: chatId, poll_guid: guid, ...named });
    await expect(choose({ option: "South", option_index: 2 })).rejects.toMatchObject(refused);
    await expect(choose({ option_id: options[0]!.id, option: "North" })).rejects.toMatchObject(refused);
    await expect(choose({})).rejects.toMatchObject(refused);
    await choose({ option: "sOUTH" });
    expect(rows(chatId)).toEqual(["", "South"]);
  });

  it("know iMessage in any case since 0.15", async () => {
    begin("0.15.10");
    const create = (service: string) => ask("chats.create", { addresses: [mia], service });
    await expect(create("imessage")).resolves.toMatchObject({ ok: true });
    await expect(create("SMS")).rejects.toMatchObject({ code: -32603 });
  });
});
