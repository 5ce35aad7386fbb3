import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSimulator, simulatorProgram } from "../../../src/simulator.js";
import { asProgram, type ImsgUnderTest, underTest } from "../../contract/imsg-under-test.js";
import { until } from "../../support/process-alive.js";

const mia = "+15550100123";

describe("the commands of the other side", () => {
  let imsg: ImsgUnderTest;
  beforeEach(async () => {
    imsg = await underTest({}, asProgram);
  });
  afterEach(() => imsg.close());
  const json = async (...args: string[]) => {
    const { code, stdout, stderr } = await imsg.run(...args, "--json");
    if (code !== 0) throw new Error(`${code}: ${stdout}${stderr}`);
    return JSON.parse(stdout.trim().split("\n").at(-1)!);
  };

  it("play people in direct chats and groups", async () => {
    const first = await json("say", "--from", "(555) 010-0123", "--name", "Mia Wong", "--text", "Hello");
    expect(first).toMatchObject({ chat_id: 1, chat_guid: "iMessage;-;+15550100123" });
    await json("tapback", "--from", mia, "--message", first.guid, "--kind", "🎉");
    await json("edit", "--from", mia, "--message", first.guid, "--new-text", "Hello!");
    await json("own", "--chat", "1", "--text", "by hand");
    const group = await json("group", "create", "--name", "Climbing", "--members", `${mia},sam@example.com`);
    const named = ["--text", "Saturday, Mia", "--mention", `Mia=${mia}`, "--effect", "confetti"];
    await json("say", "--from", "sam@example.com", "--group", "Climbing", ...named);
    await json(
      "group",
      "add",
      "--chat",
      "Climbing",
      "--from",
      "sam@example.com",
      "--address",
      "ada@example.com",
    );
    await json("group", "leave", "--chat", String(group.chat_id), "--from", mia);
    expect(await json("group", "--chat-id", String(group.chat_id))).toMatchObject({
      name: "Climbing",
      participants: ["ada@example.com", "sam@example.com"],
    });
    expect(
      imsg.world.transcript().map(({ from, text, event, edited }) => [from, event ?? text, edited]),
    ).toEqual([
      [mia, "Hello!", true],
      ["me", "by hand", false],
      ["sam@example.com", "Saturday, Mia", false],
      ["sam@example.com", "added someone", false],
      [mia, "left", false],
    ]);
    expect(imsg.world.transcript()[0]).toMatchObject({
      name: "Mia Wong",
      tapbacks: [{ emoji: "🎉", from: mia }],
    });
    const { stdout } = await imsg.run("transcript", "--chat", "1");
    expect(stdout).toMatch(/Mia Wong: Hello! {2}\[edited, 🎉 \+15550100123\]\n.*me: by hand\n$/);
  });

  it("say on stderr what is wrong, with a way out", async () => {
    const stranger = await imsg.run("say", "--from", mia, "--chat", "99", "--text", "x");
    expect([stranger.code, stranger.stdout]).toEqual([1, ""]);
    expect(stranger.stderr).toContain("imsg-sim chats");
    expect((await imsg.run("say", "--text", "x")).code).toBe(2);
    const bad = await imsg.run("fault", "set", "--kind", "explode", "--json");
    expect(JSON.parse(bad.stderr)).toMatchObject({ error: { code: "FAULT_INVALID" } });
    expect((await imsg.run("world", "set", "body", "sideways")).code).toBe(1);
    // Its database was made before.
    expect((await imsg.run("world", "set", "macos", "26")).code).toBe(1);
  });

  it("set the world", async () => {
    expect(await json("world", "set", "sip", "disabled")).toMatchObject({ sip: "disabled", bridge: false });
    expect(await json("world", "set", "--version", "0.13.0", "--record", "on")).toMatchObject({
      version: "0.13.0",
      record: true,
    });
    expect((await imsg.run("--version")).stdout).toBe("0.13.0\n");
    expect(await json("me", "--set", "Bot@Example.com", "--set", "+15550100999")).toEqual({
      me: ["bot@example.com", "+15550100999"],
    });
    expect(await json("launch")).toMatchObject({ status: "launched" });
    expect(await json("status")).toMatchObject({
      version: "0.13.0",
      advanced_features: true,
      v2_ready: true,
      sip: "disabled",
    });
    await json("fault", "set", "--kind", "die", "--method", "send", "--times", "1");
    expect(await json("fault", "list")).toMatchObject({ kind: "die", method: ["send"], times: 1 });
    expect(await json("fault", "clear")).toEqual({ cleared: 1 });
  });

  it("fill a world the same way from the same seed", async () => {
    const made = await json("seed", "--people", "8", "--messages", "200", "--days", "3");
    expect(made).toEqual({ people: 8, chats: 10, messages: 200 });
    const other = openSimulator(mkdtempSync(join(tmpdir(), "seeded-")));
    other.seed({ people: 8, messages: 200, days: 3 });
    const texts = (world: typeof other) => world.transcript().map(({ from, text }) => `${from} ${text}`);
    expect(texts(other)).toEqual(texts(imsg.world));
    other.close();
    rmSync(other.folder, { recursive: true });
  });

  it("write from several processes at once without losing anything", async () => {
    await Promise.all(
      [1, 2, 3, 4].map(async (who) => {
        for (let i = 0; i < 2; i++) await json("say", "--from", `+1555010020${who}`, "--text", `${who}.${i}`);
      }),
    );
    const rpc = imsg.rpc();
    for (let i = 0; i < 30; i++) {
      imsg.world.say({ from: mia, text: `in ${i}` });
      await rpc.call("send", { to: mia, text: `out ${i}` });
    }
    expect(imsg.world.transcript()).toHaveLength(4 * 2 + 60);
  });

  it("write what stdin says line by line, and show what comes and what changes", async () => {
    const start = (...args: string[]) =>
      spawn(process.execPath, [simulatorProgram(), ...args, "--json", "--db", imsg.world.dbPath]);
    const follow = start("transcript", "--follow");
    const news: Record<string, unknown>[] = [];
    createInterface({ input: follow.stdout }).on("line", (line) => news.push(JSON.parse(line)));
    const say = start("say", "--stdin");
    const answers = createInterface({ input: say.stdout })[Symbol.asyncIterator]();
    say.stdin.write(`${JSON.stringify(["--from", mia, "--text", "one\u2028more"])}\n`);
    const { guid } = JSON.parse((await answers.next()).value);
    await until("it is shown", () => news.some(({ text }) => text === "one\u2028more"));
    await json("tapback", "--from", mia, "--message", guid, "--kind", "love");
    await until("the tapback is shown", () =>
      news.some((entry) => (entry.tapbacks as unknown[]).length === 1),
    );
    expect(news.map((entry) => entry.guid)).toEqual([guid, guid]);
    follow.kill();
    say.stdin.end('{"from": "nobody"}\n');
    const [code] = await once(say, "exit");
    expect(code).toBe(2);
  });

  it("are a phone: lines go in, what the account writes comes out", async () => {
    const args = [simulatorProgram(), "phone", "--as", mia, "--db", imsg.world.dbPath, "--linger", "60000"];
    const phone = spawn(process.execPath, args);
    let screen = "";
    const seen = (text: string) =>
      new Promise<void>((resolve) => {
        const look = () => screen.includes(text) && resolve();
        phone.stdout.on("data", look);
        look();
      });
    phone.stdout.on("data", (chunk: Buffer) => {
      screen += chunk.toString("utf8");
    });
    const rpc = imsg.rpc();
    await rpc.call("watch.subscribe", { since_rowid: -1, debounce_ms: 0 });
    phone.stdin.write("ping\n");
    const [ping] = await rpc.messagesOf(1);
    expect(ping).toMatchObject({ text: "ping", sender: mia, is_from_me: false });
    await rpc.call("send", { chat_id: ping?.chat_id, text: "pong" });
    await seen("bot@example.com: pong");
    phone.stdin.write("/love\n/quit\n");
    await new Promise((resolve) => phone.on("close", resolve));
    expect(imsg.world.transcript().at(-1)).toMatchObject({
      text: "pong",
      tapbacks: [{ emoji: "❤️", from: mia }],
    });
  });

  it("are a phone that puts a tapback on what stood there before, and never writes one as words", async () => {
    const { chatId } = imsg.world.say({ from: mia, text: "hello" });
    const type = (lines: string) =>
      new Promise<string>((resolve) => {
        const args = [simulatorProgram(), "phone", "--as", mia, "--db", imsg.world.dbPath];
        const phone = execFile(process.execPath, args, (_error, _stdout, stderr) => resolve(stderr));
        phone.stdin?.end(`${lines}\n/quit\n`);
      });
    expect(await type("/love")).toContain("no message here yet to put a tapback on");
    expect(imsg.world.transcript(chatId)).toHaveLength(1);
    imsg.world.say({ from: "me", chat: chatId, text: "hi" });
    expect(await type("/love")).toBe("");
    expect(imsg.world.transcript(chatId)).toMatchObject([
      { text: "hello" },
      { tapbacks: [{ emoji: "❤️", from: mia }] },
    ]);
  });
});
