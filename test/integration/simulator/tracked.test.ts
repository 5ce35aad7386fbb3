import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { type ImsgUnderTest, underTest } from "../../contract/imsg-under-test.js";

const mia = "+15550100123";
const id = "5c1f4a0e-2f0b-4d57-9a53-0f6f4c2b7d10";
const open: ImsgUnderTest[] = [];

/** A Mac whose helper takes texts under GUIDs of their sender, with one chat. */
async function mac(settings: Parameters<typeof underTest>[0] = {}): Promise<ImsgUnderTest> {
  const imsg = await underTest({
    version: "0.15.10",
    bridge: true,
    sip: "disabled",
    watchHoldMs: 20,
    ...settings,
  });
  open.push(imsg);
  imsg.world.say({ from: mia, text: "hello" });
  return imsg;
}

const text = { chat_id: 1, text: "The ferry leaves at 9", attempt_id: id };
const sent = ({ world }: ImsgUnderTest) => world.transcript(1).filter(({ from }) => from === "me");
const notStarted = (detail: string) => ({
  code: -32603,
  data: { retry_safe: true, disposition: "not_started", detail: expect.stringContaining(detail) },
});

afterEach(async () => {
  for (const imsg of open.splice(0)) await imsg.close();
});

describe("a tracked send", () => {
  it("stores the message under the caller's GUID, in lower case, and once", async () => {
    const imsg = await mac();
    const rpc = imsg.rpc();
    const answer = await rpc.call("send.tracked", { ...text, attempt_id: id.toUpperCase() });
    expect(answer).toMatchObject({ ok: true, transport: "bridge", attempt_id: id, guid: id, message_id: id });
    expect(answer).not.toHaveProperty("id");
    expect(sent(imsg).map(({ guid }) => guid)).toEqual([id]);
    const again = await rpc.request("send.tracked", { ...text, attempt_id: id.toUpperCase() });
    expect(again.error).toMatchObject(notStarted("attempt_id already identifies a message"));
    const state = await rpc.call("message.send_status", { guid: ` ${id} ` });
    expect(state).toMatchObject({ send_state: "delivered", status_fields: { is_sent: true } });
    expect(await rpc.call("message.send_status", { guid: id.toUpperCase() })).toMatchObject({
      send_state: "pending",
      status_fields: null,
    });
  });

  it("is refused with what is wrong, and then nothing was sent", async () => {
    const imsg = await mac();
    const rpc = imsg.rpc();
    const refused = async (change: object) =>
      (await rpc.request("send.tracked", { ...text, ...change })).error;
    expect(await refused({ attempt_id: "x" })).toMatchObject({
      code: -32602,
      data: "attempt_id must be a UUID",
    });
    expect(await refused({ text: "", file: "/tmp/a" })).toMatchObject({
      data: "send.tracked supports exactly one text message",
    });
    expect(await refused({ transport: "applescript" })).toMatchObject({
      data: "send.tracked requires bridge transport",
    });
    expect(await refused({ chat_id: 99 })).toMatchObject({ data: "unknown chat_id 99" });
    expect(await refused({ chat_id: undefined, to: "+15550100999" })).toMatchObject({
      data: "bridge transport requires an existing chat target",
    });
    expect(await refused({ reply_to: "NOBODY" })).toMatchObject(notStarted("Could not resolve reply thread"));
    imsg.world.set({ bridge: false });
    expect(await refused({})).toMatchObject(notStarted("The bridge is not started"));
    expect((await rpc.request("send", text)).error).toMatchObject({
      data: "attempt_id is only supported by send.tracked",
    });
    expect(sent(imsg)).toEqual([]);
  });

  it("is reserved beyond the child, and no longer than Messages lives", async () => {
    const imsg = await mac();
    imsg.world.fault({ kind: "late-row", ms: 600_000, times: 1 });
    await imsg.rpc().call("send.tracked", text);
    const again = imsg.rpc();
    expect((await again.request("send.tracked", text)).error).toMatchObject(notStarted("already reserved"));
    expect(sent(imsg)).toEqual([]);
    await imsg.run("launch");
    expect(await again.call("send.tracked", text)).toMatchObject({ guid: id });
    expect(sent(imsg)).toHaveLength(1);
  });

  it("goes out although it was asked for again before its row was written", async () => {
    const imsg = await mac();
    imsg.world.fault({ kind: "late-row", ms: 1500, times: 1 });
    await imsg.rpc().call("send.tracked", text);
    const again = await imsg.rpc().request("send.tracked", text);
    expect(again.error).toMatchObject(notStarted("already"));
    await expect.poll(() => sent(imsg).map(({ guid }) => guid), { timeout: 20_000 }).toEqual([id]);
  });

  it("goes out without its thread when what it answers was deleted before its row was written", async () => {
    const imsg = await mac();
    const [parent] = imsg.world.transcript(1);
    imsg.world.fault({ kind: "late-row", ms: 300, times: 1 });
    const rpc = imsg.rpc();
    await rpc.call("send.tracked", { ...text, reply_to: parent!.guid });
    await rpc.call("message.delete", { chat_id: 1, message_id: parent!.guid });
    await expect.poll(() => sent(imsg), { timeout: 20_000 }).toMatchObject([{ guid: id, text: text.text }]);
    expect(sent(imsg)[0]).not.toHaveProperty("thread");
    expect(await rpc.call("chats.list")).toHaveProperty("chats");
  });

  it("goes out although the child that published it is gone", async () => {
    const imsg = await mac();
    imsg.world.fault({ kind: "die-published", times: 1 }, { kind: "late-claim", ms: 300, times: 1 });
    const rpc = imsg.rpc();
    rpc.request("send.tracked", text).catch(() => {});
    await rpc.exited;
    expect(sent(imsg)).toEqual([]);
    expect(readdirSync(join(imsg.world.folder, ".imsg-rpc/in"))).toEqual([`${id}.json`]);
    const next = imsg.rpc();
    await next.call("chats.list");
    await expect.poll(() => sent(imsg).map(({ guid }) => guid), { timeout: 20_000 }).toEqual([id]);
  });

  it("is forgotten when Messages dies with it, and stays in doubt", async () => {
    const imsg = await mac({ launchAgent: true });
    imsg.world.fault({ kind: "messages-dies", ms: 1, times: 1 });
    const rpc = imsg.rpc();
    expect((await rpc.request("send.tracked", text)).error).toMatchObject({
      code: -32001,
      data: { disposition: "may_have_completed", retry_safe: false },
    });
    expect(sent(imsg)).toEqual([]);
    expect(imsg.world.settings().bridge).toBe(true);
    expect(await rpc.call("send.tracked", text)).toMatchObject({ guid: id });
  });

  it("that hangs in Messages blocks what the child is asked after it", async () => {
    const imsg = await mac();
    imsg.world.fault({ kind: "bridge-lost", inFlight: true, stored: true, ms: 1, times: 1 });
    const rpc = imsg.rpc();
    expect((await rpc.request("send.tracked", text)).error).toMatchObject({
      code: -32001,
      data: { disposition: "still_in_flight" },
    });
    expect((await rpc.request("typing", { chat_id: 1 })).error).toMatchObject({ code: -32004 });
    expect((await imsg.rpc().request("send.tracked", text)).error).toMatchObject(
      notStarted("attempt_id already identifies a message"),
    );
  });

  it("that Messages does not claim is taken back", async () => {
    const imsg = await mac();
    imsg.world.fault({ kind: "bridge-lost", ms: 1, times: 1 });
    const rpc = imsg.rpc();
    expect((await rpc.request("send.tracked", text)).error).toMatchObject(notStarted("taken back"));
    expect(await rpc.call("send.tracked", text)).toMatchObject({ guid: id });
  });
});
