import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { commandAsProgram, commandHere } from "../support/command-here.js";
import { closeWorlds, mia, nativeWorld } from "../support/native-world.js";
import { until } from "../support/process-alive.js";

const main = join(import.meta.dirname, "../../dist/cli/main.js");

afterEach(closeWorlds);

/** Runs `tapback message …` beside the gateway of this process, which it meets over its socket; one of them as a program. */
const run = (stateDir: string, args: string[], more: NodeJS.ProcessEnv = {}) =>
  commandHere(["message", ...args], { ...process.env, TAPBACK_STATE_DIR: stateDir, ...more });

describe("tapback message", () => {
  it("sends, acts, lists and tells through the running gateway", async () => {
    const { world, said, stateDir, sent } = await nativeWorld({ version: "0.14.0", bridge: true });
    const target = ["--target", `chat_id:${said.chatId}`];
    const words = ["message", "send", ...target, "--message", "Hello **there**", "--json"];
    const send = await commandAsProgram(main, words, { ...process.env, TAPBACK_STATE_DIR: stateDir });
    expect([send.code, send.stderr]).toEqual([0, ""]);
    const { MessageSidFull: guid, ids } = JSON.parse(send.stdout);
    expect(sent(said.chatId)).toEqual(["Hello there"]);
    const request = world.requests().find(({ method }) => method === "send") as { params: object };
    expect(request.params).toMatchObject({ text_formatting: [{ start: 6, length: 5, styles: ["bold"] }] });
    const edit = await run(stateDir, ["edit", ...target, "--message-id", guid, "--message", "Hello you"]);
    expect([edit.code, edit.stdout]).toEqual([0, "Done.\n"]);
    expect(sent(said.chatId)).toEqual(["Hello you"]);
    const react = ["react", ...target, "--message-id", said.guid];
    expect((await run(stateDir, [...react, "--emoji", "love"])).code).toBe(0);
    // Its row may not have been reported yet.
    expect(await run(stateDir, [...react, "--remove"])).toMatchObject({ code: 0, stderr: "" });
    expect(world.transcript(said.chatId)[0]?.tapbacks).toEqual([]);
    const foreign = await run(stateDir, ["unsend", ...target, "--message-id", said.guid]);
    expect(foreign).toMatchObject({ code: 1, stderr: expect.stringContaining("only our own messages") });
    const status = await run(stateDir, ["status", String(ids[0]), "--json"]);
    expect(JSON.parse(status.stdout)).toMatchObject({ guid, state: "delivered", downgraded: false });
    const actions = JSON.parse((await run(stateDir, ["actions", ...target, "--json"])).stdout);
    expect(actions).toContainEqual({ name: "react", offered: true, why: null });
    expect(actions).toContainEqual(expect.objectContaining({ name: "leaveGroup", offered: false }));
  });

  it("says what is wrong with what was typed", async () => {
    const { stateDir, said } = await nativeWorld({ version: "0.9.0" });
    const target = ["--target", `chat_id:${said.chatId}`];
    expect((await run(stateDir, ["react", "--emoji", "love"])).code).toBe(2);
    expect(await run(stateDir, ["react", ...target, "--emoji", "love"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("react needs messageId"),
    });
    const react = ["react", ...target, "--message-id", said.guid, "--emoji", "love"];
    expect(await run(stateDir, react)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/iMessage react requires the imsg private API bridge[\s\S]*imsg launch/),
    });
    expect(await run(stateDir, ["send", "--target", "Mia", "--message", "hi"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("is not a target"),
    });
  });

  it("leaves a send in the outbox while no gateway runs, and refuses the rest with 4", async () => {
    const { world, folder, stateDir, said, stop, restart, sent } = await nativeWorld({ version: "0.9.0" });
    await stop();
    const config = join(folder, "without-gateway.json5");
    writeFileSync(config, JSON.stringify({ channels: { imessage: { dbPath: world.dbPath } } }));
    const env = { TAPBACK_CONFIG: config };
    const react = ["react", "--target", mia, "--message-id", said.guid, "--emoji", "love"];
    expect((await run(stateDir, react, env)).code).toBe(4);
    const send = await run(stateDir, ["send", "--target", mia, "--message", "later"], env);
    expect(send).toMatchObject({ code: 0, stdout: expect.stringContaining("waits in the outbox") });
    const [, number] = /tapback message status (\d+)/.exec(send.stdout)!;
    expect(await run(stateDir, ["status", number!])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("pending"),
    });
    await restart();
    await until("it is sent", () => sent(said.chatId).length === 1);
    expect(sent(said.chatId)).toEqual(["later"]);
  });
});
