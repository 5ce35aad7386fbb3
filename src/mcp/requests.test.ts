import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Bench, item, row } from "../../test/contract/store/bench.js";
import { FakeClock } from "../../test/support/fake-clock.js";
import { directChat } from "../../test/support/message.js";
import { type ApiMessage, addToken, Gate } from "../api/index.js";
import { type Config, parseConfig } from "../config/index.js";
import { TapbackError } from "../platform/index.js";
import { type Claim, type JournalEntry, openStore, type Store } from "../store/index.js";
import { agentHere, agentOfToken, bound } from "./agent.js";
import type { McpDeps } from "./deps.js";
import { McpDoor } from "./index.js";
import { AgentRequests } from "./requests.js";
import type { AgentMethod } from "./wire/index.js";

const [mia, sam] = ["+15550100123", "+15550100321"];
const chats = { [mia]: { ...directChat(mia), id: 7 }, [sam]: { ...directChat(sam), id: 9 } };
const bench = new Bench(openStore);
const log = { debug() {}, info() {}, warn() {}, error() {} };
let store: Store;
let claim: Claim;
let clock: FakeClock;
let deps: McpDeps;
let requests: AgentRequests;
/** What was sent, in the form of the API. */
let sends: ApiMessage[];
let left: AbortController;
let rowId: number;

beforeEach(async () => {
  ({ store, claim } = await bench.claimed());
  clock = new FakeClock();
  sends = [];
  rowId = 0;
  left = new AbortController();
  const parsed = await parseConfig("{}");
  if (!parsed.ok) throw new Error("no configuration");
  const config: Config = parsed.value.config;
  const api = { config: () => config, store, clock, log, telemetry: {}, status: async () => ({}) };
  /** As the outbox sends: a part for each key, its row in Messages behind all others. */
  const send = async (message: ApiMessage) => {
    const before = sends.findIndex(({ key }) => key === message.key);
    if (before >= 0)
      return { state: "stored" as const, parts: [{ id: before + 1, state: "stored" as const }] };
    sends.push(message);
    const id = await store.outbox.add("default", item(message.text!, 7), clock.now());
    const [taken] = await store.outbox.take(claim, 1, clock.now());
    rowId += 1;
    await store.outbox.settle(taken!.claim, { state: "stored", guid: `SENT-${id}`, rowId }, clock.now());
    return { state: "stored" as const, parts: [{ id, state: "stored" as const }] };
  };
  const attachment = async ({ row: { attachments } }: JournalEntry, index: number) => {
    const file = attachments[index];
    const content = `what is in ${file?.name}`;
    return (
      file && {
        ...{ name: file.name, mimeType: "text/plain", bytes: content.length },
        content: new Response(content).body!,
      }
    );
  };
  deps = {
    api: { ...api, send, attachment } as unknown as McpDeps["api"],
    gate: new Gate({ store, clock }),
  };
  requests = new AgentRequests(deps, new AbortController().signal, new Map());
});
afterEach(() => bench.clear());

/** Somebody writes. @returns the number of the row in the journal */
async function says(from: string, text: string, change: object = {}): Promise<number> {
  rowId += 1;
  const written = row(rowId, { from, chat: chats[from]!, text, ...change } as never);
  const [id] = await store.journal.admit(claim, [written], "live", clock.now());
  return id!;
}

async function token(name: string, scopes: string[], only?: string[]) {
  const account = only && "default";
  const { secret } = await addToken(store, { name, scopes, perMinute: 600, account, chats: only }, "US", 0);
  return agentOfToken(`Bearer ${secret}`, deps);
}
type Asked = Awaited<ReturnType<typeof token>>;

const ask = (agent: Asked, method: AgentMethod, params: object = {}) =>
  requests.answer(agent, method, params as Record<string, unknown>, left.signal);
/** @returns what was found, or why it was refused */
async function call(agent: Asked, name: string, args: object = {}) {
  const answer = (await ask(agent, "tools/call", { name, arguments: args })) as {
    content: { text: string }[];
    isError?: true;
  };
  return answer.isError ? answer.content[0]!.text : JSON.parse(answer.content[1]!.text);
}
const texts = ({ items }: { items: { text: string }[] }) => items.map(({ text }) => text);

it("shows two agents each what it reaches, and tells of the rest as of what never was", async () => {
  await says(mia, "from Mia");
  const ofSam = await says(sam, "from Sam");
  const [onlyMia, onlySam, all] = [
    await token("mia", ["read"], [mia]),
    await token("sam", ["read"], [sam]),
    await token("all", ["read"]),
  ];
  expect(texts(await call(onlyMia, "list_messages"))).toEqual(["from Mia"]);
  expect(texts(await call(onlySam, "list_messages"))).toEqual(["from Sam"]);
  expect(texts(await call(all, "search_messages", { words: "FROM" }))).toEqual(["from Sam", "from Mia"]);
  expect(texts(await call(onlyMia, "search_messages", { words: "sam" }))).toEqual([]);
  const absent = await call(onlyMia, "get_message", { message: "987" });
  expect(absent).toMatch(/^RESOURCE_UNKNOWN: /);
  expect(await call(onlyMia, "get_message", { message: String(ofSam) })).toBe(absent);
  expect(await call(onlySam, "get_message", { message: String(ofSam) })).toMatchObject({ text: "from Sam" });
});

it("has no tool without its scopes, whatever its name is", async () => {
  const names = async (scopes: string[]) =>
    ((await ask(await token(scopes.join("-"), scopes), "tools/list")).tools as { name: string }[]).map(
      ({ name }) => name,
    );
  expect(await names(["send"])).toEqual(["send_message", "get_send"]);
  expect(await names(["people"])).toEqual(["list_people"]);
  expect(await names(["admin"])).toEqual([]);
  expect(await names(["read", "send"])).toContain("ask");
  expect(await names(["read"])).not.toContain("ask");
  const sender = await token("sender", ["send"]);
  // The answer would be a message, which it may not read.
  for (const name of ["ask", "list_chats", "constructor"])
    await expect(call(sender, name, { to: mia, question: "?" })).rejects.toMatchObject({
      code: "REQUEST_INVALID",
    });
  expect(sends).toEqual([]);
});

it("takes the next message behind the question for the answer, and no other", async () => {
  await says(mia, "before");
  const agent = await token("mia", ["read", "send"], [mia]);
  const answer = call(agent, "ask", { to: mia, question: "Which?", key: "k" });
  await clock.advanceUntil(() => sends.length === 1 && rowId === 2);
  await says(sam, "not asked");
  await says(mia, "own words", { fromMe: true });
  await says(mia, "an edit", { change: { guid: "GUID-1", kind: "edited", before: "x", text: "y" } });
  const tapback = { kind: "like", emoji: "", added: true, targetGuid: "GUID-1" };
  await says(mia, "on another message", { tapback });
  await clock.advance(1000);
  await says(mia, "this one");
  await says(mia, "and more");
  await clock.advance(1000);
  expect(await answer).toMatchObject({
    answer: { text: "this one" },
    key: "k",
    question: { state: "stored" },
  });
  expect(sends).toMatchObject([{ to: mia, text: "Which?", key: `${agent.tokenId} k` }]);
});

it("finds an answer that came while nobody waited, and a tapback that was put on the question", async () => {
  const agent = await token("mia", ["read", "send"], [mia]);
  const question = { to: mia, question: "Which?", timeoutSeconds: 5 };
  const unanswered = call(agent, "ask", question);
  await clock.advanceUntil(() => sends.length === 1 && rowId === 1);
  await clock.advance(6000);
  const { answer, key } = await unanswered;
  expect(answer).toBeNull();
  const tapback = { kind: "love", emoji: "", added: false, targetGuid: "SENT-1" };
  await says(mia, "taken off", { tapback });
  await says(mia, "put on", { tapback: { ...tapback, added: true } });
  expect(await call(agent, "ask", { ...question, key })).toMatchObject({
    answer: { tapback: { kind: "love" } },
  });
  expect(sends).toHaveLength(1);
  // Another one's question of the same key is its own.
  const other = call(await token("other", ["read", "send"]), "ask", { ...question, key });
  await clock.advanceUntil(() => sends.length === 2 && rowId === 4);
  await clock.advance(6000);
  expect((await other).answer).toBeNull();
});

it("asks nobody for whom there is no place to wait", async () => {
  const [agent, other] = [await token("one", ["read", "send"]), await token("other", ["read", "send"])];
  const open = Array.from({ length: 8 }, () => call(agent, "wait_for_message", { timeoutSeconds: 60 }));
  await clock.advance(0);
  const question = { to: mia, question: "Friday?" };
  expect(await call(agent, "ask", question)).toMatch(/^RATE_LIMITED: 8 calls wait already/);
  expect(sends).toEqual([]);
  const asked = call(other, "ask", question);
  await clock.advance(60_000);
  expect((await asked).answer).toBeNull();
  await Promise.all(open);
  // Its own answers: the place is free again.
  const again = call(agent, "ask", question);
  await clock.advance(50_000);
  expect((await again).answer).toBeNull();
  expect(sends).toHaveLength(2);
});

it("counts the time that the question takes to be sent", async () => {
  const { send } = deps.api;
  deps.api.send = async (...given) => {
    await clock.sleep(20_000);
    return send(...given);
  };
  const agent = await token("mia", ["read", "send"], [mia]);
  const begun = clock.now();
  let took = 0;
  const asked = call(agent, "ask", { to: mia, question: "Which?", timeoutSeconds: 50 }).then((answer) => {
    took = clock.now() - begun;
    return answer;
  });
  await clock.advance(120_000);
  expect((await asked).answer).toBeNull();
  expect(took).toBe(50_000);
});

it("tells the key of a question that may be sent, whatever fails behind it", async () => {
  const agent = await token("mia", ["read", "send"], [mia]);
  const question = { to: mia, question: "Which?", timeoutSeconds: 5 };
  const full = new TapbackError("STORE_FULL", "the disk is full", { hint: "Make room." });
  for (const [fault, says] of [
    [full, "STORE_FULL: the disk is full. Make room. "],
    [new Error("nobody foresaw it"), "FAILED: it went wrong in a way that nobody foresaw; "],
  ] as const) {
    vi.spyOn(store.outbox, "get").mockRejectedValueOnce(fault);
    const before = sends.length;
    const refused: string = await call(agent, "ask", question);
    expect(refused.startsWith(says)).toBe(true);
    const [, key] = /The question may be sent already: .* the key "(.+)", so that it is sent once\.$/.exec(
      refused,
    )!;
    const again = call(agent, "ask", { ...question, key });
    await clock.advance(6000);
    expect(await again).toMatchObject({ answer: null, key });
    expect(sends).toHaveLength(before + 1);
  }
  // What was refused is no question that goes on.
  deps.api.send = () => Promise.reject(new TapbackError("RECIPIENT_REFUSED", "they said STOP"));
  expect(await call(agent, "ask", question)).toBe("RECIPIENT_REFUSED: they said STOP");
});

it("takes no message that an earlier database gave a higher number, of however many came since", async () => {
  rowId = 90_000;
  await says(mia, "of an old Mac");
  await says(sam, "of an old Mac");
  // Another database numbers anew.
  rowId = 10;
  await clock.advance(60_000);
  const agent = await token("mia", ["read", "send"], [mia]);
  const question = { to: mia, question: "Which?", timeoutSeconds: 5 };
  const unanswered = call(agent, "ask", question);
  await clock.advanceUntil(() => sends.length === 1 && rowId === 11);
  await says(mia, "Which?", { fromMe: true, guid: "SENT-1", rowId });
  await clock.advance(6000);
  const { answer, key } = await unanswered;
  expect(answer).toBeNull();
  // A clock that is set back makes no answer an old message.
  await clock.jump(-30_000);
  const ids: number[] = [];
  for (let count = 0; count < 120; count += 1) ids.push(await says(mia, `answer ${count}`));
  expect(await call(agent, "ask", { ...question, key })).toMatchObject({
    answer: { text: "answer 0", id: ids[0] },
  });
  expect(sends).toHaveLength(1);
});

it("waits for what others write from now on, or behind a cursor", async () => {
  await says(mia, "before");
  const agent = await token("mia", ["read"], [mia]);
  const first = call(agent, "wait_for_message", {});
  await clock.advance(100);
  await says(sam, "elsewhere");
  await says(mia, "own", { fromMe: true });
  await clock.advance(1000);
  await says(mia, "one");
  await clock.advance(100);
  const { items, next } = await first;
  expect(texts({ items })).toEqual(["one"]);
  await says(sam, "elsewhere");
  const nothing = call(agent, "wait_for_message", { cursor: next, timeoutSeconds: 1 });
  await clock.advance(2000);
  expect(await nothing).toEqual({ items: [], next });
  for (let count = 0; count < 60; count += 1) await says(mia, `own ${count}`, { fromMe: true });
  await says(mia, "two");
  expect(texts(await call(agent, "wait_for_message", { cursor: next }))).toEqual(["two"]);
});

it("skips no message whose chat is found after those behind it came", async () => {
  await says(mia, "before");
  const agent = await token("mia", ["read"], [mia]);
  const all = await token("all", ["read"]);
  const list = (who: Asked, args: object) => call(who, "list_messages", { order: "oldest", ...args });
  const { next } = await list(agent, {});
  const nowhere = { ...chats[mia]!, id: 0, guid: "", identifier: "" };
  const late = await says(mia, "late", { chat: nowhere });
  await says(sam, "elsewhere");
  await says(mia, "behind it");
  // Whoever reaches all chats is told of it as it is.
  expect(texts(await list(all, {}))).toEqual(["before", "late", "elsewhere", "behind it"]);
  expect(texts(await list(all, { chat: mia }))).toEqual(["before"]);
  expect(await list(agent, { cursor: next })).toEqual({ items: [], next });
  const waiting = call(agent, "wait_for_message", { cursor: next });
  await clock.advance(1000);
  await store.journal.locate(claim, late, chats[mia]!);
  await clock.advance(100);
  expect(texts(await waiting)).toEqual(["late", "behind it"]);
  // What is looked for before the cursor holds nothing up.
  const { next: end } = await list(agent, { cursor: next });
  await store.journal.locate(claim, late, nowhere);
  await says(mia, "later");
  expect(texts(await list(agent, { cursor: end }))).toEqual(["later"]);
});

it("comes past pages of which nothing is reached", async () => {
  const before = { ...chats[sam]!, id: 7 };
  for (let count = 0; count < 60; count += 1) await says(sam, "of an earlier database", { chat: before });
  await says(mia, "from Mia");
  const agent = await token("mia", ["read"], [mia]);
  const cursor = Buffer.from("oldest 0").toString("base64url");
  const waiting = call(agent, "wait_for_message", { cursor });
  await clock.advance(60_000);
  expect(texts(await waiting)).toEqual(["from Mia"]);
});

it("says nothing of other chats by its cursors", async () => {
  await says(mia, "before");
  const agent = await token("mia", ["read"], [mia]);
  const cursor = async () => {
    const waiting = call(agent, "wait_for_message", { timeoutSeconds: 1 });
    await clock.advance(2000);
    return (await waiting).next;
  };
  const before = await cursor();
  for (let count = 0; count < 5; count += 1) await says(sam, "elsewhere");
  expect(await cursor()).toBe(before);
});

it("gives the files of reached chats to those who may read, and no others", async () => {
  const file = { path: "/a", name: "a.txt", mimeType: "text/plain", uti: "", bytes: 5 };
  const attachments = [{ ...file, missing: false, isSticker: false }];
  const ofMia = await says(mia, "a file", { attachments });
  const ofSam = await says(sam, "a file", { attachments });
  const agent = await token("mia", ["read"], [mia]);
  const uri = (message: number, number = 0) => `tapback://messages/${message}/attachments/${number}`;
  expect(await ask(agent, "resources/list")).toEqual({
    resources: [{ uri: uri(ofMia), name: "a.txt", mimeType: "text/plain", size: 5 }],
  });
  expect(await ask(agent, "resources/read", { uri: uri(ofMia) })).toEqual({
    contents: [{ uri: uri(ofMia), mimeType: "text/plain", text: "what is in a.txt" }],
  });
  const refusals = [uri(ofSam), uri(987), uri(ofMia, 1), "file:///etc/passwd", `${uri(ofMia)}/../..`].map(
    (each) => ask(agent, "resources/read", { uri: each }).catch(({ code, message }) => `${code} ${message}`),
  );
  expect(new Set(await Promise.all(refusals))).toEqual(new Set([await refusals[0]]));
  expect(await refusals[0]).toMatch(/^RESOURCE_UNKNOWN/);
  const blind = await token("blind", ["send", "people", "admin"]);
  expect(await ask(blind, "resources/list")).toEqual({ resources: [] });
  expect(await ask(blind, "resources/templates/list")).toEqual({ resourceTemplates: [] });
  await expect(ask(blind, "resources/read", { uri: uri(ofMia) })).rejects.toMatchObject({
    code: "RESOURCE_UNKNOWN",
  });
});

it("shows nothing of a chat that had the number of a reached one in an earlier database", async () => {
  const file = { path: "/a", name: "a.txt", mimeType: "text/plain", uti: "", bytes: 5 };
  const attachments = [{ ...file, missing: false, isSticker: false }];
  const before = { ...chats[sam]!, id: 7 };
  await says(sam, "earlier, to somebody else", { chat: before, attachments });
  await says(mia, "from Mia");
  const agent = await token("mia", ["read"], [mia]);
  expect(texts(await call(agent, "list_messages"))).toEqual(["from Mia"]);
  expect(texts(await call(agent, "search_messages", { words: "earlier" }))).toEqual([]);
  expect(await ask(agent, "resources/list")).toEqual({ resources: [] });
});

it("keeps agents of this machine to what they are started for, by what its chats are called", async () => {
  await says(mia, "from Mia");
  await says(sam, "from Sam");
  const place = await bound({ chats: ["chat_id:7"] }, deps);
  expect(place).toEqual({ account: "default", chats: [`chat_guid:${chats[mia]!.guid}`] });
  const agent = await agentHere({ ...place, scopes: ["read"] }, deps);
  expect(texts(await call(agent, "list_messages"))).toEqual(["from Mia"]);
  const owner = await agentHere({}, deps);
  expect(texts(await call(owner, "list_messages"))).toEqual(["from Sam", "from Mia"]);
  expect(owner.scopes).toEqual(["read", "send", "people"]);
  // What they name is each one's own.
  expect(owner.tokenId).not.toBe(agent.tokenId);
  for (const rights of [{ chats: [] }, { chats: ["chat_id:99"] }, { account: "nobody" }, { scopes: ["all"] }])
    await expect(agentHere(rights, deps)).rejects.toMatchObject({
      code: expect.stringMatching(/^(USAGE|CHAT_UNNAMED|ACCOUNT_UNKNOWN)$/),
    });
  await expect(agentHere({ token: "x" }, deps)).rejects.toMatchObject({ code: "TOKEN_REFUSED" });
});

it("counts the waits of an agent together, whichever way it comes (behaviour 20.3a)", async () => {
  const { secret } = await addToken(store, { name: "both", scopes: ["read"], perMinute: 600 }, "US", 0);
  const { secret: other } = await addToken(
    store,
    { name: "other", scopes: ["read"], perMinute: 600 },
    "US",
    0,
  );
  const door = new McpDoor(() => deps);
  const [site] = door.sites({ gateway: { api: { enabled: true, host: "127.0.0.1", port: 1 } } } as Config);
  const answer = await site!.load(left.signal);
  const params = { name: "wait_for_message", arguments: { timeoutSeconds: 60 } };
  const overHttp = async (token: string) => {
    const headers = {
      ...{ authorization: `Bearer ${token}`, host: "127.0.0.1:1", "content-type": "application/json" },
      accept: "application/json, text/event-stream",
    };
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params });
    return (await answer(new Request("http://127.0.0.1:1/mcp", { method: "POST", headers, body }))).text();
  };
  const here = async (token: string) =>
    JSON.stringify(
      await door.control["agent.ask"]({ rights: { token }, method: "tools/call", params }, left.signal),
    );
  const waits = Array.from({ length: 8 }, () => here(secret));
  await expect.poll(() => clock.waiting).toBe(8);
  expect(await overHttp(secret)).toMatch(/RATE_LIMITED: 8 calls wait already/);
  waits.push(overHttp(other));
  await expect.poll(() => clock.waiting).toBe(9);
  await clock.advance(60_000);
  for (const told of await Promise.all(waits)) expect(told).not.toMatch(/RATE_LIMITED/);
});
