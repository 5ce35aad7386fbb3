import { describe, expect, it } from "vitest";
import { pathTo } from "../../../test/support/imsg-path.js";
import { rpcFailure } from "../../../test/support/played-imsg.js";
import { err, ok } from "../../platform/index.js";
import type { SendRequest } from "../contract.js";
import { BridgeError } from "../error.js";
import { ImsgActions } from "./actions.js";
import type { CallPath } from "./bridge-call.js";
import { CapabilityCache } from "./capability-cache.js";
import { exitReason } from "./exit-reason.js";
import { fault } from "./faults.js";
import { sendWithExtras } from "./rich-send.js";
import { sendTracked } from "./tracked-send.js";

const chat = { kind: "chat_id" as const, chatId: 7 };
const runs = [{ start: 0, length: 2, styles: ["bold" as const] }];

const refused = () => {
  throw rpcFailure("Could not resolve reply thread");
};
const vanished = () => {
  throw rpcFailure("timed out waiting for response to 'send'");
};

describe("a send", () => {
  it("is plain where nothing else was asked for, with its styles where the Mac shows them", async () => {
    const { path, asked } = await pathTo({ send: () => ({ ok: true, guid: "G", id: 9 }) });
    expect(await sendWithExtras(path, { target: chat, text: "a", runs })).toEqual(
      ok({ guid: "G", rowId: 9 }),
    );
    await sendWithExtras(path, { target: chat, text: "a", runs, transport: "applescript" });
    await sendWithExtras(path, { target: chat, text: "a", runs: [] });
    expect(asked).toEqual([
      ["send", { chat_id: 7, text: "a", text_formatting: runs }],
      ["send", { chat_id: 7, text: "a", transport: "applescript" }],
      ["send", { chat_id: 7, text: "a" }],
    ]);
    const old = await pathTo({}, { version: "0.11.0", ready: false });
    await sendWithExtras(old.path, { target: chat, text: "a", runs });
    // Its helper may be back by now.
    expect(old.asked).toEqual([["send", { chat_id: 7, text: "a", transport: "applescript" }]]);
  });

  it("is what a recording says where the recording surely does not go, and nothing more where that is not known", async () => {
    const spoken = { target: chat, file: "/f.m4a", text: "hi", voice: true };
    const plain = ["send", { chat_id: 7, text: "hi" }];
    const rich = ["send.attachment", { chat_id: 7, file: "/f.m4a", audio: true }];
    const good = await pathTo({});
    await sendWithExtras(good.path, spoken);
    expect(good.asked).toEqual([rich]);
    const fails = await pathTo({ "send.attachment": refused });
    await sendWithExtras(fails.path, spoken);
    expect(fails.asked).toEqual([rich, plain]);
    const gone = await pathTo({ "send.attachment": vanished });
    expect(await sendWithExtras(gone.path, spoken)).toMatchObject({ ok: false });
    expect(gone.asked).toEqual([rich]);
    const without = await pathTo({}, { methods: ["send"] });
    await sendWithExtras(without.path, spoken);
    expect(without.asked).toEqual([plain]);
  });

  it.each<[string, Partial<SendRequest>, string, object]>([
    ["a reply", { text: "a", replyTo: "R" }, "send.rich", { text: "a", reply_to: "R", dd_scan: false }],
    ["an effect", { text: "a", effect: "E" }, "send.rich", { text: "a", effect: "E", dd_scan: false }],
    [
      "styles too",
      { text: "a", effect: "E", runs },
      "send.rich",
      { text: "a", effect: "E", dd_scan: false, text_formatting: runs },
    ],
    ["a voice message", { file: "/f", voice: true }, "send.attachment", { file: "/f", audio: true }],
    ["a file as a reply", { file: "/f", replyTo: "R" }, "send.attachment", { file: "/f", reply_to: "R" }],
  ])("goes as %s where the Mac can", async (_, request, method, params) => {
    for (const strict of [true, false]) {
      const { path, asked } = await pathTo({ [method]: () => ({ ok: true, guid: "G" }) });
      expect(await sendWithExtras(path, { target: chat, ...request, strict })).toEqual(ok({ guid: "G" }));
      expect(asked).toEqual([[method, { chat_id: 7, ...params }]]);
    }
  });

  it("goes without what was only wished for where the Mac surely did not take it", async () => {
    const { path, asked } = await pathTo({ "send.rich": refused, send: () => ({ ok: true, id: 9 }) });
    const request = { target: chat, text: "a", replyTo: "R", effect: "E" };
    expect(await sendWithExtras(path, request)).toEqual(ok({ rowId: 9 }));
    expect(asked.map(([method]) => method)).toEqual(["send.rich", "send"]);
    expect(asked[1]![1]).toEqual({ chat_id: 7, text: "a" });
    // Where it is known before, it is not tried.
    const down = await pathTo({}, { ready: false });
    expect((await sendWithExtras(down.path, request)).ok).toBe(true);
    expect(down.asked).toEqual([["send", { chat_id: 7, text: "a" }]]);
  });

  it("is not repeated without it while nobody knows what became of it", async () => {
    const { path, asked } = await pathTo({ "send.rich": vanished });
    const sent = await sendWithExtras(path, { target: chat, text: "a", replyTo: "R" });
    expect(sent).toMatchObject({ ok: false, error: { code: "BRIDGE_TIMEOUT", disposition: "unknown" } });
    expect(asked.map(([method]) => method)).toEqual(["send.rich"]);
  });

  it("fails where somebody asked for it", async () => {
    const request = { target: chat, text: "a", replyTo: "R", strict: true };
    const { path, asked, probes } = await pathTo({ "send.rich": refused });
    expect(await sendWithExtras(path, request)).toMatchObject({
      ok: false,
      error: { code: "REPLY_UNSUPPORTED" },
    });
    expect(asked).toHaveLength(1);
    // What was known of the Mac is doubted.
    expect(probes()).toBe(2);
    const down = await pathTo({}, { ready: false });
    expect(await sendWithExtras(down.path, request)).toMatchObject({ error: { code: "BRIDGE_UNAVAILABLE" } });
    const without = await pathTo({}, { methods: ["send"] });
    expect(await sendWithExtras(without.path, request)).toMatchObject({
      error: { code: "ACTION_UNAVAILABLE" },
    });
    const person = { kind: "handle" as const, handle: "+15550100123", service: "auto" as const };
    const first = await pathTo({});
    expect(await sendWithExtras(first.path, { ...request, target: person })).toMatchObject({
      error: { code: "CHAT_NOT_FOUND" },
    });
    expect([...down.asked, ...without.asked, ...first.asked]).toEqual([]);
  });
});

describe("a text under a GUID of ours (protocol reference 16)", () => {
  const told = { methods: ["send.tracked", "chats.get"] };
  const request = { target: chat, text: "a", runs };

  it("goes with it, and has it", async () => {
    const { path, asked } = await pathTo({ "chats.get": () => ({ service: "iMessage" }) }, told);
    expect(await sendTracked(path, { ...request, replyTo: "R" }, "g")).toEqual(ok({ guid: "g" }));
    expect(asked).toEqual([
      ["chats.get", { chat_id: 7 }],
      ["send.tracked", { chat_id: 7, text: "a", attempt_id: "g", text_formatting: runs, reply_to: "R" }],
    ]);
  });

  it.each(["SMS", "RCS", "sms"])("does not go to a chat of %s", async (service) => {
    const { path, asked } = await pathTo({ "chats.get": () => ({ service }) }, told);
    expect(await sendTracked(path, request, "g")).toMatchObject({
      ok: false,
      error: { code: "ACTION_UNAVAILABLE", disposition: "not_sent" },
    });
    expect(asked).toHaveLength(1);
  });

  it("was handed over already when Messages says so", async () => {
    const again = () => {
      throw rpcFailure("attempt_id already identifies a message");
    };
    const { path } = await pathTo({ "send.tracked": again }, { methods: ["send.tracked"] });
    expect(await sendTracked(path, request, "g")).toEqual(ok({ guid: "g" }));
    // Last words of a child that ended before it answered.
    const ended = () => {
      throw exitReason(1, null, ["attempt_id already identifies a message"]);
    };
    const gone = await pathTo({ "send.tracked": ended }, { methods: ["send.tracked"] });
    expect(await sendTracked(gone.path, request, "g")).toMatchObject({
      ok: false,
      error: { disposition: "unknown" },
    });
  });

  it("goes without a reply that was only wished for, and not while nobody knows", async () => {
    const methods = { methods: ["send.tracked"] };
    const only = ({ reply_to }: Record<string, unknown>) => (reply_to ? refused() : { ok: true });
    const wished = await pathTo({ "send.tracked": only }, methods);
    expect(await sendTracked(wished.path, { ...request, replyTo: "R" }, "g")).toEqual(ok({ guid: "g" }));
    expect(wished.asked).toHaveLength(2);
    const asked = await pathTo({ "send.tracked": only }, methods);
    const strict = { ...request, replyTo: "R", strict: true };
    expect(await sendTracked(asked.path, strict, "g")).toMatchObject({
      error: { code: "REPLY_UNSUPPORTED" },
    });
    const doubted = await pathTo({ "send.tracked": vanished }, methods);
    expect((await sendTracked(doubted.path, { ...request, replyTo: "R" }, "g")).ok).toBe(false);
    expect(doubted.asked).toHaveLength(1);
  });

  it("does not go where the Mac cannot, nor to a person", async () => {
    const down = await pathTo({}, { ...told, ready: false });
    expect(await sendTracked(down.path, request, "g")).toMatchObject({
      error: { code: "BRIDGE_UNAVAILABLE" },
    });
    const without = await pathTo({}, { methods: ["send"] });
    expect(await sendTracked(without.path, request, "g")).toMatchObject({
      error: { code: "ACTION_UNAVAILABLE" },
    });
    const { path, asked } = await pathTo({}, told);
    const person = { kind: "handle" as const, handle: "+15550100123", service: "auto" as const };
    expect(await sendTracked(path, { ...request, target: person }, "g")).toMatchObject({
      error: { code: "CHAT_NOT_FOUND" },
    });
    expect([...down.asked, ...without.asked, ...asked]).toEqual([]);
  });
});

describe("what cannot be begun, because nobody knows what the Mac can do", () => {
  const where = { id: 7, guid: "any;-;+15550100123" };

  it.each([
    [fault("REQUEST_TIMEOUT"), true],
    [fault("CHILD_HUNG"), true],
    [exitReason(255, null, ["client_loop: send disconnect: Broken pipe"]), true],
    [fault("PROTOCOL"), true],
    [fault("CHILD_DOWN"), true],
    [fault("IMSG_NOT_FOUND"), false],
  ])("surely did not happen, whatever became of the question: %s", async (failure, retryable) => {
    const asked: string[] = [];
    const cache = new CapabilityCache(
      async () => err(failure),
      () => 0,
    );
    const call = async (method: string) => void asked.push(method);
    const path = { cache, call } as unknown as CallPath;
    const { code, message, hint } = failure;
    const error = expect.objectContaining({ code, message, hint, disposition: "not_sent", retryable });
    expect(await sendTracked(path, { target: chat, text: "a" }, "g")).toEqual({ ok: false, error });
    const reply = { target: chat, text: "a", replyTo: "R", strict: true };
    expect(await sendWithExtras(path, reply)).toEqual({ ok: false, error });
    const actions = new ImsgActions(path);
    const edited = await actions.act("edit", where, { message: "M", text: "t" });
    expect(edited).toEqual({ state: "failed", error });
    expect(await actions.shareContact(where)).toEqual({ state: "failed", error });
    expect(asked).toEqual([]);
  });
});

describe("an action", () => {
  const where = { id: 7, guid: "any;-;+15550100123" };

  it.each([
    [
      "react",
      { message: "M", reaction: "love", remove: false },
      "tapback",
      { message_id: "M", reaction: "love" },
    ],
    [
      "react",
      { message: "M", reaction: "🎉", remove: true },
      "tapback",
      { message_id: "M", emoji: "🎉", remove: true },
    ],
    ["edit", { message: "M", text: "t" }, "message.edit", { message_id: "M", text: "t" }],
    ["unsend", { message: "M" }, "message.unsend", { message_id: "M" }],
    ["renameGroup", { name: "n" }, "group.rename", { name: "n" }],
    ["setGroupIcon", { file: "/f" }, "group.setIcon", { file: "/f" }],
    ["addParticipant", { address: "a" }, "group.addParticipant", { address: "a" }],
    ["removeParticipant", { address: "a" }, "group.removeParticipant", { address: "a" }],
    ["leaveGroup", {}, "group.leave", {}],
    [
      "poll",
      { question: "q", options: ["a"], replyTo: "R" },
      "poll.send",
      { question: "q", options: ["a"], reply_to: "R" },
    ],
    ["pollVote", { poll: "P", option: { id: "o" } }, "poll.vote", { poll_guid: "P", option_id: "o" }],
    ["pollVote", { poll: "P", option: { index: 2 } }, "poll.vote", { poll_guid: "P", option_index: 2 }],
    ["pollVote", { poll: "P", option: { text: "t" } }, "poll.vote", { poll_guid: "P", option: "t" }],
  ])("is one call: %s %j", async (action, given, method, params) => {
    const { path, asked } = await pathTo({ [method]: () => ({ ok: true, guid: "G" }) });
    const actions = new ImsgActions(path);
    expect(await actions.act(action as never, where, given as never)).toEqual({
      state: "done",
      facts: { guid: "G" },
    });
    expect(asked).toEqual([[method, { chat_id: 7, ...params }]]);
    // By its GUID where the row is not known.
    await actions.act(action as never, { id: 0, guid: "G" }, given as never);
    expect(asked[1]).toEqual([method, { chat_guid: "G", ...params }]);
  });

  it("shows a bubble and marks a chat read", async () => {
    const { path, asked } = await pathTo({});
    const actions = new ImsgActions(path);
    expect(await actions.typing(where, true)).toEqual({ state: "done", facts: {} });
    await actions.typing(where, false);
    await actions.read(where);
    expect(asked).toEqual([
      ["typing", { chat_id: 7, typing: true }],
      ["typing", { chat_id: 7, typing: false }],
      ["read", { chat_id: 7 }],
    ]);
  });

  it("is not tried where the Mac cannot, and says what is missing", async () => {
    const down = await pathTo({}, { ready: false });
    const edit = (path: CallPath) => new ImsgActions(path).act("edit", where, { message: "M", text: "t" });
    expect(await edit(down.path)).toMatchObject({ state: "unsupported", missing: "bridge" });
    const without = await pathTo({}, { methods: ["send"] });
    expect(await edit(without.path)).toMatchObject({ state: "unsupported", missing: "method" });
    expect(await new ImsgActions(without.path).typing(where, true)).toMatchObject({ missing: "method" });
    expect([...down.asked, ...without.asked]).toEqual([]);
  });

  it("that is answered without ok may have happened; one that fails tells how", async () => {
    const odd = await pathTo({ "message.edit": () => ({ guid: "G" }) });
    const edit = (path: CallPath) => new ImsgActions(path).act("edit", where, { message: "M", text: "t" });
    expect(await edit(odd.path)).toMatchObject({
      state: "failed",
      error: { code: "PROTOCOL", disposition: "unknown" },
    });
    const failing = await pathTo({
      "message.edit": () => {
        throw rpcFailure("message not found");
      },
    });
    expect(await edit(failing.path)).toMatchObject({ state: "failed", error: { code: "MESSAGE_NOT_FOUND" } });
    expect(failing.probes()).toBe(1);
  });

  it("is only looked up of a bubble, whose chat does not wait for a probe", async () => {
    const cache = new CapabilityCache(
      async () => ({ ok: false, error: new BridgeError("CHILD_DOWN", "no", { disposition: "not_sent" }) }),
      () => 0,
    );
    const path = { cache, call: async () => ({ ok: true }) } as unknown as CallPath;
    const actions = new ImsgActions(path);
    expect(actions.capabilities()).toBeUndefined();
    expect(await actions.typing(where, true)).toMatchObject({ state: "unsupported", missing: "bridge" });
    expect(await actions.sendStatus("G")).toMatchObject({ state: "unsupported", missing: "bridge" });
    expect(await actions.support("edit")).toBeUndefined();
    expect(await actions.act("edit", where, { message: "M", text: "t" })).toMatchObject({
      state: "failed",
      error: { code: "CHILD_DOWN" },
    });
  });

  it.each([
    [
      {
        send_state: "delivered",
        service: "iMessage",
        delivered_at: "1970-01-01T00:00:05Z",
        status_fields: { date_read: "1970-01-01T00:00:06Z", was_downgraded: false },
      },
      {
        isThere: true,
        state: "delivered",
        service: "iMessage",
        deliveredAt: 5000,
        readAt: 6000,
        downgraded: false,
      },
    ],
    [
      { send_state: "sent", service: "SMS", status_fields: { was_downgraded: true } },
      { isThere: true, state: "sent", service: "SMS", downgraded: true },
    ],
    [
      { send_state: "pending", service: null, status_fields: null },
      { isThere: false, state: "pending", downgraded: false },
    ],
    [
      {
        send_state: "sent",
        service: 7,
        delivered_at: "soon",
        status_fields: { date_read: 7, was_downgraded: 1 },
      },
      { isThere: true, state: "sent", downgraded: false },
    ],
  ])("tells where a message stands: %j", async (answer, facts) => {
    const { path, asked } = await pathTo({ "message.send_status": () => ({ ok: true, ...answer }) });
    expect(await new ImsgActions(path).sendStatus("G")).toEqual({ state: "done", facts });
    expect(asked).toEqual([["message.send_status", { guid: "G" }]]);
  });
});
