import { describe, expect, it } from "vitest";
import { wire } from "../../../test/support/bridge-lab.js";
import { FakeClock } from "../../../test/support/fake-clock.js";
import { PlayedImsg, toldStatus } from "../../../test/support/played-imsg.js";
import { ImsgClient, type ImsgClientOptions } from "./client.js";
import { timeoutOf } from "./methods.js";

/** A client of an imsg that answers nothing by itself. */
function begun(options: ImsgClientOptions = {}) {
  const imsg = new PlayedImsg();
  const clock = new FakeClock();
  for (const method of Object.keys(imsg.answers)) imsg.answers[method] = () => undefined;
  const client = new ImsgClient({ cliPath: "imsg", dbPath: "/db", start: imsg.start }, { clock, ...options });
  const { child } = imsg;
  const settled = () => clock.advance(0);
  const rows: Record<string, number[]> = {};
  const ends: [string, string, number | undefined][] = [];
  const eventsOf = (name: string) => {
    rows[name] = [];
    return {
      row: ({ rowId }: { rowId: number }) => void rows[name]!.push(rowId),
      malformed: () => {},
      ended: ({ code }: { code: string }, after?: number) => void ends.push([name, code, after]),
    };
  };
  const codeOf = (asked: Promise<unknown>) =>
    asked.then(
      () => "answered",
      ({ code }: { code: string }) => code,
    );
  return { imsg, clock, client, child, settled, rows, ends, eventsOf, codeOf };
}

describe("a client of imsg", () => {
  it.each<[boolean, unknown]>([
    [true, toldStatus()],
    [true, { protocol_version: 1 }],
    [true, { subscription: 1, buffer_limit: 1000 }],
    [false, { subscription: 1 }],
    [false, { buffer_limit: 1000 }],
    [false, { protocol_version: "1" }],
    [false, null],
  ])("asks several things at once (%s) of a child that answered %j", async (isAtOnce, result) => {
    const { client, child, settled, codeOf } = begun();
    const first = codeOf(client.call("initialize", {} as never));
    child.answer("initialize", result);
    expect(await first).toBe("answered");
    void codeOf(client.call("chats.list", { limit: 1 }));
    expect(client.busy).toBe(!isAtOnce);
    void codeOf(client.call("chats.list", { limit: 2 }));
    await settled();
    expect(child.requests).toHaveLength(isAtOnce ? 3 : 2);
    child.exit(0);
  });

  it("tells rows of a subscription that come before its answer, and none after it was given up", async () => {
    const stray: number[] = [];
    const { client, child, settled, rows, ends, eventsOf } = begun({
      stray: { row: ({ rowId }) => void stray.push(rowId), malformed: () => {} },
    });
    const subscribe = async (name: string, subscription: number) => {
      const asked = client.subscribe({ since_rowid: 50 } as never, eventsOf(name));
      child.notify("message", { subscription, message: wire(subscription * 100) });
      child.answer("watch.subscribe", { subscription });
      expect(await asked).toBe(subscription);
    };
    await subscribe("one", 1);
    await subscribe("other", 2);
    for (const subscription of [1, 2])
      child.notify("message", { subscription, message: wire(subscription * 100 + 1) });
    await settled();
    expect(rows).toEqual({ one: [100, 101], other: [200, 201] });
    const given = client.unsubscribe(1);
    expect(child.requests.at(-1)).toMatchObject({
      method: "watch.unsubscribe",
      params: { subscription: 1 },
    });
    for (const subscription of [1, 2])
      child.notify("message", { subscription, message: wire(subscription * 100 + 2) });
    child.answer("watch.unsubscribe", { ok: true });
    await given;
    child.notify("watch.overflow", { subscription: 2, resume_after_rowid: 201 });
    await settled();
    expect(rows).toEqual({ one: [100, 101], other: [200, 201, 202] });
    expect(stray).toEqual([102]);
    expect(ends).toEqual([["other", "WATCH_OVERFLOW", 201]]);
    child.exit(0);
  });

  it("leaves out rows of a subscribe that failed, when nobody takes them", async () => {
    const { client, child, settled, rows, eventsOf, codeOf } = begun();
    for (const result of [{}, null, { subscription: "1" }]) {
      const asked = codeOf(client.subscribe({ since_rowid: 50 } as never, eventsOf("one")));
      child.notify("message", { subscription: 1, message: wire(51) });
      child.answer("watch.subscribe", result);
      expect(await asked).toBe("PROTOCOL");
      await settled();
    }
    expect(rows).toEqual({ one: [] });
    child.exit(0);
  });

  it("cancels a subscription that was answered too late, for it would tell every row twice", async () => {
    const { client, clock, child, settled, eventsOf, codeOf } = begun();
    const asked = codeOf(
      client.subscribe({ since_rowid: 50 } as never, eventsOf("one"), { timeoutMs: 1000, graceMs: 1000 }),
    );
    await clock.advance(1000);
    expect(await asked).toBe("REQUEST_TIMEOUT");
    child.answer("watch.subscribe", { subscription: 4 });
    await settled();
    expect(child.requests.slice(1)).toMatchObject([
      { method: "watch.unsubscribe", params: { subscription: 4 } },
    ]);
    child.exit(0);
  });

  it("hears what Messages tells until that ends, or the child does", async () => {
    const { imsg, client, child, settled, codeOf } = begun();
    const heard: unknown[] = [];
    const hear = async (result: unknown) => {
      const asked = codeOf(client.hear((event) => heard.push(event)));
      child.answer("bridge.events.subscribe", result);
      await settled();
      return asked;
    };
    imsg.answers["bridge.events.subscribe"] = () => undefined;
    expect(await hear({})).toBe("PROTOCOL");
    const first = hear({ subscription: 1 });
    await settled();
    child.notify("bridge.event", { subscription: 1, event: "a" });
    child.notify("bridge.events.ended", { subscription: 1 });
    expect(await first).toBe("answered");
    const second = hear({ subscription: 2 });
    await settled();
    child.exit(0);
    expect(await second).toBe("answered");
    expect(heard).toEqual(["a"]);
  });

  it("hears what Messages tells with the answer, its end too", async () => {
    const { imsg, client, child, codeOf } = begun();
    const heard: unknown[] = [];
    imsg.answers["bridge.events.subscribe"] = () => {
      child.notify("bridge.event", { subscription: 1, event: "a" });
      child.notify("bridge.events.error", { subscription: 1, error: { code: -1, message: "no log" } });
      return { subscription: 1 };
    };
    expect(await codeOf(client.hear((event) => heard.push(event)))).toBe("answered");
    expect(heard).toEqual(["a"]);
  });

  it("waits for an answer as long as the caller says, else its maker, else the method", async () => {
    const options = { timeoutMs: (method: string) => (method === "chats.list" ? 2000 : undefined) };
    const waits = async (ask: (client: ImsgClient) => Promise<unknown>, given: ImsgClientOptions) => {
      const { client, clock, child, codeOf } = begun(given);
      const began = clock.now();
      const asked = codeOf(ask(client));
      let toldAt: number | undefined;
      void asked.then(() => {
        toldAt = clock.now() - began;
      });
      let hungAt: number | undefined;
      void client.closed.then(() => {
        hungAt = clock.now() - began;
      });
      await clock.advanceUntil(() => hungAt !== undefined);
      expect(await asked).toBe("REQUEST_TIMEOUT");
      expect((await client.closed).code).toBe("CHILD_HUNG");
      expect(child.exitCode).toBe(0);
      return [toldAt, hungAt! - toldAt!];
    };
    const list = { limit: 1 };
    const history = { chat_id: 1 } as never;
    expect(
      await waits((client) => client.call("chats.list", list, { timeoutMs: 300, graceMs: 7 }), options),
    ).toEqual([300, 7]);
    expect(await waits((client) => client.call("chats.list", list), { ...options, graceMs: 20 })).toEqual([
      2000, 20,
    ]);
    expect(await waits((client) => client.call("messages.history", history), options)).toEqual([
      timeoutOf("messages.history", history),
      10_000,
    ]);
  });
});

describe("a child of imsg that ends", () => {
  it("is asked, told and killed, and takes with it what waits for an answer", async () => {
    const { client, clock, child, codeOf } = begun();
    child.obeys = false;
    expect(client.pid).toBe(1000);
    const waiting = codeOf(client.call("chats.list", { limit: 1 }));
    const behind = codeOf(client.call("chats.list", { limit: 2 }));
    const closing = client.close();
    expect(child.stdin.writable).toBe(false);
    expect(await behind).toBe("CHILD_DOWN");
    await clock.advance(499);
    expect(child.signals).toEqual([]);
    await clock.advance(1);
    expect(child.signals).toEqual(["SIGTERM"]);
    await clock.advance(499);
    expect(child.signals).toEqual(["SIGTERM"]);
    await clock.advance(1);
    await closing;
    expect(child.signals.slice(0, 2)).toEqual(["SIGTERM", "SIGKILL"]);
    expect(await waiting).toBe("BRIDGE_STOPPED");
    expect((await client.closed).code).toBe("BRIDGE_STOPPED");
    expect(client.pid).toBeUndefined();
    expect(clock.waiting).toBe(0);
    await client.close();
  });

  it("is not to blame when all its answers come once nothing more is said to it", async () => {
    for (const [isBefore, code] of [
      [false, "WRAPPER_BUFFERS"],
      [true, "BRIDGE_STOPPED"],
    ] as const) {
      const { client, clock, child, settled, codeOf } = begun();
      if (isBefore) {
        const answered = codeOf(client.call("chats.list", { limit: 1 }));
        child.answer("chats.list", { chats: [] });
        await answered;
      }
      const asked = codeOf(client.call("chats.list", { limit: 1 }, { timeoutMs: 100, graceMs: 60_000 }));
      await clock.advance(100);
      expect(await asked).toBe("REQUEST_TIMEOUT");
      child.obeys = false;
      const closing = client.close();
      child.answer("chats.list", { chats: [] });
      await settled();
      child.exit(0);
      await closing;
      expect((await client.closed).code).toBe(code);
    }
  });

  it("is explained by its last words, of both streams, as far as they are short", async () => {
    const words = (...said: string[]) => {
      const { client, child } = begun();
      for (const word of said) child.say(word);
      setImmediate(() => child.exit(1));
      return client.closed.then(({ code, message }) => [code, message] as const);
    };
    expect((await words("Error: unknown command 'rpc'"))[0]).toBe("IMSG_RPC_UNSUPPORTED");
    const lines = (count: number) => Array.from({ length: count }, (_, n) => `line ${n}`);
    expect((await words("Error: unknown command 'rpc'", ...lines(19)))[0]).toBe("IMSG_RPC_UNSUPPORTED");
    const [code, message] = await words("Error: unknown command 'rpc'", ...lines(20));
    expect(code).toBe("CHILD_EXITED");
    expect(message).toMatch(/exit code 1: line 19$/);
    expect((await words(`${"x".repeat(479)} unknown command rpc`))[0]).toBe("IMSG_RPC_UNSUPPORTED");
    expect((await words(`${"x".repeat(481)} unknown command rpc`))[0]).toBe("CHILD_EXITED");
    // What was not JSON-RPC alone, and no empty line.
    expect(await words("  ", '{"method":"unknown command rpc"}')).toEqual([
      "CHILD_EXITED",
      expect.stringMatching(/: exit code 1$/),
    ]);
  });

  it("tells of what it writes beside JSON-RPC, and of every line of both sides", async () => {
    const heard: [string, string][] = [];
    const logged: string[] = [];
    let garbage = 0;
    const { client, child, settled, codeOf } = begun({
      heard: (line, to) => void heard.push([to, line]),
      log: (line) => void logged.push(line),
      garbage: () => {
        garbage += 1;
      },
    });
    const asked = codeOf(client.call("chats.list", { limit: 1 }));
    child.say("Segmentation fault");
    child.say("");
    child.stderr.emit("data", Buffer.from("warning\n"));
    child.answer("chats.list", { chats: [] });
    expect(await asked).toBe("answered");
    await settled();
    expect(garbage).toBe(1);
    expect(logged).toEqual(["warning"]);
    expect(heard.map(([to]) => to)).toEqual(["imsg", "gateway", "gateway"]);
    expect(JSON.parse(heard[0]![1])).toMatchObject({ method: "chats.list", params: { limit: 1 } });
    child.exit(0);
  });

  it("that could not be started says so to whoever asks", async () => {
    const imsg = new PlayedImsg();
    imsg.failure = Object.assign(new Error("no"), { code: "EACCES" });
    const client = new ImsgClient({ cliPath: "imsg", start: imsg.start }, { clock: new FakeClock() });
    expect(client.pid).toBeUndefined();
    expect((await client.closed).code).toBe("IMSG_NOT_EXECUTABLE");
    await expect(client.call("chats.list", { limit: 1 })).rejects.toMatchObject({ code: "CHILD_DOWN" });
    await client.close();
  });
});
