import { describe, expect, it } from "vitest";
import { dispatch, item, pairing, row, turn } from "../../test/contract/store/bench.js";
import { CommandBench } from "../../test/support/command-bench.js";
import { directChat, directMessage, groupMessage } from "../../test/support/message.js";
import type { Envelope } from "../conversation/index.js";
import { approveRequest } from "./approval/approve.js";
import type { GatewayControls } from "./contract.js";
import { sharedMemoryWarning, sharedSessions } from "./shared-sessions.js";

const owner = "+15550100009";
const guest = "+15550100123";
const hex = "0123456789abcdef0123456789abcdef";

let rows = 0;
const says = (from: string, chatId: number, text: string) =>
  directMessage({ from, text, rowId: ++rows, guid: `G-${rows}`, chat: { ...directChat(from), id: chatId } });

const people = (imessage: object, rest: object = {}) =>
  CommandBench.of({
    channels: { imessage },
    commands: { ownerAllowFrom: [owner] },
    session: { dmScope: "main" },
    ...rest,
  });

describe("sessions that people share", () => {
  const shared = async (imessage: object, rest: object = {}, approved: string[] = []) => {
    const bench = await people(imessage, rest);
    for (const handle of approved) await bench.store.pairing.admit("default", handle, 1000);
    return (await sharedSessions(bench.config, bench.store)).map(({ sessionKey, people, everyone }) => [
      sessionKey,
      everyone ? "everyone" : [...people].sort().join(),
    ]);
  };
  const both = [["agent:main:main", [owner, guest].sort().join()]];

  it("are those of two who are listed or approved, and of whoever writes", async () => {
    expect(await shared({ allowFrom: [owner, guest] })).toEqual(both);
    expect(await shared({ allowFrom: [owner] }, {}, [guest])).toEqual(both);
    expect(await shared({}, {}, [owner, guest])).toEqual(both);
    expect(await shared({ dmPolicy: "open", allowFrom: ["*"] })).toEqual([["agent:main:main", "everyone"]]);
    const accounts = { home: { allowFrom: [owner] }, work: { allowFrom: [guest] } };
    expect(await shared({ accounts })).toEqual(both);
  });

  it.each([
    ["a person's GUID", `chat_guid:any;-;${guest}`, guest],
    ["a person's identifier", "chat_identifier:(555) 010-0123", guest],
    ["an identifier that is no address", "chat_identifier:Somebody's Thread", "somebody's thread"],
  ])("are those of whom a list names the chat alone, by %s", async (_, entry, whose) => {
    expect(await shared({ allowFrom: [owner, entry] })).toEqual([
      ["agent:main:main", [owner, whose].sort().join()],
    ]);
  });

  it.each([
    ["one person", { allowFrom: [owner] }, {}],
    ["one person in two spellings", { allowFrom: [owner, "(555) 010-0009"] }, {}],
    ["one person and the person's own chat", { allowFrom: [owner, `chat_guid:iMessage;-;${owner}`] }, {}],
    ["one person and groups", { allowFrom: [owner, "chat_guid:any;+;chat88", `chat_identifier:${hex}`] }, {}],
    ["one person's two handles", { allowFrom: [owner, "kim@example.com"] }, "links"],
    ["people with an agent each", { allowFrom: [owner, guest] }, "bindings"],
    ["a scope of their own", { dmPolicy: "open", allowFrom: ["*", owner, guest] }, "scope"],
    ["no direct chats", { dmPolicy: "disabled", allowFrom: [owner, guest] }, {}],
  ])("are none with %s", async (_, imessage, rest) => {
    const more = {
      links: { session: { dmScope: "main", identityLinks: { kim: [owner, "kim@example.com"] } } },
      bindings: {
        agents: { list: [{ id: "main" }, { id: "other" }] },
        bindings: [{ agentId: "other", match: { peer: { kind: "direct", id: guest } } }],
      },
      scope: { session: { dmScope: "per-peer" } },
    };
    expect(await shared(imessage, typeof rest === "string" ? more[rest as keyof typeof more] : rest)).toEqual(
      [],
    );
  });

  it("are warned of, with the way out", async () => {
    const bench = await people({ allowFrom: [owner, guest] });
    expect(sharedMemoryWarning(await sharedSessions(bench.config, bench.store))).toMatch(
      /^2 people share .* session\.dmScope to "per-peer"/,
    );
    expect(sharedMemoryWarning([])).toBeUndefined();
  });
});

/** What a session was asked to end and forget. */
function recorder(ended: Awaited<ReturnType<GatewayControls["cancel"]>> = []) {
  const calls: string[] = [];
  const controls: Partial<GatewayControls> = {
    cancel: async (key, from) => {
      calls.push(`cancel ${key} ${from?.chats.join() ?? "all"}`);
      return ended;
    },
    reset: async (key) => void calls.push(`reset ${key}`),
  };
  return { calls, controls };
}

it.each([
  ["new", guest],
  ["reset", guest],
  ["new", `chat_guid:any;-;${guest}`],
])("lets only an owner begin anew what others share: /%s with %s", async (name, entry) => {
  const bench = await people({ allowFrom: [owner, entry] });
  const { calls, controls } = recorder();
  const refused = await bench.run(name, says(guest, 7, `/${name}`), {}, controls);
  expect(refused.map(({ text }) => text)).toEqual([
    "Others share the agent's memory here, so only an owner may start it over.",
  ]);
  expect(calls).toEqual([]);
  await bench.run(name, says(owner, 8, `/${name}`), { isOwner: true }, controls);
  expect(calls).toEqual(["cancel agent:main:main all", "reset agent:main:main"]);
});

it("lets a guest begin anew what is the guest's own, and a group's member what is the group's", async () => {
  const own = await people({ allowFrom: [owner, guest] }, { session: { dmScope: "per-peer" } });
  const { calls, controls } = recorder();
  await own.run("new", says(guest, 7, "/new"), {}, controls);
  const both = await people({ allowFrom: [owner, guest] });
  await both.run("new", groupMessage({ from: guest, text: "/new" }), {}, controls);
  expect(calls.filter((call) => call.startsWith("reset"))).toEqual([
    `reset agent:main:direct:${guest}`,
    "reset agent:main:imessage:group:88",
  ]);
});

it("ends with a guest's /stop only what the guest's own chat asked for", async () => {
  const bench = await people({ allowFrom: [owner, guest] });
  const { calls, controls } = recorder();
  await bench.run("stop", says(guest, 7, "/stop"), {}, controls);
  expect(calls).toEqual([`cancel agent:main:main chat_id:7,${guest}`]);
});

it.each(["stop", "new", "reset", "opt-out"])("lets nothing come before the answer to /%s", async (name) => {
  const bench = await people({ allowFrom: [owner] });
  const sent = await bench.run(name, says(owner, 7, `/${name}`), { isOwner: true }, recorder().controls);
  expect(sent.map(({ urgent }) => urgent)).toEqual([true]);
});

it("tells those whose turns an owner's command ended, once each, through their own account", async () => {
  const bench = await people({ allowFrom: [owner, guest] });
  const chat = (account: string, chatId: number) => ({
    account,
    target: { kind: "chat_id" as const, chatId },
    chatKey: `chat:${chatId}`,
  });
  const ended = [chat("default", 7), chat("default", 7), chat("default", 8), chat("work", 8)];
  const sent = await bench.run("new", says(owner, 8, "/new"), { isOwner: true }, recorder(ended).controls);
  expect(sent.map(({ account, chatKey, text }) => [account, chatKey, text?.slice(0, 26)]).sort()).toEqual([
    ["default", "chat:7", "An owner made the agent st"],
    ["default", "chat:8", "Done. We start afresh."],
    ["work", "chat:8", "An owner made the agent st"],
  ]);
});

it("names the turns that wait and are ended, each with the conversation that it answers", async () => {
  const bench = await people({ allowFrom: [owner, guest] });
  const envelope = { version: 1, chat: { chatId: 7, target: "chat_id:7" }, sender: { handle: guest } };
  const [id] = await bench.store.journal.admit(await bench.claim(), [says(guest, 7, "hello")], "live", 1000);
  await bench.store.journal.decide(await bench.claim(), id!, dispatch, 1000);
  const waiting = { ...turn("t1"), envelope: envelope as unknown as Envelope };
  await bench.store.turns.open(await bench.claim(), waiting, [id!], [], 1000);
  const ended = await bench.store.turns.cancelQueued("agent:main:main", 2000);
  expect(ended).toMatchObject([{ id: "t1", account: "default", target: { kind: "chat_id", chatId: 7 } }]);
});

it("is said by each way to let a second person in", async () => {
  const bench = await people({ allowFrom: [owner] });
  const { store } = bench;
  const ask = { handle: guest, code: "ABCDEFGH", requestedAt: 1, expiresAt: 9000, chatId: 9, text: "hi" };
  const code = item("code", 9, { origin: "pairing" });
  const offer = async (rowId: number, request: typeof ask) => {
    const [id] = await store.journal.admit(await bench.claim(), [row(rowId)], "live", 1000);
    const offered = { id: id!, decision: pairing, request, reply: code, most: 3 };
    await store.journal.offerPairing(await bench.claim(), offered, 1000);
  };
  await offer(900, ask);

  const phrase = { phrase: "maple river fox cloud", owner: false, createdAt: 1000, expiresAt: 9000 };
  await store.enrolment.open("default", phrase);
  await bench.run("enrol", says("+15550100777", 11, "maple river fox cloud"));
  expect(bench.warnings).toEqual([expect.stringContaining('"per-peer"')]);
  await store.pairing.revoke("default", "+15550100777");

  // At the command line, then in the chat.
  const request = (await store.pairing.pending(2000, "default"))[0]!;
  const { report, warning } = await approveRequest(store, request, {
    at: 2000,
    config: bench.config,
    firstOwner: "no",
  });
  expect(warning).toContain('"per-peer"');
  expect(report).toEqual([`Approved ${guest}.`, warning]);
  await store.pairing.revoke("default", guest);
  await offer(901, { ...ask, code: "BCDEFGHJ" });
  const words = "/pairing approve BCDEFGHJ";
  const [answer] = await bench.run("pairing", says(owner, 8, words), { isOwner: true });
  expect(answer!.text).toBe(`Approved ${guest}.\n${warning}`);
  expect(bench.warnings).toHaveLength(2);
});
