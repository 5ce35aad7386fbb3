import { type JSONRPCMessage, parseJSONRPCMessage, type Transport } from "@modelcontextprotocol/server";
import { askable, type Clock, follow, LineSplitter } from "../../../platform/index.js";
import { callMs } from "./client.js";

/** Most of one answer, bytes. */
const maxBytes = 16_000_000;
/** Longer than a tool may run: the request is given up first, milliseconds. */
const limitMs = callMs + 10_000;
/** How long a server may take to hear that a session ends, milliseconds. */
const partingMs = 2000;

/**
 * A server that is reached over HTTP ("Streamable HTTP"): each message is posted, the answer is JSON or a stream of events.
 * Redirects are not followed: they would carry its headers elsewhere.
 */
export class HttpTransport implements Transport {
  onmessage?: (message: JSONRPCMessage) => void;
  onclose?: () => void;
  sessionId?: string;
  #version: string | undefined;
  readonly #over = new AbortController();

  constructor(
    private readonly url: string,
    private readonly headers: Record<string, string>,
    private readonly clock: Clock,
  ) {}

  /** Nothing happens before the first message. */
  async start(): Promise<void> {}

  /** Takes the version that was agreed on; every later request names it. */
  setProtocolVersion(version: string): void {
    this.#version = version;
  }

  /** @throws where the server refuses, cannot be reached, or breaks off before it answered */
  async send(message: JSONRPCMessage): Promise<void> {
    const id = "method" in message && "id" in message ? message.id : undefined;
    let isAnswered = id === undefined;
    const take = (answer: unknown) => {
      for (const each of Array.isArray(answer) ? answer : [answer]) {
        const parsed = parseJSONRPCMessage(each);
        if (!("method" in parsed) && parsed.id === id) isAnswered = true;
        this.onmessage?.(parsed);
      }
    };
    const session = this.sessionId;
    await this.#fetch("POST", JSON.stringify(message), limitMs, async (response) => {
      this.sessionId = response.headers.get("mcp-session-id") ?? this.sessionId;
      if (!response.ok) {
        // The server knows the session no more, which some tell by 400: a new one has to begin.
        const isUnknown = response.status === 404 || (response.status === 400 && id !== undefined);
        if (isUnknown && session !== undefined) this.#end();
        throw new Error(`the server answered with status ${response.status}`);
      }
      const type = response.headers.get("content-type") ?? "";
      if (/^text\/event-stream\b/i.test(type)) await readEvents(response, take);
      else if (/\bjson\b/i.test(type)) {
        const parts: Uint8Array[] = [];
        await readBounded(response, (part) => parts.push(part));
        if (parts.length > 0) take(JSON.parse(Buffer.concat(parts).toString("utf8")));
      }
    });
    if (!isAnswered) throw new Error("the server broke off before it answered");
  }

  /** Tells the server that its session ends, within two seconds, and gives up what still runs. */
  async close(): Promise<void> {
    if (this.#over.signal.aborted) return;
    if (this.sessionId !== undefined)
      await this.#fetch("DELETE", undefined, partingMs, async () => {}).catch(() => {});
    this.#end();
  }

  #end(): void {
    if (this.#over.signal.aborted) return;
    this.#over.abort();
    this.onclose?.();
  }

  async #fetch(
    method: string,
    body: string | undefined,
    ms: number,
    read: (response: Response) => Promise<void>,
  ): Promise<void> {
    const limit = new AbortController();
    const stopTimer = this.clock.after(ms, () => limit.abort(), { unref: true });
    const unfollow = follow(limit, this.#over.signal);
    try {
      const asked = askable(this.url, this.headers);
      const response = await fetch(asked.url, {
        method,
        headers: {
          ...asked.headers,
          accept: "application/json, text/event-stream",
          "content-type": "application/json",
          ...(this.sessionId === undefined ? {} : { "mcp-session-id": this.sessionId }),
          ...(this.#version === undefined ? {} : { "mcp-protocol-version": this.#version }),
        },
        ...(body === undefined ? {} : { body }),
        redirect: "error",
        signal: limit.signal,
      });
      await read(response);
    } finally {
      stopTimer();
      unfollow();
      // What is left of the answer is not wanted, and its connection is free again.
      limit.abort();
    }
  }
}

/** @throws where there is more than a tool's result can be */
async function readBounded(response: Response, take: (part: Uint8Array) => void): Promise<void> {
  let bytes = 0;
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += part.length;
    if (bytes > maxBytes) throw new Error(`the server answered with more than ${maxBytes / 1e6} MB`);
    take(part);
  }
}

/** Server-sent events: the data of each is one message. */
async function readEvents(response: Response, take: (message: unknown) => void): Promise<void> {
  let data: string[] = [];
  const lines = new LineSplitter(maxBytes, (raw) => {
    const line = raw.replace(/\r$/, "");
    if (line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""));
    if (line !== "" || data.length === 0) return;
    const text = data.join("\n");
    data = [];
    if (text.trim() !== "") take(JSON.parse(text));
  });
  await readBounded(response, (part) => lines.push(Buffer.from(part)));
}
