import { afterEach, describe, expect, it } from "vitest";
import {
  type BridgeIncident,
  type BridgeState,
  ImsgBridge,
  type ImsgBridgeOptions,
  type SubscriptionOptions,
} from "../../src/bridge/index.js";
import { fakeImsg, isAlive, until } from "../fixtures/fake-imsg.js";

const quick = { firstMs: 5, longestMs: 20, resetMs: 60_000, heartbeatMs: 60_000, subscribeAgainMs: 10 };
const open: { bridge: ImsgBridge; fake: ReturnType<typeof fakeImsg> }[] = [];

function start(
  scenario: string,
  more: Partial<ImsgBridgeOptions & SubscriptionOptions> = {},
  cliPath?: string,
) {
  const fake = fakeImsg(scenario);
  const { resumeFrom, debounceMs, ...options } = more;
  const rows: number[] = [];
  const malformed: string[] = [];
  const states: [BridgeState, BridgeIncident | undefined][] = [];
  const command = { ...fake.command, ...(cliPath !== undefined && { cliPath }) };
  const bridge = new ImsgBridge(command, {
    ...options,
    subscription: {
      resumeFrom: resumeFrom ?? (async () => Math.max(50, ...rows)),
      ...(debounceMs !== undefined && { debounceMs }),
    },
    times: { ...quick, ...more.times },
    events: {
      row: (row) => rows.push(row.rowId),
      malformed: (problem) => malformed.push(problem.detail),
      state: (state, incident) => states.push([state, incident]),
    },
  });
  open.push({ bridge, fake });
  bridge.start();
  const live = () => until(() => expect(bridge.state).toBe("live"));
  const incidents = () => states.flatMap(([, incident]) => incident ?? []);
  return { bridge, fake, rows, malformed, states, incidents, live };
}

afterEach(async () => {
  for (const { bridge, fake } of open.splice(0)) {
    await bridge.stop();
    fake.remove();
  }
});

describe("the bridge", () => {
  it("subscribes from the last safe row with what the configuration asks for", async () => {
    const { fake, live, states, bridge } = start("plain", {
      debounceMs: 250,
    });
    await live();
    expect(fake.requests().map(({ method, params }) => [method, params])).toEqual([
      ["initialize", { protocol_version: 1 }],
      [
        "watch.subscribe",
        {
          include_reactions: true,
          attachments: true,
          debounce_ms: 250,
          since_rowid: 50,
        },
      ],
    ]);
    expect(bridge.health()).toMatchObject({ state: "live", restarts: 0, malformed: 0 });
    await bridge.stop();
    expect(states.map(([state]) => state)).toEqual(["starting", "live", "stopped"]);
  });

  it("answers reads while it starts, so that the row to resume from can be asked of imsg", async () => {
    const { bridge, fake, live } = start("plain", {
      resumeFrom: async () => (await bridge.newestRow())!.rowId,
    });
    await live();
    expect(fake.requests().map(({ method }) => method)).toEqual([
      "initialize",
      "chats.list",
      "messages.history",
      "watch.subscribe",
    ]);
    expect(fake.requests().at(-1)?.params.since_rowid).toBe(41);
  });

  it.each([0, -2, Number.NaN, 1.5])("never subscribes from %s", async (since) => {
    const { fake, incidents } = start("plain", { resumeFrom: async () => since });
    await until(() => expect(incidents().length).toBeGreaterThan(1));
    expect(incidents()[0]?.error.code).toBe("RESUME_POINT_UNKNOWN");
    expect(fake.requests().filter(({ method }) => method !== "initialize")).toEqual([]);
  });

  it("notices at once when the child dies while it waits to subscribe again", async () => {
    const { bridge, incidents } = start("early-error", { times: { firstMs: 60_000, longestMs: 60_000 } });
    await until(() => expect(incidents()).toHaveLength(1));
    expect(bridge.state).toBe("starting");
    process.kill(bridge.health().pid!, "SIGKILL");
    await until(() => expect(bridge.state).toBe("waiting"));
  });

  it("goes on when the caller could not say where to resume", async () => {
    let asked = 0;
    const { live, incidents } = start("plain", {
      resumeFrom: async () => {
        asked += 1;
        if (asked === 1) throw new Error("the store is busy");
        return 50;
      },
    });
    await live();
    expect(incidents()).toMatchObject([{ error: { code: "RESUME_POINT_UNKNOWN" } }]);
  });

  it("survives ten deaths in a row, loses no row, and warns once", { tags: ["long"] }, async () => {
    const { rows, live, fake, incidents, bridge } = start("crash-after-live");
    await until(() => expect(fake.starts()).toHaveLength(11));
    await live();
    await until(() => expect(rows).toHaveLength(11));
    expect(rows).toEqual([51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61]);
    expect(incidents().map(({ id, first, attempt }) => [id, first, attempt])).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((attempt) => [1, attempt === 1, attempt]),
    );
    expect(bridge.health().restarts).toBe(10);
    for (const { pid } of fake.starts().slice(0, -1)) expect(isAlive(pid!)).toBe(false);
  });

  it("replaces a child that does not answer the heartbeat", async () => {
    const { live, fake, incidents, bridge } = start("hangs-first", {
      times: { heartbeatMs: 50, answerMs: 1000 },
    });
    await until(() => expect(fake.starts()).toHaveLength(2));
    await live();
    expect(incidents()[0]?.error.code).toBe("CHILD_HUNG");
    await until(() => expect(bridge.health().databaseAt).toBeGreaterThan(0));
  });

  it("leaves a child alone that is busy with a slow send", async () => {
    const { bridge, live, fake, incidents } = start("slow-send", {
      times: { heartbeatMs: 50, answerMs: 1000 },
    });
    await live();
    const result = await bridge.send({ target: { kind: "chat_id", chatId: 7 }, text: "slow" });
    expect(result).toEqual({ ok: true, value: {} });
    expect(incidents()).toEqual([]);
    // The other start was asked what the Mac can do.
    expect(fake.starts().filter(({ pid }) => isAlive(pid!))).toHaveLength(1);
    expect(bridge.health().restarts).toBe(0);
  });

  it("subscribes again when the subscription breaks, on the same child", async () => {
    for (const [scenario, code] of [
      ["early-error", "DATABASE_LOCKED"],
      ["overflow", "WATCH_OVERFLOW"],
    ] as const) {
      const { fake, rows, live, incidents } = start(scenario);
      await until(() =>
        expect(fake.requests().filter(({ method }) => method === "watch.subscribe")).toHaveLength(2),
      );
      await live();
      await until(() => expect(rows.at(-1)).toBe(scenario === "overflow" ? 52 : 51));
      expect(incidents().map(({ error }) => error.code)).toEqual([code]);
      expect(fake.starts()).toHaveLength(1);
    }
  });

  it("replaces a child whose subscriptions keep breaking", async () => {
    const { fake, incidents } = start("error-forever");
    await until(() => expect(fake.starts().length).toBeGreaterThanOrEqual(2));
    expect(incidents().filter(({ first }) => first)).toHaveLength(1);
    expect(incidents()[0]?.error.code).toBe("DATABASE_UNAVAILABLE");
  });

  it("waits with the remedy when the database may not be read", async () => {
    const { incidents, bridge } = start("denied");
    await until(() => expect(incidents().length).toBeGreaterThan(1));
    const [{ error, first } = {} as BridgeIncident, again] = incidents();
    expect(error.code).toBe("PERMISSION_FULL_DISK_ACCESS");
    expect(error.hint).toContain("Full Disk Access");
    expect(error.message).not.toContain("/Users/bot");
    expect([first, again?.first]).toEqual([true, false]);
    expect(await bridge.send({ target: { kind: "chat_id", chatId: 7 }, text: "x" })).toMatchObject({
      ok: false,
      error: { code: "CHILD_DOWN", disposition: "not_sent", retryable: true },
    });
  });

  it("says what became of a send when the child dies", async () => {
    const { bridge, live } = start("dies-mid-line");
    await live();
    const target = { kind: "chat_id", chatId: 7 } as const;
    const [first, second] = await Promise.all([
      bridge.send({ target, text: "a" }),
      bridge.send({ target, text: "b" }),
    ]);
    expect(first).toMatchObject({ ok: false, error: { code: "CHILD_EXITED", disposition: "unknown" } });
    expect(second).toMatchObject({
      ok: false,
      error: { code: "CHILD_DOWN", disposition: "not_sent", retryable: true },
    });
    await live();
  });

  it("replaces a child whose mutation lane is blocked", { tags: ["long"] }, async () => {
    const { bridge, live, fake } = start("strict");
    await live();
    const answer = await bridge.send({ target: { kind: "chat_id", chatId: 7 }, text: "a" });
    expect(answer).toMatchObject({
      ok: false,
      error: { code: "LANE_BLOCKED", disposition: "not_sent", retryable: true },
    });
    await until(() => expect(fake.starts()).toHaveLength(2));
    await live();
  });

  it("refuses reads at once while there is no child", async () => {
    const { bridge, incidents } = start("plain", {}, "/nowhere/imsg");
    await until(() => expect(incidents().length).toBeGreaterThan(0));
    expect(incidents()[0]?.error).toMatchObject({ code: "IMSG_NOT_FOUND" });
    await until(() => expect(bridge.state).toBe("waiting"));
    await expect(bridge.chats(1)).rejects.toMatchObject({ code: "CHILD_DOWN" });
  });

  it("stops in every state, and starts again", async () => {
    const { bridge, live, fake } = start("plain");
    await bridge.stop();
    bridge.start();
    await live();
    await bridge.stop();
    await bridge.stop();
    expect(bridge.state).toBe("stopped");
    for (const { pid } of fake.starts()) expect(isAlive(pid!)).toBe(false);
    const waiting = start("ssh-down", { times: { firstMs: 60_000, longestMs: 60_000 } });
    await until(() => expect(waiting.bridge.state).toBe("waiting"));
    await waiting.bridge.stop();
    expect(waiting.bridge.state).toBe("stopped");
  });

  it("stops while the caller has not said where to resume", async () => {
    const { bridge, fake } = start("plain", { resumeFrom: () => new Promise(() => {}) });
    await until(() => expect(fake.starts()).toHaveLength(1));
    await bridge.stop();
    expect(bridge.state).toBe("stopped");
  });
});
