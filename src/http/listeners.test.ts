import { connect, createServer, type Server } from "node:net";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { FakeClock } from "../../test/support/fake-clock.js";
import { HttpListeners } from "./listeners.js";
import type { Site } from "./site.js";

let clock: FakeClock;
let listeners: HttpListeners;
const told: string[] = [];
const say = (message: string) => void told.push(message);
beforeEach(() => {
  clock = new FakeClock();
  told.length = 0;
  listeners = new HttpListeners({ clock, log: { debug: say, info: say, warn: say, error: say } });
});
afterEach(() => listeners.close());

const load = vi.fn(async () => (request: Request) => new Response(`${new URL(request.url).pathname} by one`));
const site = (name: string, prefix: string, port = 0): Site => ({
  name,
  host: "127.0.0.1",
  port,
  prefix,
  load,
});
const get = async (path: string) => (await fetch(`${listeners.states[0]!.url}${path}`)).text();

it("serves the sites of one address on one port, each under its prefix, and loads each once", async () => {
  load.mockClear();
  await listeners.apply([site("api", "/v1/")]);
  const { url } = listeners.states[0]!;
  const more = async () => (request: Request) => new Response(`${new URL(request.url).pathname} by another`);
  await listeners.apply([site("api", "/v1/"), { ...site("console", "/"), load: more }]);
  expect(listeners.states.map((state) => state.url)).toEqual([url, url]);
  expect(await get("/v1/chats")).toBe("/v1/chats by one");
  expect(await get("/index.html")).toBe("/index.html by another");
  expect(load).toHaveBeenCalledTimes(1);
  await listeners.apply([site("api", "/v1/")]);
  expect((await fetch(`${url}/index.html`)).status).toBe(404);
  await listeners.apply([]);
  expect(listeners.states).toEqual([]);
  await expect(fetch(`${url}/v1/chats`)).rejects.toThrow();
});

it("tells where a site listens that leaves the port which it shared", async () => {
  const free: Server = createServer();
  await new Promise<void>((resolve) => free.listen(0, "127.0.0.1", resolve));
  const { port } = free.address() as { port: number };
  await new Promise((resolve) => free.close(resolve));
  await listeners.apply([site("api", "/v1/"), site("console", "/console")]);
  told.length = 0;
  await listeners.apply([site("api", "/v1/", port), site("console", "/console")]);
  expect(told).toEqual([`api: listening on http://127.0.0.1:${port}`]);
  expect(listeners.states.filter(({ name }) => name === "api")).toHaveLength(1);
});

it("ends what is under way at a site that goes, and at no other of its address", async () => {
  const ends = new Map<string, AbortSignal[]>();
  const named = (name: string, prefix: string): Site => ({
    ...site(name, prefix),
    async load(signal) {
      ends.set(name, [...(ends.get(name) ?? []), signal]);
      return () =>
        new Response(
          new ReadableStream({ start: (body) => signal.addEventListener("abort", () => body.close()) }),
        );
    },
  });
  const [api, console] = [named("api", "/v1/"), named("console", "/console")];
  const over = (name: string) => ends.get(name)!.map(({ aborted }) => aborted);
  await listeners.apply([api, console]);
  const open = await fetch(`${listeners.states[0]!.url}/v1/events`);
  await listeners.apply([console]);
  expect(await open.text()).toBe("");
  expect([over("api"), over("console")]).toEqual([[true], [false]]);
  await listeners.apply([api]);
  expect([over("api"), over("console")]).toEqual([[true, false], [true]]);
  await listeners.close();
  expect([over("api"), over("console")]).toEqual([[true, true], [true]]);
});

it("answers HEAD as GET without its body, which it leaves, and holds no stream for nobody", async () => {
  const asked: string[] = [];
  const left: string[] = [];
  const open: ReadableStreamDefaultController[] = [];
  const load =
    async () =>
    ({ method, headers }: Request) => {
      const name = headers.get("x-name")!;
      asked.push(`${method} ${name}`);
      const body = new ReadableStream({
        start: (stream) => void open.push(stream),
        cancel: () => void left.push(name),
      });
      return new Response(body, { status: 203, headers: { "X-Told": name } });
    };
  await listeners.apply([{ ...site("api", "/v1/"), load }]);
  const ask = (method: string, name: string) =>
    fetch(`${listeners.states[0]!.url}/v1/events`, { method, headers: { "X-Name": name } });
  const read = await ask("GET", "read");
  const head = await ask("HEAD", "head");
  expect([head.status, head.headers.get("x-told"), await head.text()]).toEqual([203, "head", ""]);
  expect(asked).toEqual(["GET read", "GET head"]);
  open[0]!.enqueue(Buffer.from("still read"));
  open[0]!.close();
  expect(await read.text()).toBe("still read");
  expect(left).toEqual(["head"]);
});

it("tells of a taken port once, and tries again until it is free", async () => {
  const taken: Server = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  const { port } = taken.address() as { port: number };
  await listeners.apply([site("api", "/v1/", port)]);
  expect(listeners.states).toMatchObject([{ name: "api", url: null, error: { code: "PORT_TAKEN" } }]);
  await clock.advance(30_000);
  await listeners.apply([site("api", "/v1/", port)]);
  expect(told.filter((line) => line.includes("PORT_TAKEN"))).toHaveLength(1);
  await new Promise((resolve) => taken.close(resolve));
  await clock.advance(30_000);
  await vi.waitFor(() => expect(listeners.states).toMatchObject([{ error: null }]));
  expect(listeners.states[0]!.url).toBe(`http://127.0.0.1:${port}`);
});

it("tells of an address that is none of this machine's", async () => {
  await listeners.apply([{ ...site("api", "/v1/"), host: "192.0.2.1" }]);
  expect(listeners.states).toMatchObject([{ error: { code: "LISTEN_FAILED" } }]);
});

it("drops a request whose headers do not end within ten seconds", {
  tags: ["long"],
  timeout: 40_000,
}, async () => {
  await listeners.apply([site("api", "/v1/")]);
  const began = performance.now();
  const slow = connect(Number(new URL(listeners.states[0]!.url!).port), "127.0.0.1");
  slow
    .on("error", () => {})
    .resume()
    .write("GET /v1/chats HTTP/1.1\r\nHost: 127.0.0.1\r\n");
  await new Promise((resolve) => slow.once("close", resolve));
  const seconds = (performance.now() - began) / 1000;
  expect(seconds).toBeGreaterThan(9);
  expect(seconds).toBeLessThan(15);
});
