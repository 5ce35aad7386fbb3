import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { anthropicMessage, chatCompletion, geminiContent, openaiResponse } from "./fake-model-streams.js";
import { wholeAnswer } from "./fake-model-whole.js";

/** What the server does with one request. */
export interface FakeReply {
  /** Streamed word by word. */
  text?: string;
  tools?: { name: string; input: unknown; namespace?: string }[];
  /** Words that a tool is looked for with, where the protocol (OpenAI's responses) has that. */
  search?: string;
  finish?: "length";
  status?: number;
  body?: string;
  headers?: Record<string, string>;
  /** Closes the connection in mid-stream: `rst` breaks it, `end` ends it politely without an end mark. */
  cut?: "rst" | "end";
  /** Says nothing more after the text. */
  stall?: boolean;
  /** The answer begins when this has come. */
  after?: Promise<void>;
}

export interface FakeRequest {
  path: string;
  headers: Record<string, unknown>;
  /** As sent. */
  raw: string;
  // biome-ignore lint/suspicious/noExplicitAny: the protocols' own shapes, looked into by tests
  body: any;
}

export interface FakeModels {
  /** Base address for `models.providers`. */
  baseUrl: string;
  requests: FakeRequest[];
  /** Answers for the next requests, in order; when they are used up, `answer` is asked. */
  script: FakeReply[];
  answer: (request: FakeRequest) => FakeReply;
  /** The models that it lists, whoever asks. */
  offered: string[];
  /** The one bearer whose requests are answered; absent: every one's. */
  key?: string;
  /** What it tells of itself, by path, beside its list of models; questions for anything else of that kind get 404. */
  told: Record<string, unknown>;
  /** The paths of such questions, in order. */
  asked: string[];
  close(): Promise<void>;
}

/**
 * A model server on loopback: OpenAI's chat completions and responses, Anthropic's messages and Gemini's content. It
 * streams, and answers whole where that is asked for.
 */
export async function startFakeModels(): Promise<FakeModels> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", async () => {
      const raw = Buffer.concat(parts).toString("utf8");
      const path = request.url!;
      if (request.method !== "POST" || path.startsWith("/api/")) models.asked.push(path);
      if (models.told[path] !== undefined || path.startsWith("/api/")) {
        response.writeHead(models.told[path] === undefined ? 404 : 200, {
          "content-type": "application/json",
        });
        response.end(JSON.stringify(models.told[path] ?? {}));
        return;
      }
      if (request.method !== "POST") {
        const data = models.offered.map((id) => ({ id, object: "model" }));
        response.writeHead(200, { "content-type": "application/json" });
        response.end(JSON.stringify({ object: "list", data }));
        return;
      }
      const seen = { path, headers: request.headers, raw, body: JSON.parse(raw || "{}") };
      const counted = countOf(path);
      if (counted !== undefined) {
        response.writeHead(200, { "content-type": "application/json" });
        response.end(JSON.stringify(counted));
        return;
      }
      models.requests.push(seen);
      if (models.key !== undefined && request.headers.authorization !== `Bearer ${models.key}`) {
        response.writeHead(401, { "content-type": "application/json" });
        response.end(JSON.stringify({ error: { message: "Incorrect API key provided" } }));
        return;
      }
      const reply = models.script.shift() ?? models.answer(seen);
      await reply.after;
      if (reply.status !== undefined) {
        response.writeHead(reply.status, { "content-type": "application/json", ...reply.headers });
        response.end(reply.body ?? "{}");
        return;
      }
      if (!isStreamed(seen)) {
        response.writeHead(200, { "content-type": "application/json" });
        // A model that says no more does so where nothing is streamed, too.
        if (reply.stall !== true) response.end(JSON.stringify(wholeAnswer(protocolOf(path), reply)));
        return;
      }
      response.writeHead(200, { "content-type": "text/event-stream" });
      send(response, streams[protocolOf(path)](reply), reply);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const models: FakeModels = {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests: [],
    script: [],
    told: {},
    asked: [],
    answer: () => ({ text: "Hello from the model" }),
    offered: ["m"],
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return models;
}

function send(response: ServerResponse, events: string[], { cut, stall }: FakeReply): void {
  if (cut === undefined && stall !== true) {
    response.end(events.join(""));
    return;
  }
  response.write(events.slice(0, Math.ceil(events.length / 2)).join(""), () => {
    if (cut === "rst") setTimeout(() => response.destroy(), 20);
    if (cut === "end") response.end();
  });
}

/** The protocols, by the end of the path. */
export type ModelProtocol = "chat" | "responses" | "messages" | "gemini";

const streams: Record<ModelProtocol, (reply: FakeReply) => string[]> = {
  chat: chatCompletion,
  responses: openaiResponse,
  messages: anthropicMessage,
  gemini: geminiContent,
};

/** Which protocol a path is of. */
export function protocolOf(path: string): ModelProtocol {
  const [place] = path.split("?");
  if (place!.endsWith("/messages")) return "messages";
  if (place!.endsWith("/responses")) return "responses";
  return /:(?:stream)?generateContent$/i.test(place!) ? "gemini" : "chat";
}

function isStreamed({ path, body }: FakeRequest): boolean {
  if (protocolOf(path) === "gemini") return path.includes(":streamGenerateContent");
  return body.stream !== false && (protocolOf(path) === "chat" || body.stream === true);
}

/** What a question for the size of a prompt is answered with. */
function countOf(path: string): object | undefined {
  if (path.includes("/count_tokens")) return { input_tokens: 100 };
  return path.includes(":countTokens") ? { totalTokens: 100 } : undefined;
}
