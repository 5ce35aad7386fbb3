import { createHmac } from "node:crypto";
import { mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { createAgent } from "../../../src/agents/index.js";
import { systemClock } from "../../../src/platform/index.js";
import { fakeTurn, runTurn } from "../../support/agent-turn.js";
import { until } from "../../support/process-alive.js";

type Handler = (request: IncomingMessage, response: ServerResponse, body: string, call: number) => void;

const servers: { close(): unknown; closeAllConnections?: () => void }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections?.();
    server.close();
  }
});

/** A service on loopback; counts its calls. */
async function service(handler: Handler): Promise<{ url: string; calls: () => number; server: Server }> {
  let calls = 0;
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => {
      calls += 1;
      handler(request, response, body, calls);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/turn`,
    calls: () => calls,
    server,
  };
}

function agentAt(url: string, more: object = {}) {
  return createAgent(
    { id: "main", workspace: tmpdir(), runtime: { type: "http", url, ...more } },
    { env: {}, home: "/", clock: systemClock, random: () => 0, zone: "UTC" },
  );
}

describe("http agent", () => {
  const answering = async (headers: Record<string, string>, body: Buffer, more: object = {}) => {
    const { url } = await service((_, response) => void response.writeHead(200, headers).end(body));
    return runTurn(await agentAt(url), fakeTurn("hi", more));
  };

  it.each([
    ["gzip", gzipSync("Grüße")],
    ["x-gzip", gzipSync("Grüße")],
    ["deflate", deflateSync("Grüße")],
    ["deflate", deflateRawSync("Grüße")],
    ["br", brotliCompressSync("Grüße")],
    ["gzip, br", brotliCompressSync(gzipSync("Grüße"))],
    ["identity", Buffer.from("Grüße")],
  ])("unpacks %s", async (encoding, body) => {
    expect((await answering({ "content-encoding": encoding, "content-type": "text/plain" }, body)).text).toBe(
      "Grüße",
    );
  });

  it.each([
    ["text/plain; charset=iso-8859-1", Buffer.from("Grüße", "latin1")],
    ['text/plain; charset="UTF-16LE"', Buffer.from("Grüße", "utf16le")],
    ["text/plain", Buffer.from("\ufeffGrüße", "utf16le")],
    ["", Buffer.from("\ufeffGrüße")],
    ["application/json; charset=windows-1252", Buffer.from('{"type":"text","text":"Grüße"}', "latin1")],
  ])("reads %s", async (type, body) => {
    expect((await answering({ "content-type": type }, body)).text).toBe("Grüße");
  });

  it.each([
    ["text/html; charset=utf-8", "", Buffer.from("Log in first")],
    ["text/plain", "", Buffer.from("Grüße", "latin1")],
    ["text/plain; charset=klingon", "", Buffer.from("Hi")],
    ["application/octet-stream", "", Buffer.from([1, 2, 3, 0, 255])],
    ["application/zip", "", Buffer.from("PK\u0003\u0004\0\0")],
    ["text/plain", "zstd", Buffer.from("Hi")],
    ["text/plain", "gzip", Buffer.from("Hi")],
    ["text/plain", "gzip", gzipSync(Buffer.alloc(26_000_000))],
  ])("fails a turn whose answer is %s %s that it cannot read", async (type, encoding, body) => {
    const headers = { "content-type": type, ...(encoding && { "content-encoding": encoding }) };
    await expect(answering(headers, body)).rejects.toMatchObject({ code: "AGENT_OUTPUT" });
  });

  it("sends a picture that is the answer, and words that only begin like one as words", async () => {
    const temporaryFolder = mkdtempSync(join(realpathSync(tmpdir()), "tapback-http-"));
    const png = Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), Buffer.alloc(20)]);
    try {
      for (const [headers, name] of [
        [{ "content-type": "image/png" }, "answer.png"],
        [{ "content-type": "text/plain" }, "answer.png"],
        [
          { "content-type": "image/png", "content-disposition": 'inline; filename="../../cat.png"' },
          "cat.png",
        ],
      ] as const) {
        const { events } = await answering(headers, png, { temporaryFolder });
        const [event] = events.filter(({ type }) => type === "text");
        expect(event).toMatchObject({ text: "", media: [expect.stringContaining(`/${name}`)] });
        const [path] = (event as { media: string[] }).media;
        expect(path!.startsWith(temporaryFolder)).toBe(true);
        expect(readFileSync(path!)).toEqual(png);
      }
      await expect(answering({ "content-type": "image/png" }, png)).rejects.toMatchObject({
        code: "AGENT_OUTPUT",
      });
      expect((await answering({ "content-type": "text/plain" }, Buffer.from("caffeine"))).text).toBe(
        "caffeine",
      );
    } finally {
      rmSync(temporaryFolder, { recursive: true, force: true });
    }
  });

  it("does nothing more of an answer once its turn is ended", async () => {
    const ended = new AbortController();
    const texts = ["one", "two", "three"].map((text) => ({ type: "action", id: text, action: "send", text }));
    const { url } = await service((_, response) =>
      response.setHeader("content-type", "application/json").end(JSON.stringify(texts)),
    );
    const turn = fakeTurn("hi");
    const { act } = turn.message;
    turn.message.act = async (action, parameters) => {
      const done = await act(action, parameters);
      if (turn.acted.length === 2) ended.abort(new Error("stopped"));
      return done;
    };
    await expect(runTurn(await agentAt(url), turn, ended.signal)).rejects.toThrow("stopped");
    expect(turn.acted.map(({ parameters }) => parameters.text)).toEqual(["one", "two"]);
  });

  it("takes a service that wants to speak another protocol for lost", async () => {
    const server = createTcpServer((socket) => {
      socket.once("data", () =>
        socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n"),
      );
      socket.on("error", () => {});
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const agent = await agentAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}/turn`);
    await expect(runTurn(agent, fakeTurn("hi"))).rejects.toMatchObject({ code: "AGENT_HTTP_LOST" });
  });

  it("posts the envelope, signed, and answers with the text", async () => {
    const now = 1_778_307_242_318;
    let checked: unknown;
    const { url } = await service((request, response, body) => {
      const timestamp = request.headers["x-tapback-timestamp"];
      const expected = createHmac("sha256", "s3cret").update(`${timestamp}.${body}`).digest("hex");
      checked = {
        signed: request.headers["x-tapback-signature"] === `sha256=${expected}`,
        timestamp,
        key: request.headers["idempotency-key"],
        own: request.headers["x-own"],
        text: JSON.parse(body).text,
      };
      response.setHeader("content-type", "text/plain; charset=utf-8").end("Hi é\n");
    });
    const turn = fakeTurn("hello", { now });
    const ran = await runTurn(await agentAt(url, { secret: "s3cret", headers: { "X-Own": "1" } }), turn);
    expect(ran.text).toBe("Hi é");
    expect(checked).toEqual({
      signed: true,
      timestamp: "1778307242",
      key: turn.envelope.turnId,
      own: "1",
      text: "hello",
    });
  });

  it.each([
    ["application/json", '{"type":"text","text":"one"}', "one"],
    [
      "application/json",
      '[{"type":"text","text":"a"},{"type":"later"},{"type":"text","text":"b"}]',
      "a\n\nb",
    ],
    ["application/x-ndjson", '{"type":"text","text":"a"}\n{"type":"end"}\n{"type":"text","text":"b"}\n', "a"],
    ["text/plain", "  ", ""],
  ])("reads %s", async (type, body, expected) => {
    const { url } = await service((_, response) => response.setHeader("content-type", type).end(body));
    expect((await runTurn(await agentAt(url), fakeTurn("x"))).text).toBe(expected);
  });

  it("hands on what the service says of its cost", async () => {
    const body =
      '[{"type":"usage","inputTokens":7,"outputTokens":2,"cachedInputTokens":5},{"type":"text","text":"a"}]';
    const { url } = await service((_, response) =>
      response.setHeader("content-type", "application/json").end(body),
    );
    expect((await runTurn(await agentAt(url), fakeTurn("x"))).events).toEqual([
      { type: "usage", model: "unnamed", inputTokens: 7, outputTokens: 2, cachedInputTokens: 5 },
      { type: "text", text: "a" },
    ]);
  });

  it("runs actions, and refuses files from elsewhere", async () => {
    const events = [
      { type: "action", id: 1, action: "react", emoji: "love" },
      { type: "action", id: 2, action: "edit" },
      { type: "text", text: "see", media: ["/etc/passwd"] },
    ];
    const { url } = await service((_, response) =>
      response.setHeader("content-type", "application/json").end(JSON.stringify(events)),
    );
    const turn = fakeTurn("x", { failAction: "edit" });
    const ran = await runTurn(await agentAt(url), turn);
    expect(turn.acted.map(({ action }) => action)).toEqual(["react", "edit"]);
    expect(ran.media).toEqual([]);
    expect(ran.notes).toEqual([
      expect.stringMatching(/^edit failed/),
      expect.stringMatching(/^FILE_REFUSED/),
    ]);
  });

  it("schedules and reads the past by actions, and tells a service that goes on how they went", async () => {
    const bodies: Record<string, unknown>[] = [];
    const keys: unknown[] = [];
    const { url } = await service((request, response, body, call) => {
      bodies.push(JSON.parse(body));
      keys.push(request.headers["idempotency-key"]);
      const action = { type: "action", action: "schedule" };
      const first = [
        { ...action, id: "a", do: "add", text: "cook", at: "17:00" },
        { ...action, id: "b", do: "add", text: "cook", at: "tomorrow" },
        { type: "action", id: "c", action: "history", limit: 5 },
        { type: "text", text: "see", media: ["/etc/passwd"] },
        { type: "continue" },
      ];
      const then = [
        [{ ...action, id: "d", do: "cancel", scheduleId: "s1" }, { type: "continue" }],
        [{ type: "text", text: "all done" }],
      ];
      const events = call === 1 ? first : then[call - 2];
      response.setHeader("content-type", "application/json").end(JSON.stringify(events));
    });
    const history = {
      recent: async () => [{ sender: "me", text: "hi", sentAt: "then" }],
      search: async () => [],
    };
    const turn = { ...fakeTurn("x"), history };
    const ran = await runTurn(await agentAt(url), turn);
    expect(ran.text).toBe("see\n\nall done");
    expect(turn.scheduled).toEqual([]);
    expect(keys).toEqual(["", "-2", "-3"].map((round) => `${turn.envelope.turnId}${round}`));
    expect(bodies[0]).toEqual(turn.envelope);
    expect(bodies[1]).toMatchObject({
      turnId: turn.envelope.turnId,
      results: [
        { type: "result", id: "a", ok: true, value: { id: "s1", onTheClock: "2026-05-09 17:00 (UTC)" } },
        { type: "result", id: "b", ok: false, error: { code: "ACTION_PARAMETERS" } },
        { type: "result", id: "c", ok: true, value: [{ text: "hi" }] },
        { type: "refused", path: "/etc/passwd", error: { code: "FILE_REFUSED" } },
      ],
    });
    expect(bodies[2]).toMatchObject({ results: [{ id: "d", ok: true, value: { cancelled: true } }] });
  });

  it("fails when a service goes on without end", async () => {
    const { url, calls } = await service((_, response) =>
      response.setHeader("content-type", "application/json").end('{"type":"continue"}'),
    );
    const asked = runTurn(await agentAt(url), fakeTurn("x"));
    await expect(asked).rejects.toMatchObject({ code: "AGENT_OUTPUT", message: /go on more than 10 times/ });
    expect(calls()).toBe(11);
  });

  it("asks again when it is told when", async () => {
    const { url, calls } = await service((_, response, __, call) => {
      if (call < 3) response.writeHead(call === 1 ? 503 : 429, { "retry-after": "0" }).end();
      else response.end("at last");
    });
    expect((await runTurn(await agentAt(url), fakeTurn("x"))).text).toBe("at last");
    expect(calls()).toBe(3);
  });

  it("asks again when no connection came about", async () => {
    const probe = createTcpServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => probe.once("listening", resolve));
    const { port } = probe.address() as AddressInfo;
    await new Promise((resolve) => probe.close(resolve));
    const running = runTurn(await agentAt(`http://127.0.0.1:${port}/`), fakeTurn("x"));
    const server = createServer((_, response) => response.end("up"));
    servers.push(server);
    server.listen(port, "127.0.0.1");
    expect((await running).text).toBe("up");
  });

  it.each<[string, string, Handler]>([
    ["a server error", "AGENT_HTTP_STATUS", (_, response) => response.writeHead(500).end("stack trace")],
    ["overload without a time", "AGENT_HTTP_STATUS", (_, response) => response.writeHead(503).end()],
    [
      "overload for hours",
      "AGENT_HTTP_STATUS",
      (_, response) => response.writeHead(429, { "retry-after": "9999" }).end(),
    ],
    [
      "a redirect",
      "AGENT_HTTP_STATUS",
      (_, response) => response.writeHead(307, { location: "/other" }).end(),
    ],
    ["a connection that breaks before the answer", "AGENT_HTTP_LOST", (request) => request.socket.destroy()],
    [
      "a connection that breaks in the answer",
      "AGENT_HTTP_LOST",
      (request, response) => {
        response.writeHead(200, { "content-length": "100" }).write("half");
        setTimeout(() => request.socket.destroy(), 20);
      },
    ],
    ["an endless answer", "AGENT_OUTPUT", (_, response) => response.end("x".repeat(1_000_001))],
    [
      "the page of a login",
      "AGENT_OUTPUT",
      (_, response) =>
        response
          .setHeader("content-type", "text/html")
          .end("\n<!DOCTYPE html><html><body>Log in</body></html>"),
    ],
    [
      "JSON that is none",
      "AGENT_OUTPUT",
      (_, response) => response.setHeader("content-type", "application/json").end("{"),
    ],
    [
      "an event that is none",
      "AGENT_OUTPUT",
      (_, response) => response.setHeader("content-type", "application/json").end('{"text":"no type"}'),
    ],
  ])("fails once on %s", async (_what, code, handler) => {
    const { url, calls } = await service(handler);
    await expect(runTurn(await agentAt(url), fakeTurn("x"))).rejects.toMatchObject({ code });
    expect(calls()).toBe(1);
  });

  it("ends with the turn", async () => {
    let closed = false;
    const { url, calls } = await service((request) => request.socket.on("close", () => (closed = true)));
    const abort = new AbortController();
    const running = runTurn(await agentAt(url), fakeTurn("x"), abort.signal);
    running.catch(() => {});
    await until("it was asked", () => calls() === 1);
    abort.abort(new Error("stopped"));
    await expect(running).rejects.toThrow("stopped");
    await until("the connection is closed", () => closed);
  });
});
