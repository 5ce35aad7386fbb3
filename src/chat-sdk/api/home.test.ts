import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createMemoryState } from "@chat-adapter/state-memory";
import { Chat } from "chat";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { standardHeaders } from "../../webhooks/sign.js";
import { createTapbackAdapter } from "../adapter.js";

const mia = "+15550100123";
const secret = `whsec_${"A".repeat(40)}`;
const patient = { timeout: 20_000 };

/** What the gateway was asked to send, and the streams that are open. */
let posted: string[];
let streams: ServerResponse[];
/** Whether the gateway breaks off what it is asked to send. */
let isAway: boolean;
let gateway: Server;
let url: string;
let bot: Chat;
beforeEach(async () => {
  [posted, streams, isAway] = [[], [], false];
  gateway = createServer((request, response) => {
    if (request.url?.startsWith("/v1/events")) {
      response.writeHead(200, { "Content-Type": "text/event-stream" });
      streams.push(response);
      tell({ id: Number(request.headers["last-event-id"] ?? 0), type: "cursor", data: {} });
      return;
    }
    if (isAway) return void request.destroy();
    let body = "";
    request.on("data", (part) => {
      body += part;
    });
    request.on("end", () => {
      posted.push(JSON.parse(body).text);
      response.writeHead(200, { "Content-Type": "application/json" });
      response.end(JSON.stringify({ state: "stored", parts: [{ id: 1, guid: `SENT-${posted.length}` }] }));
    });
  });
  await new Promise<void>((resolve) => gateway.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await bot.shutdown();
  gateway.closeAllConnections();
  gateway.close();
});

const common = { at: "2026-05-09T06:14:02Z", account: "default", chat: "chat_id:7" };
/** The two events of a message that was let in. */
function eventsOf(entry: number, text: string) {
  const row = { entry, rowId: entry, guid: `GUID-${entry}`, sender: mia, sentAt: common.at };
  return [
    { ...common, id: entry * 2 - 1, type: "message", data: { ...row, text, chatGuid: `iMessage;-;${mia}` } },
    { ...common, id: entry * 2, type: "decision", data: { entry, decision: "dispatch" } },
  ];
}

/** Tells the newest stream. */
function tell(event: { id: number; type: string; data: object }): void {
  streams.at(-1)!.write(`id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
}

function make(webhookSecret?: string): Chat {
  const tapback = createTapbackAdapter({
    api: { url, token: "token", ...(webhookSecret && { webhookSecret }) },
  });
  const state = createMemoryState();
  const disconnect = state.disconnect.bind(state);
  // As one on a server, it is there a little longer.
  state.disconnect = async () => {
    await new Promise(setImmediate);
    await disconnect();
  };
  bot = new Chat({ userName: "bot", adapters: { tapback }, state, logger: "silent" });
  return bot;
}

/** The gateway posts an event. @returns the status of the answer */
async function post(event: { id: number }): Promise<number> {
  const body = JSON.stringify(event);
  const headers = standardHeaders([secret], `event-${event.id}`, body, Date.now());
  const request = new Request("http://bot/", { method: "POST", headers, body });
  return (await bot.webhooks.tapback!(request)).status;
}

describe("a bot that is initialized again after its shutdown", () => {
  const answer = (chat: Chat) =>
    chat.onNewMention(async (thread, { text }) => void (await thread.post(`You said: ${text}`)));

  it("reads the stream again from where it was, and posts", async () => {
    answer(make());
    await bot.initialize();
    for (const event of eventsOf(1, "one")) tell(event);
    await expect.poll(() => posted, patient).toEqual(["You said: one"]);
    await bot.shutdown();
    await bot.initialize();
    expect(streams).toHaveLength(2);
    for (const event of eventsOf(2, "two")) tell(event);
    await expect.poll(() => posted, patient).toEqual(["You said: one", "You said: two"]);
  });

  it("takes webhooks again", async () => {
    answer(make(secret));
    await bot.initialize();
    for (const event of eventsOf(1, "one")) expect(await post(event)).toBe(204);
    await bot.shutdown();
    await bot.initialize();
    for (const event of eventsOf(2, "two")) expect(await post(event)).toBe(204);
    expect(posted).toEqual(["You said: one", "You said: two"]);
    expect(streams).toEqual([]);
  });
});

it("takes no webhook for done whose post a shutdown cut off", async () => {
  const handled: string[] = [];
  make(secret).onNewMention(async (thread, { text }) => {
    handled.push(text);
    await thread.post(`You said: ${text}`);
  });
  await bot.initialize();
  isAway = true;
  const [message, decision] = eventsOf(1, "one");
  expect(await post(message!)).toBe(204);
  const first = post(decision!);
  await expect.poll(() => handled, patient).toEqual(["one"]);
  await bot.shutdown();
  expect(await first).toBe(503);
  isAway = false;
  await bot.initialize();
  expect(await post(decision!)).toBe(204);
  expect(await post(decision!)).toBe(204);
  expect([handled, posted]).toEqual([["one", "one"], ["You said: one"]]);
});
