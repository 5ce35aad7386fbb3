import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { isDecided } from "../support/is-decided.js";
import { closeWorlds, mia, nativeWorld, tom } from "../support/native-world.js";
import { until } from "../support/process-alive.js";

afterEach(closeWorlds);

describe("an agent at home in Messages", () => {
  it("reacts, sends with an effect, and answers in a thread, because it was asked to", async () => {
    const { world, sent } = await nativeWorld({ version: "0.14.0", bridge: true });
    const asked = world.say({ from: mia, text: "react with a heart" });
    const heart = () => world.transcript(asked.chatId).find(({ guid }) => guid === asked.guid)?.tapbacks;
    await until("the heart is there", () => (heart() ?? []).length > 0);
    expect(heart()).toEqual([{ emoji: "❤️", from: "me" }]);
    world.say({ from: mia, text: "send it with confetti" });
    await until("the confetti is there", () => sent(asked.chatId).length === 1);
    expect(world.transcript(asked.chatId).at(-1)).toMatchObject({
      text: "Here it is, with confetti!",
      effect: expect.stringContaining("CKConfettiEffect"),
    });
    const question = world.say({ from: mia, text: "reply in a thread" });
    await until("the reply is there", () => sent(asked.chatId).length === 2);
    expect(world.transcript(asked.chatId).at(-1)).toMatchObject({ thread: question.guid });
  });

  it("marks the chat read and shows a bubble until the answer is there, in pairs", async () => {
    const { world, sent, restart } = await nativeWorld({ version: "0.9.0", bridge: true });
    const { chatId } = world.say({ from: mia, text: "echo one" });
    await until("it is answered", () => sent(chatId).length === 1);
    const bubbles = () => world.events().filter(({ event }) => event === "typing");
    await until("the bubble is gone", () => bubbles().length > 0 && bubbles().at(-1)?.on === false);
    world.say({ from: mia, text: "echo two" });
    await until("it is answered", () => sent(chatId).length === 2);
    await until("the bubble is gone", () => bubbles().at(-1)?.on === false && bubbles().length >= 4);
    expect(bubbles().map(({ on }) => on)).toEqual([true, false, true, false]);
    const events = world.events().map(({ event }) => event);
    expect(events.indexOf("read")).toBeLessThan(events.indexOf("typing"));
    await restart();
    world.say({ from: mia, text: "echo three" });
    await until("it is answered", () => sent(chatId).length === 3);
    await until("the bubble is gone", () => bubbles().at(-1)?.on === false);
    // The start after an orderly end leaves chats alone that have no bubble.
    expect(bubbles().map(({ on }) => on)).toEqual([true, false, true, false, true, false]);
  });

  it("takes a bubble away after a restart that stayed behind when it was stopped", async () => {
    const { world, sent, stop, restart } = await nativeWorld({ version: "0.9.0", bridge: true });
    world.fault({ kind: "error", method: "typing", after: 1 });
    const { chatId } = world.say({ from: mia, text: "echo one" });
    await until("it is answered", () => sent(chatId).length === 1);
    const bubbles = () => world.events().flatMap(({ event, on }) => (event === "typing" ? [on] : []));
    // What is stopped before it hears that a bubble is gone has it taken away once more by the next start.
    const shown = () => bubbles().filter((on, index, all) => on || all[index - 1]);
    await stop();
    expect(bubbles()).toEqual([true]);
    world.clearFaults();
    await restart();
    await until("the bubble is gone", () => bubbles().length === 2);
    expect(bubbles()).toEqual([true, false]);
    await restart();
    world.say({ from: mia, text: "echo two" });
    await until("the next one is gone", () => shown().length === 4);
    expect(shown()).toEqual([true, false, true, false]);
  });

  it("sends every text where each extra fails", async () => {
    const { world, sent } = await nativeWorld({ version: "0.13.0", bridge: true });
    world.fault({ kind: "bridge-lost", ms: 10, method: ["typing", "read", "tapback", "send.rich"] });
    const { chatId } = world.say({ from: mia, text: "echo **one**" });
    world.say({ from: tom, text: "echo two" });
    await until(
      "all is answered",
      () => sent(chatId).length === 1 && world.transcript().filter(({ from }) => from === "me").length === 2,
    );
    expect(sent(chatId)).toEqual(["one"]);
  });

  it("sends every text where each extra is switched off, and asks for none", async () => {
    const names = ["reactions", "edit", "unsend", "reply", "sendWithEffect", "sendAttachment", "polls"];
    const { world, sent, group } = await nativeWorld(
      { version: "0.13.0", bridge: true },
      {
        typing: false,
        sendReadReceipts: false,
        actions: Object.fromEntries(names.map((name) => [name, false])),
      },
    );
    const { chatId } = world.say({ from: mia, text: "echo **one**" });
    world.say({ from: mia, chat: group.id, text: "echo two" });
    world.say({ from: tom, chat: group.id, text: "echo three" });
    await until("all is answered", () => sent(chatId).length === 1 && sent(group.id).length === 2);
    expect([...sent(chatId), ...sent(group.id).sort()]).toEqual(["one", "three", "two"]);
    const asked = world.requests().map(({ method }) => method);
    for (const extra of ["typing", "read", "tapback", "message.edit", "message.unsend", "poll.send"])
      expect(asked).not.toContain(extra);
  });

  it("hangs an answer on its question when others have written since in a group", async () => {
    const flag = join(mkdtempSync(join(tmpdir(), "native-flag-")), "go");
    const script = `cat >/dev/null; while [ ! -e "${flag}" ]; do sleep 0.05; done; echo the answer`;
    const runtime = { type: "command", command: "sh", args: ["-c", script] };
    const { world, group, sent, stateDir } = await nativeWorld(
      { version: "0.13.0", bridge: true },
      {},
      { agents: { list: [{ id: "main", default: true, runtime }] } },
    );
    const question = world.say({ from: mia, chat: group.id, text: "who knows?" });
    const typing = () => world.events().some(({ event, on }) => event === "typing" && on === true);
    await until("the agent works", typing);
    const other = world.say({ from: tom, chat: group.id, text: "not me" });
    await until("that was heard", () => isDecided(stateDir, other.guid));
    writeFileSync(flag, "");
    await until("both are answered", () => sent(group.id).length === 2);
    const [first, second] = world.transcript(group.id).filter(({ from }) => from === "me");
    expect(first).toMatchObject({ text: "the answer", thread: question.guid });
    expect(second?.thread).toBeUndefined();
    rmSync(dirname(flag), { recursive: true });
  });

  it("tells what became of a message, and the owner once that a chat goes over SMS", async () => {
    const { world, sent, gateway, said } = await nativeWorld({ version: "0.13.0", bridge: true });
    world.fault({ kind: "downgraded" });
    const { chatId } = world.say({ from: tom, text: "echo one" });
    await until("the owner is told", () => sent(said.chatId).length === 1);
    expect(sent(said.chatId)[0]).toContain(`chat_id:${chatId} go out as SMS`);
    expect((await gateway().status()).accounts[0]!.deliveries).toMatchObject({ downgraded: 1 });
  });

  it("keeps no copy of a group's picture once Messages has it, or will not have it", async () => {
    const { world, group, act, stateDir } = await nativeWorld({ version: "0.13.0", bridge: true });
    const buffer = Buffer.from("a picture of us").toString("base64");
    const icon = { chatId: group.id, buffer, filename: "us.png" };
    const copies = () => readdirSync(join(stateDir, "outgoing"));
    await act("setGroupIcon", icon);
    expect(copies()).toEqual([]);
    world.fault({ kind: "bridge-lost", ms: 10, method: ["group.setIcon"] });
    await expect(act("setGroupIcon", icon)).rejects.toThrow();
    expect(copies()).toEqual([]);
  });

  it("takes no picture away for want of a file", async () => {
    const { group, act, changes } = await nativeWorld({ version: "0.13.0", bridge: true });
    for (const parameters of [{}, { path: "" }, { buffer: null }])
      await expect(act("setGroupIcon", { chatId: group.id, ...parameters })).rejects.toMatchObject({
        code: "ACTION_PARAMETERS",
        message: expect.stringContaining("a file is needed"),
      });
    await expect(act("setGroupIcon", { chatId: group.id, image: "us.png" })).rejects.toThrow(
      'setGroupIcon has no parameter "image"',
    );
    expect(changes()).toEqual([]);
  });

  it("adds people to a group by what is an address, in normal form, and nothing else", async () => {
    const { world, group, act } = await nativeWorld({ version: "0.13.0", bridge: true });
    const change = (address: string) => act("addParticipant", { chatId: group.id, address });
    await expect(change("my sister")).rejects.toThrow("my sister is not a phone number or an e-mail address");
    await expect(change("chat_id:7")).rejects.toThrow("is not a phone number");
    await change("(201) 555-0199");
    const asked = world.requests().filter(({ method }) => method === "group.addParticipant");
    expect(asked).toMatchObject([{ params: { address: "+12015550199" } }]);
  });
});
