import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { acpAgent } from "./acp-agent.js";
import type { FakeReply } from "./fake-models.js";

/** Stands in every cause: what a contact must never see. */
export const secret = "SECRET-CAUSE";
export const apiKey = "sk-very-secret-key";

/** One way in which an agent fails. */
export interface Failure {
  runtime: Record<string, unknown>;
  /** What it is told. */
  text: string;
  /** What the owner, the log and `explain` are told. */
  code: string;
}

const acp = (settings: Record<string, unknown>, text: string, code: string): Failure => ({
  runtime: { type: "acp", acp: settings },
  text,
  code,
});
const fixture = (mode: string, text: string, code: string): Failure =>
  acp({ command: process.execPath, args: [acpAgent], env: { ACP_MODE: mode } }, text, code);

/** Every error class of the runtime `acp`. */
export function acpFailures(): Failure[] {
  return [
    fixture("", "crash", "AGENT_CRASHED"),
    fixture("", "hangup", "AGENT_CRASHED"),
    fixture("", "fail", "AGENT_PROTOCOL"),
    fixture("", "refuse", "AGENT_REFUSED"),
    fixture("", "logout", "AGENT_LOGIN"),
    fixture("login", "hello", "AGENT_LOGIN"),
    fixture("old", "hello", "AGENT_PROTOCOL"),
    acp({ command: `/nowhere/${secret}` }, "hello", "AGENT_NOT_FOUND"),
    acp({ command: "false" }, "hello", "AGENT_CRASHED"),
    acp({ command: "cat" }, "hello", "AGENT_PROTOCOL"),
  ];
}

/** Every error class of the runtime `command`. @param folder where its programs are put */
export function commandFailures(folder: string): Failure[] {
  const script = join(folder, "fails.mjs");
  const event = `{"type":"text","text":"${secret}"}`;
  const says: Record<string, string> = {
    exit: `console.log("${secret} half"); console.error("${secret}"); process.exitCode = 3;`,
    event: `console.log('{"type":"text","text":["${secret}"]}');`,
    failedEvents: `console.log('{"type":"text"'); console.error("${secret}"); process.exitCode = 4;`,
    half: `process.stdout.write('${event.slice(0, -3)}');`,
    much: `console.log("${secret}".repeat(100_000));`,
    words: `console.log("${secret}");`,
    binary: `process.stdout.write(Buffer.from("${secret}\\xff", "latin1"));`,
    killed: `console.log("${secret}"); process.kill(process.pid, "SIGKILL");`,
    thrown: `throw new Error("${secret}");`,
  };
  writeFileSync(
    script,
    `switch (process.argv[2]) {${Object.entries(says)
      .map(([name, body]) => `case "${name}": ${body} break;`)
      .join("\n")}}`,
  );
  const unstartable = join(folder, secret);
  writeFileSync(unstartable, "no program", { mode: 0o600 });
  const failure = (output: string, way: string, code: string): Failure => ({
    runtime: { type: "command", command: process.execPath, args: [script, way], output },
    text: "hello",
    code,
  });
  const program = (more: Record<string, unknown>, code: string): Failure => ({
    runtime: { type: "command", command: process.execPath, ...more },
    text: "hello",
    code,
  });
  return [
    failure("text", "exit", "AGENT_EXIT"),
    failure("text", "killed", "AGENT_EXIT"),
    failure("text", "thrown", "AGENT_EXIT"),
    failure("text", "much", "AGENT_OUTPUT"),
    failure("jsonl", "failedEvents", "AGENT_EXIT"),
    failure("jsonl", "event", "AGENT_OUTPUT"),
    failure("jsonl", "half", "AGENT_OUTPUT"),
    failure("jsonl", "words", "AGENT_OUTPUT"),
    failure("text", "binary", "AGENT_OUTPUT"),
    program({ command: `/nowhere/${secret}` }, "AGENT_NOT_FOUND"),
    program({ command: unstartable }, "AGENT_START"),
    program({ cwd: `/nowhere/${secret}` }, "AGENT_CWD"),
  ];
}

/** Every error class of the runtime `http`. @param url of {@link startFailingService} */
export function httpFailures(url: string): Failure[] {
  const failure = (path: string, code: string): Failure => ({
    runtime: { type: "http", url: `${url}/${path}` },
    text: "hello",
    code,
  });
  return [
    failure("500", "AGENT_HTTP_STATUS"),
    failure("404", "AGENT_HTTP_STATUS"),
    failure("302", "AGENT_HTTP_STATUS"),
    failure("json", "AGENT_OUTPUT"),
    failure("event", "AGENT_OUTPUT"),
    failure("much", "AGENT_OUTPUT"),
    failure("html", "AGENT_OUTPUT"),
    failure("cut", "AGENT_HTTP_LOST"),
    failure("rst", "AGENT_HTTP_LOST"),
    {
      ...failure("", "AGENT_HTTP_UNREACHABLE"),
      runtime: { type: "http", url: `http://127.0.0.1:1/${secret}` },
    },
  ];
}

/** A web service that answers wrongly in the way that its path names. */
export async function startFailingService(): Promise<{ url: string; close(): void }> {
  const server: Server = createServer((request, response) => {
    const way = request.url!.slice(1);
    const json = { "content-type": "application/json" };
    if (/^\d+$/.test(way)) response.writeHead(Number(way), { location: `/${secret}` }).end(secret);
    else if (way === "json") response.writeHead(200, json).end(`{"text": "${secret}`);
    else if (way === "event") response.writeHead(200, json).end(`{"error": "${secret}"}`);
    else if (way === "much") response.writeHead(200).end(secret.repeat(100_000));
    else if (way === "html") response.writeHead(200, { "content-type": "text/html" }).end(secret);
    else if (way === "rst") request.socket.destroy();
    else {
      response.writeHead(200, { "content-length": "1000" });
      response.write(secret, () => response.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const body = (message: string) => JSON.stringify({ error: { message: `${message} ${secret} ${apiKey}` } });
const stream = { "content-type": "text/event-stream" };

/** What a model's server does, by the name of the model; the same for every protocol. */
export const modelReplies: Record<string, { reply: FakeReply; code: string }> = {
  key: { reply: { status: 401, body: body("invalid x-api-key") }, code: "MODEL_KEY" },
  quota: { reply: { status: 429, body: body("insufficient_quota") }, code: "MODEL_QUOTA" },
  credit: { reply: { status: 400, body: body("Your credit balance is too low") }, code: "MODEL_QUOTA" },
  overload: {
    reply: { status: 529, body: body("overloaded"), headers: { "retry-after": "120" } },
    code: "MODEL_OVERLOADED",
  },
  unknown: { reply: { status: 404, body: body("no such model") }, code: "MODEL_UNKNOWN" },
  request: { reply: { status: 400, body: body("bad tool schema") }, code: "MODEL_REQUEST" },
  context: { reply: { status: 400, body: body("maximum context length is 8192") }, code: "MODEL_CONTEXT" },
  down: {
    reply: { status: 500, body: body("internal"), headers: { "retry-after-ms": "1" } },
    code: "MODEL_FAILED",
  },
  page: {
    reply: { status: 200, body: `<html>${secret}</html>`, headers: { "content-type": "text/html" } },
    code: "MODEL_CUT",
  },
  "error-event": {
    reply: { status: 200, body: `event: error\ndata: ${body("internal")}\n\n`, headers: stream },
    code: "MODEL_FAILED",
  },
  empty: { reply: { text: `<think>${secret}</think>` }, code: "MODEL_EMPTY" },
  rst: { reply: { text: `half of it ${secret} and on`, cut: "rst" }, code: "MODEL_NETWORK" },
  end: { reply: { text: `half of it ${secret} and on`, cut: "end" }, code: "MODEL_CUT" },
};

/** Every error class of the runtime `llm`, for a provider of {@link modelReplies}. */
export function modelFailures(provider: string): Failure[] {
  return Object.entries(modelReplies).map(([model, { code }]) => ({
    runtime: { type: "llm", model: `${provider}/${model}` },
    text: "hello",
    code,
  }));
}
