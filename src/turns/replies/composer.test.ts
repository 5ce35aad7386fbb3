import { existsSync, readFileSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { rememberingLog } from "../../../test/support/inbound-bench.js";
import { png, put } from "../../../test/support/sample-files.js";
import { turnLabs } from "../../../test/support/turn-lab.js";
import { parseConfig } from "../../config/index.js";
import { TurnAccounts } from "../accounts.js";
import { Drafts } from "../drafts/drafts.js";
import type { ReplyBlock } from "../running/answer.js";
import { TurnFolders } from "../turn-folders.js";
import type { Mirror } from "../voice/mirror.js";
import { AnswerComposer } from "./composer.js";

const open = turnLabs();

const silent = { isFor: () => false, speak: () => Promise.reject(new Error("spoken")) };

/** A composer with these settings, and an owner's and a guest's turn. */
async function composing(
  imessage: object = {},
  messages: object = {},
  isRetried = false,
  mirror: Pick<Mirror, "isFor" | "speak"> = silent,
) {
  const lab = open();
  const parsed = await parseConfig(JSON.stringify({ channels: { imessage }, messages }), {});
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const { config } = parsed.value;
  const accounts = new TurnAccounts(
    () => undefined,
    () => config,
  );
  const macs = { isRetried: async () => isRetried };
  const { log, lines } = rememberingLog();
  const stateDir = join(lab.folder, "state");
  const drafts = new Drafts({
    ...{ store: lab.store, clock: lab.clock, log, config: () => config, accounts },
    owners: async () => [],
  });
  const folders = new TurnFolders(stateDir, lab.store);
  const composer = new AnswerComposer({
    ...{ store: lab.store, log, config: () => config, folders, accounts, drafts, mirror, macs },
  });
  await lab.queue("owner", { session: "a", isOwner: true });
  await lab.queue("guest", { session: "b" });
  const [owner, guest] = await Promise.all(["owner", "guest"].map((id) => lab.store.turns.get(id)));
  return { lab, composer, lines, folders, owner: owner!, guest: guest! };
}

const said = { failed: false, sent: 0 };

describe("an answer", () => {
  it("of who reads along alone is not sent, and told of where it says something", async () => {
    const { composer, guest } = await composing();
    const turn = { ...guest, envelope: { ...guest.envelope, listening: true as const } };
    const note = "Nobody addressed the agent, so its answer was not sent: ";
    expect(await composer.compose(turn, [{ text: " one" }, { text: "two\n" }], said)).toEqual({
      messages: [],
      notes: [`${note}one\n\ntwo`],
    });
    expect((await composer.compose(turn, [{ text: "x".repeat(601) }], said)).notes[0]).toHaveLength(
      note.length + 600,
    );
    for (const blocks of [[], [{ text: " \n" }]])
      expect(await composer.compose(turn, blocks, said)).toEqual({ messages: [], notes: [] });
  });

  it("goes with its files, copied as they were when they were named", async () => {
    const { lab, composer, guest } = await composing();
    const path = put(lab.folder, "work/photo.png", png);
    const { messages, notes } = await composer.compose(guest, [{ text: "see", media: [path] }], said);
    expect(notes).toEqual([]);
    expect(messages).toMatchObject([
      { text: "see", target: { kind: "chat_id", chatId: 7 }, chatKey: "chat:7", origin: "turn" },
      { target: { kind: "chat_id", chatId: 7 }, chatKey: "chat:7", origin: "turn" },
    ]);
    const { file } = messages[1]!;
    expect(basename(file!)).toBe("photo.png");
    expect(dirname(dirname(file!))).toBe(join(lab.folder, "state/outgoing"));
    put(lab.folder, "work/photo.png", "something else");
    expect(readFileSync(file!)).toEqual(png);
  });

  it("keeps its files as they were when they were named until the turn ends, and nothing after that", async () => {
    const { lab, composer, guest, owner, folders } = await composing();
    const path = put(lab.folder, "work/chart.txt", "first");
    const blocks: ReplyBlock[] = [];
    for (const [before, content] of ["first", "second"].entries()) {
      put(lab.folder, "work/chart.txt", content);
      const { block, notes } = await composer.keep(guest, { text: content, media: [path] }, before);
      expect(notes).toEqual([]);
      blocks.push(block);
    }
    const other = await composer.keep(owner, { text: "", media: [path] }, 0);
    rmSync(path);
    rmSync(folders.pathOf("guest"), { recursive: true, force: true });
    const { messages, notes } = await composer.compose(guest, blocks, said);
    expect(notes).toEqual([]);
    const sent = messages.flatMap(({ file }) => (file === undefined ? [] : [file]));
    expect(sent.map((file) => [basename(file), readFileSync(file, "utf8")])).toEqual([
      ["chart.txt", "first"],
      ["chart.txt", "second"],
    ]);
    await folders.sweep();
    expect(existsSync(folders.namedOf("guest"))).toBe(true);
    await lab.store.turns.cancelQueued("b", 1);
    await folders.sweep();
    expect(existsSync(folders.namedOf("guest"))).toBe(false);
    expect(existsSync(other.block.media![0]!)).toBe(true);
    expect(sent.every((file) => existsSync(file))).toBe(true);
  });

  it("keeps no more files than one answer may have, none that is gone, and none of who reads along", async () => {
    const { lab, composer, guest } = await composing();
    const path = put(lab.folder, "a.txt", "a");
    const media = [join(lab.folder, "gone.txt"), path, path];
    const { block, notes } = await composer.keep(guest, { text: "", media }, 18);
    expect(block.media).toEqual([expect.not.stringContaining(path), path]);
    expect(notes.map((note) => note.split(":")[0])).toEqual(["FILE_MISSING"]);
    const listening = { ...guest, envelope: { ...guest.envelope, listening: true as const } };
    expect((await composer.keep(listening, { text: "", media }, 0)).block.media).toEqual(media);
  });

  it("goes without files that cannot be sent, and says so", async () => {
    const { lab, composer, guest, lines } = await composing({ mediaMaxMb: 1 });
    const good = put(lab.folder, "good.png", png);
    const large = put(lab.folder, "large.png", Buffer.alloc(1024 * 1024 + 1));
    const media = [join(lab.folder, "gone.png"), large, good, lab.folder];
    const { messages, notes } = await composer.compose(guest, [{ text: "see", media }], said);
    expect(messages).toHaveLength(2);
    expect(notes.map((note) => note.split(":")[0])).toEqual([
      "FILE_MISSING",
      "FILE_TOO_LARGE",
      "FILE_REFUSED",
    ]);
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^warn: a file of an answer is not sent: FILE_MISSING/);
  });

  it("is spoken where it answers a recording: whole, and neither the rest of one nor an apology (behaviour 18.6)", async () => {
    const limits: number[] = [];
    const heard: string[] = [];
    const mirror: Pick<Mirror, "isFor" | "speak"> = {
      isFor: () => true,
      speak: async (_turn, { messages, said: words }, limit) => {
        limits.push(limit);
        heard.push(words);
        return { messages: [{ ...messages[0]!, file: "/spoken", voice: true }], notes: ["SPOKEN"] };
      },
    };
    const settings = { streaming: "block", textChunkLimit: 1500 };
    const { composer, guest } = await composing(settings, {}, false, mirror);
    expect(composer.streaming(guest).mode).toBe("final");
    expect(await composer.compose(guest, [{ text: "hi" }], said)).toMatchObject({
      messages: [{ text: "hi", file: "/spoken", voice: true }],
      notes: ["SPOKEN"],
    });
    for (const how of [
      { ...said, sent: 1 },
      { ...said, failed: true },
    ])
      expect((await composer.compose(guest, [{ text: "hi" }], how)).messages[0]).not.toHaveProperty("voice");
    expect(limits).toEqual([1500]);
    expect(heard).toEqual(["hi"]);
    expect((await composing(settings)).composer.streaming(guest).mode).toBe("block");
  });

  it("has twenty files at most, over all its blocks", async () => {
    const { lab, composer, guest } = await composing();
    const path = put(lab.folder, "a.png", png);
    const blocks = [12, 12].map((count) => ({ text: "x", media: Array<string>(count).fill(path) }));
    const { messages, notes } = await composer.compose(guest, blocks, said);
    expect(messages.filter(({ file }) => file !== undefined)).toHaveLength(20);
    expect(notes).toEqual(["TOO_MANY_FILES: 4 files beyond the 20 of one answer are not sent"]);
  });

  it("that is too long goes on in a file, and its agent is told (behaviour 8.1)", async () => {
    const { composer, guest } = await composing({ textChunkLimit: 100, maxBubbles: 2 });
    const text = Array.from({ length: 10 }, (_, n) => `${n} ${"word ".repeat(15)}`).join("\n\n");
    const { messages, notes, tellNext } = await composer.compose(guest, [{ text }], said);
    expect(messages.map(({ text: shown, file }) => (shown === undefined ? basename(file!) : "text"))).toEqual(
      ["text", "answer.txt"],
    );
    const rest = readFileSync(messages[1]!.file!, "utf8");
    expect(rest).toContain("9 word");
    expect(rest).not.toContain("0 word");
    expect(notes).toEqual(["the answer was too long for 2 messages: its rest was sent as answer.txt"]);
    expect(tellNext).toBe(
      "Your last answer here was longer than the 2 messages that one answer may have (maxBubbles): its rest was put into a file, answer.txt.",
    );
  });

  it("streams as the account has it", async () => {
    const { composer, guest } = await composing({ streaming: "block", maxBubbles: 3 });
    expect(composer.streaming(guest)).toEqual({ mode: "block", maxBubbles: 3 });
  });
});

describe("a failed turn", () => {
  const error = { code: "AGENT_FAILED", message: "no key", hint: "Log in." };
  const how = { failed: true, error, sent: 0 };

  it("says one neutral line to a guest, and why to an owner in the own chat", async () => {
    const { composer, guest, owner } = await composing({}, { failureReply: "Sorry." });
    const toGuest = await composer.compose(guest, [], how);
    expect(toGuest.messages.map(({ text }) => text)).toEqual(["Sorry."]);
    const toOwner = await composer.compose(owner, [], how);
    expect(toOwner.messages).toHaveLength(1);
    expect(toOwner.messages[0]!.text).toContain("no key (AGENT_FAILED)");
    const inGroup = {
      ...owner,
      envelope: { ...owner.envelope, chat: { ...owner.envelope.chat, isGroup: true } },
    };
    expect((await composer.compose(inGroup, [], how)).messages.map(({ text }) => text)).toEqual(["Sorry."]);
    const { error: _, ...without } = how;
    expect((await composer.compose(owner, [], without)).messages.map(({ text }) => text)).toEqual(["Sorry."]);
  });

  it("says nothing where that is switched off, also to an owner", async () => {
    const { composer, guest, owner } = await composing({}, { failureReply: "" });
    for (const turn of [guest, owner]) expect((await composer.compose(turn, [], how)).messages).toEqual([]);
  });

  it("says nothing while it is to be tried again", async () => {
    const { composer, guest } = await composing({}, { failureReply: "Sorry." }, true);
    expect(await composer.compose(guest, [], how)).toEqual({ messages: [], notes: [] });
  });
});

describe("the message that an answer hangs on (behaviour 6.3)", () => {
  it("is the one that the agent asks for, by its short or full id, in this chat alone", async () => {
    const { composer, guest } = await composing();
    const reply = async (id?: string) => {
      const { messages } = await composer.compose(
        guest,
        [{ text: "a", replyTo: id === undefined ? {} : { id } }],
        said,
      );
      return messages[0]!.replyTo;
    };
    const [asked] = guest.envelope.messages;
    expect(await reply()).toBe(asked!.guid);
    expect(await reply(asked!.sid)).toBe(asked!.guid);
    expect(await reply(asked!.guid)).toBe(asked!.guid);
    expect(await reply("zzzz")).toBeUndefined();
    expect(await reply("6E0F2C1A-0B7D-4C51-9C0E-000000000000")).toBeUndefined();
    const plain = await composer.compose(guest, [{ text: "a" }], said);
    expect(plain.messages[0]).not.toHaveProperty("replyTo");
  });
});
