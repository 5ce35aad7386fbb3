import { spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { asProgram, type ImsgUnderTest, underTest } from "../../contract/imsg-under-test.js";
import { removeFolder } from "../../support/remove-folder.js";

const mia = "+15550100123";
const chat = `iMessage;-;${mia}`;

/** Protocol reference 5: what the commands print. */
describe("imsg-sim's commands with --json", () => {
  let imsg: ImsgUnderTest;
  let theirs: string;
  const folder = mkdtempSync(join(tmpdir(), "commands-"));
  const file = join(folder, "note.txt");
  beforeAll(async () => {
    writeFileSync(file, "note");
    imsg = await underTest({
      bridge: true,
      sip: "disabled",
      version: "0.13.0",
      names: { [mia]: "Mia Wong" },
    });
    theirs = imsg.world.say({ from: mia, text: "hello" }).guid;
  });
  afterAll(async () => {
    await imsg.close();
    await removeFolder(folder);
  });
  const json = async (...args: string[]) => {
    const { code, stdout } = await imsg.run(...args, "--json");
    expect(code, stdout).toBe(0);
    return JSON.parse(stdout) as Record<string, unknown>;
  };

  it("send in every way", async () => {
    const guid = expect.stringMatching(/^[0-9A-F-]{36}$/);
    expect(await json("send-rich", "--chat", chat, "--text", "hi", "--effect", "confetti")).toEqual({
      chatGuid: chat,
      messageGuid: guid,
      queued: true,
    });
    expect(
      await json("send-attachment", "--chat", chat, "--file", file, "--transport", "auto"),
    ).toMatchObject({
      chatGuid: chat,
      messageGuid: guid,
      transferGuid: guid,
    });
    expect(await json("send-multipart", "--chat", chat, "--parts", '[{"text":"a"},{"text":"b"}]')).toEqual({
      chatGuid: chat,
      messageGuid: guid,
      parts_count: 2,
    });
    expect(
      await json("send-attachment", "--chat", chat, "--file", file, "--transport", "applescript"),
    ).toEqual({
      success: true,
      transport: "applescript",
    });
    expect(imsg.world.transcript(1).map(({ text, attachments }) => text || attachments.length)).toEqual([
      "hello",
      "hi",
      1,
      "ab",
      1,
    ]);
  });

  it("act on messages", async () => {
    expect(await json("tapback", "--chat", chat, "--message", theirs, "--kind", "love")).toMatchObject({
      chatGuid: chat,
      selectedMessageGuid: theirs,
      reactionType: "love",
    });
    expect(await json("react", "--chat-id", "1", "-r", "like")).toEqual({
      success: true,
      chat_id: 1,
      reaction_type: "like",
      reaction_emoji: "👍",
    });
    const own = imsg.world.transcript(1).find(({ from }) => from === "me")!.guid;
    for (const args of [["edit", "--new-text", "x"], ["notify-anyways"], ["unsend"], ["delete-message"]])
      expect(await json(...args, "--chat", chat, "--message", own), args[0]).toEqual({
        chatGuid: chat,
        messageGuid: own,
        queued: true,
      });
  });

  it("act on chats", async () => {
    const created = await json(
      "chat-create",
      "--addresses",
      `${mia},sam@example.com`,
      "--name",
      "Trip",
      "--text",
      "hi",
    );
    expect(created).toMatchObject({ service: "iMessage", participants: [mia, "sam@example.com"] });
    const group = String(created.chatGuid);
    expect(await json("chat-name", "--chat", group, "--name", "Trip 2")).toEqual({
      chatGuid: group,
      name: "Trip 2",
    });
    expect(await json("chat-photo", "--chat", group)).toEqual({ chatGuid: group, cleared: true });
    expect(await json("chat-add-member", "--chat", group, "--address", "ada@example.com")).toMatchObject({
      added: true,
    });
    expect(await json("chat-remove-member", "--chat", group, "--address", "ada@example.com")).toMatchObject({
      removed: true,
    });
    expect(await json("chat-mark", "--chat", group, "--read")).toEqual({
      chatGuid: group,
      marked_as_read: true,
    });
    expect(await json("chat-leave", "--chat", group)).toEqual({ chatGuid: group, left: true });
    expect(await json("chat-delete", "--chat", group)).toEqual({ chatGuid: group, deleted: true });
  });

  it("tell about people and the account", async () => {
    expect(await json("account")).toEqual({
      vetted_aliases: ["bot@example.com"],
      login: "E:bot@example.com",
      service: "iMessage",
    });
    expect(await json("whois", "--address", mia)).toEqual({
      address: mia,
      alias_type: "phone",
      destination: `tel:${mia}`,
      id_status: 1,
      available: true,
    });
    expect(await json("nickname", "--address", mia)).toEqual({
      address: mia,
      has_nickname: true,
      description: "Mia Wong",
    });
    expect(await json("read", "--to", mia)).toEqual({ success: true, handle: mia, marked_as_read: true });
    expect(await json("typing", "--to", mia, "--duration", "10ms")).toEqual({
      status: "completed",
      duration_s: "0.0",
    });
  });

  it("look people up without the bridge when told to", async () => {
    imsg.world.set({ bridge: false, sip: "enabled" });
    for (const args of [["account"], ["whois", "--address", mia], ["nickname", "--address", mia]]) {
      expect((await imsg.run(...args, "--json")).code, args[0]).toBe(1);
      expect((await imsg.run(...args, "--local", "--json")).code, args[0]).toBe(0);
    }
    imsg.world.set({ bridge: true, sip: "disabled" });
  });

  it("show easier variants of files when told to", async () => {
    vi.stubEnv("HOME", folder);
    imsg.world.set({ converter: true });
    const gif = join(folder, "cat.gif");
    writeFileSync(gif, "GIF89a");
    const { chatId, id } = imsg.world.say({ from: "gif@example.com", attach: [gif] });
    const shown = await json("history", "--chat-id", String(chatId), "--convert-attachments");
    expect(shown.attachments).toMatchObject([
      { converted_mime_type: "image/png", converted_path: expect.stringMatching(/cat\.gif\.png$/) },
    ]);
    expect((await json("history", "--chat-id", String(chatId))).attachments).not.toMatchObject([
      { converted_mime_type: "image/png" },
    ]);
    imsg.world.set({ version: "0.14.0" });
    const after = { since_rowid: id - 1, attachments: true, convert_attachments: true };
    const { messages } = await imsg.rpc().call("messages.after", after);
    imsg.world.set({ version: "0.13.0", converter: false });
    expect(messages).toMatchObject([{ attachments: [{ converted_mime_type: "image/png" }] }]);
    vi.unstubAllEnvs();
  });

  it("complete words in each shell", async () => {
    for (const shell of ["bash", "zsh", "fish", "llm"]) {
      const { code, stdout } = await imsg.run("completions", shell);
      expect([code, stdout.includes("send-rich")], shell).toEqual([0, true]);
    }
    expect((await imsg.run("completions", "cmd")).code).toBe(1);
  });

  it("send polls and vote", async () => {
    const sent = await json(
      "poll",
      "send",
      "--chat-id",
      "1",
      "--question",
      "Dinner?",
      "--option",
      "Pizza",
      "--option",
      "Sushi",
    );
    const poll = String(sent.messageGuid);
    expect(
      await json(
        "poll",
        "vote",
        "--chat",
        chat,
        "--poll",
        poll,
        "--option-id",
        (sent.poll as { options: { id: string }[] }).options[0]!.id,
      ),
    ).toMatchObject({
      pollMessageGuid: poll,
      optionText: "Pizza",
    });
  });

  it("report bridge errors as JSON on stdout", async () => {
    const { code, stdout } = await imsg.run(
      "tapback",
      "--chat",
      "iMessage;-;nobody",
      "--message",
      theirs,
      "--kind",
      "love",
      "--json",
    );
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      success: false,
      error: "Dylib error: Chat not found: iMessage;-;nobody",
    });
    const wrong = await imsg.run("tapback", "--chat", chat, "--message", theirs, "--kind", "heart");
    expect([wrong.code, wrong.stdout.trim()]).toEqual([1, "Invalid value for option: --kind"]);
  });

  it("watch, with tapbacks and typing", async () => {
    const since = imsg.world.transcript().at(-1)!.id;
    const options = [
      "--since-rowid",
      String(since),
      "--reactions",
      "--bb-events",
      "--debounce",
      "1ms",
      "--json",
    ];
    const [program = "", script = ""] = asProgram;
    const watch = spawn(program, [script, "watch", ...options, "--db", imsg.world.dbPath]);
    let seen = "";
    watch.stdout.on("data", (chunk: Buffer) => {
      seen += chunk.toString("utf8");
    });
    const lineWith = (text: string) =>
      vi.waitFor(
        () => seen.split("\n").find((line) => line.includes(text)) ?? Promise.reject(new Error(text)),
        20_000,
      );
    imsg.world.say({ from: mia, text: "streamed a/b" });
    expect(await lineWith("streamed")).toContain("a\\/b");
    imsg.world.typing(mia);
    expect(JSON.parse(await lineWith("started-typing"))).toMatchObject({
      kind: "bridge-event",
      data: { chatGuid: chat },
    });
    watch.kill();
  });
});
