import { describe, expect, it } from "vitest";
import { FakeClock } from "../../../test/support/fake-clock.js";
import { type RequestOptions, RpcConnection } from "./connection.js";
import { fault } from "./faults.js";

/** A connection whose other side is the test. */
function connected() {
  const clock = new FakeClock(1000);
  const written: { id: number; method: string; params: object }[] = [];
  const heard: [string, object][] = [];
  const hung: string[] = [];
  const late: boolean[] = [];
  let takes = true;
  let mayWrite = true;
  const connection = new RpcConnection(
    (line) => {
      if (takes) written.push(JSON.parse(line));
      return takes;
    },
    {
      notification: (method, params) => void heard.push([method, params]),
      hung: ({ code }) => void hung.push(code),
      late: (isFirst) => void late.push(isFirst),
    },
    clock,
    () => mayWrite,
  );
  const results: Record<string, unknown> = {};
  const ask = (name: string, lane: RequestOptions["lane"], more: Partial<RequestOptions> = {}) => {
    void connection.request(name, { of: name }, { lane, timeoutMs: 1000, graceMs: 500, ...more }).then(
      (result) => {
        results[name] = result;
      },
      (error: { code: string }) => {
        results[name] = error.code;
      },
    );
  };
  const answer = (name: string, more: object = { result: name }) =>
    connection.receive(
      JSON.stringify({ id: written.findLast(({ method }) => method === name)!.id, ...more }),
    );
  return {
    ...{ clock, written, heard, hung, late, connection, results, ask, answer },
    allow: (may: boolean) => {
      mayWrite = may;
    },
    names: () => written.map(({ method }) => method),
    close: () => {
      takes = false;
    },
  };
}

describe("a connection whose owner may not be the owner any more", () => {
  it("writes nothing that changes something, also not what has waited, and reads on", async () => {
    const { ask, answer, allow, names, results, clock } = connected();
    ask("first", "mutation");
    ask("second", "mutation");
    expect(names()).toEqual(["first"]);
    allow(false);
    answer("first");
    await clock.advance(0);
    expect(results).toEqual({ first: "first", second: "LEASE_OVER" });
    ask("look", "read");
    expect(names()).toEqual(["first", "look"]);
    answer("look");
    ask("third", "mutation");
    await clock.advance(0);
    expect(results.third).toBe("LEASE_OVER");
    allow(true);
    ask("fourth", "mutation");
    expect(names()).toEqual(["first", "look", "fourth"]);
  });
});

describe("requests to a serial child", () => {
  it("are written one at a time, and answered to whoever asked", async () => {
    const { ask, answer, names, results, connection, clock, written } = connected();
    ask("a", "read");
    ask("b", "mutation");
    ask("c", "read");
    expect(names()).toEqual(["a"]);
    expect(written[0]).toMatchObject({ jsonrpc: "2.0", id: 1, params: { of: "a" } });
    expect(connection.busy).toBe(true);
    expect(connection.waitingSince).toBe(1000);
    expect(connection.lastAnswerAt).toBeUndefined();
    await clock.advance(10);
    expect(answer("a")).toBe(true);
    expect(names()).toEqual(["a", "b"]);
    expect(connection.waitingSince).toBe(1010);
    expect(connection.lastAnswerAt).toBe(1010);
    answer("b", { error: { code: -32601, message: "Method not found" } });
    answer("c");
    await clock.advance(1);
    expect(results).toEqual({ a: "a", b: "METHOD_NOT_FOUND", c: "c" });
    expect(connection.busy).toBe(false);
    expect(connection.waitingSince).toBeUndefined();
    expect(clock.waiting).toBe(0);
  });
});

describe("requests to a child of three lanes", () => {
  it("are written as each lane has room: one change, four reads", async () => {
    const { ask, answer, names, connection } = connected();
    for (const name of ["m1", "m2"]) ask(name, "mutation");
    for (const name of ["r1", "r2", "r3", "r4", "r5"]) ask(name, "read");
    connection.widen();
    expect(names()).toEqual(["m1", "r1", "r2", "r3", "r4"]);
    ask("c1", "control");
    expect(names().at(-1)).toBe("c1");
    expect(connection.busy).toBe(false);
    answer("r2");
    expect(names().at(-1)).toBe("r5");
    answer("m1");
    expect(names().at(-1)).toBe("m2");
    connection.widen();
    expect(names()).toHaveLength(8);
  });
});

describe("a request that is not answered in time", () => {
  it("of reads is given up, and its late answer taken by whoever wants it", async () => {
    const { ask, answer, results, clock, hung, late, names } = connected();
    const taken: unknown[] = [];
    ask("a", "read", { late: (result) => taken.push(result) });
    ask("b", "read");
    await clock.advance(999);
    expect(results).toEqual({});
    await clock.advance(1);
    expect(results).toEqual({ a: "REQUEST_TIMEOUT" });
    // A serial child is busy with it still.
    expect(names()).toEqual(["a"]);
    await clock.advance(499);
    answer("a");
    expect(taken).toEqual(["a"]);
    expect(late).toEqual([true]);
    expect(names()).toEqual(["a", "b"]);
    answer("b");
    await clock.advance(5000);
    expect(hung).toEqual([]);
    expect(results).toMatchObject({ b: "b" });
  });

  it("that changes something is told of when the child answers or is gone, and not before", async () => {
    const { ask, answer, results, clock, hung, late } = connected();
    ask("a", "mutation");
    await clock.advance(1499);
    expect(results).toEqual({});
    expect(hung).toEqual([]);
    await clock.advance(1);
    expect(hung).toEqual(["CHILD_HUNG"]);
    expect(results).toEqual({});
    answer("a");
    await clock.advance(1);
    expect(results).toEqual({ a: "a" });
    expect(late).toEqual([]);
  });

  it("says of the second late answer that it is not the first", async () => {
    const { ask, answer, clock, late } = connected();
    ask("a", "read", { graceMs: 60_000 });
    await clock.advance(1000);
    answer("a", { error: { code: -1, message: "no" } });
    ask("b", "read", { graceMs: 60_000 });
    await clock.advance(1000);
    answer("b");
    expect(late).toEqual([true, false]);
  });
});

describe("a line of the child", () => {
  it.each([
    "",
    "{",
    "7",
    "null",
    "[]",
    '"text"',
    "{}",
    '{"id":1}',
    '{"id":1,"result":null,"error":null,"x":1}',
  ])("that is %s: whether it is JSON-RPC", (line) => {
    const { connection } = connected();
    expect(connection.receive(line)).toBe(line.includes('"result":null'));
  });

  it("that answers nobody is ignored", async () => {
    const { connection, ask, results, clock } = connected();
    ask("a", "read");
    for (const id of [99, "1", {}]) expect(connection.receive(JSON.stringify({ id, result: 1 }))).toBe(true);
    await clock.advance(1);
    expect(results).toEqual({});
  });

  it.each([undefined, null])("without an id (%s) answers the only request under way", async (id) => {
    const { connection, ask, results, clock } = connected();
    ask("a", "read");
    connection.receive(JSON.stringify({ id, error: { code: -32700, message: "Parse error" } }));
    await clock.advance(1);
    expect(Object.keys(results)).toEqual(["a"]);
    connection.widen();
    ask("b", "read");
    ask("c", "read");
    connection.receive(JSON.stringify({ id, error: { code: -32700, message: "Parse error" } }));
    await clock.advance(1);
    expect(Object.keys(results)).toEqual(["a"]);
  });

  it("that tells something is passed on, with its fields where it has some", () => {
    const { connection, heard } = connected();
    for (const params of [{ a: 1 }, undefined, null, [1], "x"])
      expect(connection.receive(JSON.stringify({ method: "message", params }))).toBe(true);
    expect(heard).toEqual([
      ["message", { a: 1 }],
      ["message", {}],
      ["message", {}],
      ["message", {}],
      ["message", {}],
    ]);
  });

  it("that says that a lane is blocked ends the child", async () => {
    const { ask, answer, hung, results, clock } = connected();
    ask("a", "mutation");
    answer("a", { error: { code: -32004, message: "Lane blocked" } });
    await clock.advance(1);
    expect(results).toEqual({ a: "LANE_BLOCKED" });
    expect(hung).toEqual(["LANE_BLOCKED"]);
  });
});

describe("a connection that ends", () => {
  it("takes nothing new, gives back what was not written, and waits for the rest", async () => {
    const { connection, ask, answer, results, clock, names } = connected();
    ask("a", "read");
    ask("b", "read");
    connection.refuse(fault("BRIDGE_STOPPED"));
    ask("c", "read");
    await clock.advance(1);
    expect(results).toEqual({ b: "CHILD_DOWN", c: "CHILD_DOWN" });
    answer("a");
    await clock.advance(1);
    expect(results).toMatchObject({ a: "a" });
    expect(names()).toEqual(["a"]);
  });

  it("tells everybody who waits why, once", async () => {
    const { connection, ask, results, clock, hung } = connected();
    connection.widen();
    ask("a", "read");
    ask("b", "mutation");
    ask("late", "read");
    await clock.advance(1000);
    expect(results).toEqual({ a: "REQUEST_TIMEOUT", late: "REQUEST_TIMEOUT" });
    connection.close(fault("CHILD_EXITED"));
    connection.close(fault("BRIDGE_STOPPED"));
    await clock.advance(10_000);
    expect(results).toEqual({ a: "REQUEST_TIMEOUT", b: "CHILD_EXITED", late: "REQUEST_TIMEOUT" });
    expect(hung).toEqual([]);
    expect(clock.waiting).toBe(0);
  });

  it("gives back what could not be written", async () => {
    const { ask, close, results, clock, connection } = connected();
    close();
    ask("a", "read");
    await clock.advance(2000);
    expect(results).toEqual({ a: "CHILD_DOWN" });
    expect(connection.busy).toBe(false);
    expect(clock.waiting).toBe(0);
  });

  it("takes no more than can wait", async () => {
    const { ask, results, clock } = connected();
    for (let n = 0; n < 1026; n++) ask(`a${n}`, "read");
    await clock.advance(1);
    expect(results).toEqual({ a1025: "SERVER_BUSY" });
  });
});
