import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { EventSource } from "eventsource";
import { createParser, type EventSourceMessage } from "eventsource-parser";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { ApiHouse, eve, mia, owner, sam } from "../support/api-house.js";

// A busy machine starts each command in seconds; how long it takes proves nothing.
vi.setConfig({ testTimeout: 120_000 });

const house = new ApiHouse();
const { lab } = house;
const closing: (() => void)[] = [];

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

beforeAll(async () => {
  house.configure({ port: await freePort() });
  await lab.startHere();
}, 120_000);
afterEach(() => {
  for (const close of closing.splice(0)) close();
});
afterAll(() => house.close());

interface Told {
  id: number;
  type: string;
  chat: string | null;
  data: Record<string, unknown>;
}

/** A stream, as a published parser reads it. */
async function stream(token: string, query = "", headers: Record<string, string> = {}) {
  const ends = new AbortController();
  closing.push(() => ends.abort());
  const response = await fetch(`${house.url}/v1/events${query}`, {
    headers: { Authorization: `Bearer ${token}`, ...headers },
    signal: ends.signal,
  });
  expect(response.status, await (response.ok ? "" : response.text())).toBe(200);
  expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  const messages: EventSourceMessage[] = [];
  const state = { isOver: false, retry: 0 };
  const parser = createParser({
    onEvent: (event) => void messages.push(event),
    onRetry: (ms) => {
      state.retry = ms;
    },
  });
  const read = async () => {
    const text = new TextDecoder();
    for await (const chunk of response.body!) parser.feed(text.decode(chunk, { stream: true }));
  };
  void read()
    .catch(() => {})
    .finally(() => {
      state.isOver = true;
    });
  await lab.until(() => messages.length > 0);
  const told = () => messages.slice(1).map(({ data }) => JSON.parse(data) as Told);
  return { messages, told, state, types: () => [...new Set(told().map(({ type }) => type))] };
}

it("resumes by itself in a published client, over a restart of the gateway", async () => {
  const token = await house.token("follower", { scopes: ["read"] });
  const source = new EventSource(`${house.url}/v1/events?types=message,sent`, {
    fetch: (input, init) =>
      fetch(input, { ...init, headers: { ...init.headers, Authorization: `Bearer ${token}` } }),
  });
  closing.push(() => source.close());
  const ids: number[] = [];
  const texts: unknown[] = [];
  for (const type of ["message", "sent"])
    source.addEventListener(type, ({ data, lastEventId }) => {
      const event = JSON.parse(data) as Told;
      expect(lastEventId).toBe(String(event.id));
      ids.push(event.id);
      if (type === "sent" || !event.data.fromMe) texts.push(event.data.text);
    });
  await new Promise((resolve) => source.addEventListener("cursor", resolve, { once: true }));
  lab.mac.say(mia, "one");
  await lab.until(() => texts.length === 2);
  await lab.stop();
  lab.mac.say(mia, "while it was down");
  await lab.startHere();
  await lab.until(() => texts.length === 3);
  expect(texts).toEqual(["one", "re: one", "while it was down"]);
  expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => a - b));
});

it("is printed by its example, over its death, without a gap", { tags: ["long"] }, async () => {
  const { folder } = lab;
  const script = join(import.meta.dirname, "../../examples/api/follow.mjs");
  const env = {
    ...process.env,
    TAPBACK_URL: house.url,
    TAPBACK_TOKEN: await house.token("printer", { scopes: ["read"] }),
  };
  let printed = "";
  const start = async () => {
    const example = spawn(process.execPath, [script, join(folder, "cursor")], { env });
    closing.push(() => example.kill());
    example.stdout.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
    });
    // Where the stream begins is kept as soon as it has begun.
    await lab.until(() => existsSync(join(folder, "cursor")));
    return example;
  };
  const first = await start();
  lab.mac.say(mia, "one for the follower");
  await lab.until(() => printed.includes("one for the follower"));
  first.kill("SIGKILL");
  await once(first, "exit");
  lab.mac.say(mia, "two for the follower");
  await start();
  await lab.until(() => printed.includes("re: two for the follower"));
  expect(printed.match(/message \S+ two for the follower/g)).toHaveLength(1);
});

it("tells a token what it may see and no more, and ends with it", async () => {
  const tokens = {
    all: await house.token("all"),
    read: await house.token("read", { scopes: ["read"] }),
    people: await house.token("people", { scopes: ["people"] }),
    mia: await house.token("mia", {}, [mia]),
  };
  const all = await stream(tokens.all);
  const read = await stream(tokens.read);
  const ofMia = await stream(tokens.mia);
  const one = await stream(tokens.all, `?chats=${encodeURIComponent(sam)}&types=message,draft`);
  lab.mac.say(mia, "for me");
  lab.mac.say(sam, "to review");
  lab.mac.say(eve, "may I come in?");
  await lab.until(() => lab.got(mia).includes("re: for me") && lab.got(eve).length === 1);
  await lab.until(() => all.told().some(({ type }) => type === "draft"));
  await lab.until(() => all.told().filter(({ type }) => type === "sent").length >= 2);
  await lab.until(() => one.told().length === 2);
  await lab.until(() => ofMia.told().some(({ type }) => type === "sent"));
  expect(all.types()).toEqual(
    expect.arrayContaining(["message", "decision", "turn", "sent", "draft", "pairing"]),
  );
  expect(read.types().toSorted()).toEqual(["decision", "message", "sent", "turn"]);
  expect(new Set(ofMia.told().map(({ chat }) => chat))).toEqual(new Set([`chat_id:${lab.mac.chatId(mia)}`]));
  expect(JSON.stringify(ofMia.told())).not.toMatch(/review|come in/);
  expect(one.told().map(({ type, data }) => [type, data.text ?? data.state])).toEqual([
    ["message", "to review"],
    ["draft", "held"],
  ]);
  // What one reads again is what the other has: nothing is told twice, or left out.
  const [first] = all.told();
  const again = await stream(tokens.all, "", { "Last-Event-ID": String(first!.id) });
  await lab.until(() => again.told().length === all.told().length - 1);
  expect(again.told()).toEqual(all.told().slice(1));

  const refused = async (token: string, path: string, headers = {}) => {
    const { status, body } = await house.ask(token, path, undefined, headers);
    return [status, body.code];
  };
  expect(await refused(tokens.people, "/v1/events")).toEqual([403, "SCOPE_MISSING"]);
  expect(await refused(tokens.read, "/v1/events?types=message,draft")).toEqual([403, "SCOPE_MISSING"]);
  expect(await refused(tokens.read, "/v1/events?types=nothing")).toEqual([400, "REQUEST_INVALID"]);
  expect(await refused(tokens.read, "/v1/events?account=nobody")).toEqual([404, "RESOURCE_UNKNOWN"]);
  const odd = { "Last-Event-ID": "GUID-1" };
  expect(await refused(tokens.read, "/v1/events", odd)).toEqual([400, "REQUEST_INVALID"]);

  expect((await lab.run("token", "revoke", "mia")).code).toBe(0);
  await lab.until(() => ofMia.state.isOver);
  lab.mac.say(mia, "after it was revoked");
  await lab.until(() => lab.got(mia).includes("re: after it was revoked"));
  expect(JSON.stringify(ofMia.told())).not.toContain("after it was revoked");
  expect([all.state.isOver, read.state.isOver]).toEqual([false, false]);
  expect(lab.got(owner).length).toBeGreaterThan(0);
});

it("ends cleanly when the gateway does, and has eight streams for a token", async () => {
  const token = await house.token("many", { scopes: ["read"] });
  // Who asks for nothing but headers has none of them.
  const headers = { Authorization: `Bearer ${token}` };
  for (let count = 0; count < 9; count++)
    expect((await fetch(`${house.url}/v1/events`, { method: "HEAD", headers })).status).toBe(200);
  const open = await Promise.all(Array.from({ length: 8 }, () => stream(token)));
  const { status, body } = await house.ask(token, "/v1/events");
  expect([status, body.code]).toEqual([429, "RATE_LIMITED"]);
  for (const each of open) each.state.retry = 0;
  await lab.stop();
  await lab.until(() => open.every(({ state }) => state.isOver));
  expect(open.map(({ state }) => state.retry)).toEqual(open.map(() => 1000));
});
