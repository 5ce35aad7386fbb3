import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { FakeClock } from "../../test/support/fake-clock.js";
import { rememberingLog } from "../../test/support/inbound-bench.js";
import { removeFolder } from "../../test/support/remove-folder.js";
import { parseConfig } from "../config/index.js";
import { TapbackError } from "../platform/index.js";
import { type NodeStore, openStore, type Store } from "../store/index.js";
import { type Gateway, gatewayOf } from "./index.js";

/** `gateway.shutdownGraceMs` where none is set. */
const graceMs = 10_000;

let folder: string;
let clock: FakeClock;
let gateway: Gateway;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gateway-"));
  clock = new FakeClock();
});
afterEach(async () => {
  await gateway.stop();
  await removeFolder(folder);
});

/** A gateway over a state that `open` makes. @param more of its configuration; it has no accounts by default */
async function started(
  open: (path: string) => Store,
  gatewayBlock = "{}",
  { webhooks = "[]", imessage = "{ enabled: false }" }: { webhooks?: string; imessage?: string } = {},
) {
  const path = join(folder, "tapback.json5");
  const sourceWith = (block: string) =>
    `{ channels: { imessage: ${imessage} }, gateway: ${block}, webhooks: ${webhooks} }`;
  const source = sourceWith(gatewayBlock);
  writeFileSync(path, source);
  const parsed = await parseConfig(source);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const { log, lines } = rememberingLog();
  gateway = gatewayOf(
    {
      ...{ config: parsed.value.config, configFile: { path, source } },
      ...{ stateDir: join(folder, "state"), log, clock, env: {}, home: folder },
    },
    { hasControl: false, openStore: open },
  );
  await gateway.start();
  const edit = (block: string) => writeFileSync(path, sourceWith(block));
  return { lines, edit };
}

/** A node's side of a state on a server; its lease is lost at the renewals that `isLost` says. */
function nodesThat(isLost: () => boolean): NodeStore {
  const nobody = { served: [], unserved: [] };
  return {
    join: async () => {},
    renew: async () => (isLost() ? "lost" : "ok"),
    expire: async () => [],
    keep: async () => true,
    leave: async () => {},
    list: async () => [],
    elsewhere: async () => nobody,
    loads: async () => [],
  };
}

async function freePort(): Promise<number> {
  const free = createServer();
  await new Promise<void>((resolve) => free.listen(0, "127.0.0.1", resolve));
  const { port } = free.address() as AddressInfo;
  await new Promise((resolve) => free.close(resolve));
  return port;
}

function bound<Part extends object>(part: Part, name: string | symbol): unknown {
  const member: unknown = Reflect.get(part, name);
  return typeof member === "function" ? member.bind(part) : member;
}

/** A store whose readers of events, which the start and each change ask for, are asked for in this way. */
function storeWith(
  path: string,
  ask: (read: Store["events"]["readers"]) => ReturnType<Store["events"]["readers"]>,
): Store {
  const store = openStore(path, clock);
  const { events } = store;
  const readers = async () => ask(() => events.readers());
  return {
    ...store,
    events: new Proxy(events, { get: (_, name) => (name === "readers" ? readers : bound(events, name)) }),
  };
}

it("begins anew after a lost lease, though its end and its first try failed", async () => {
  const did: string[] = [];
  let loses = 1;
  const { lines } = await started((path) => {
    did.push("opens");
    if (did.length === 2) throw new TapbackError("STORE_UNAVAILABLE", "the server is away");
    const store = openStore(path, clock);
    let closed = 0;
    return {
      ...store,
      nodes: nodesThat(() => loses-- > 0),
      // As a pool of connections: it does not end twice. What it ends is ended all the same.
      async close(options) {
        if (closed++ > 0) throw new Error("called end on pool more than once");
        await store.close(options);
        if (did.length === 1) throw new Error("the connection was cut off");
      },
    };
  });
  for (let seconds = 0; seconds < 12; seconds++) await clock.advance(1000);
  expect(lines.join("\n")).toContain("the server is away");
  expect(lines.join("\n")).not.toContain("GATEWAY_RUNNING");
  expect(did).toHaveLength(3);
  expect((await gateway.status()).gateway).toMatchObject({ pid: process.pid });
});

it("takes in the rest of a change of which a part fails, and says what is left out", async () => {
  const port = await freePort();
  let isBroken = false;
  const { lines, edit } = await started((path) =>
    storeWith(path, (read) => {
      if (isBroken) throw new TapbackError("NO_STATE", "no readers", { hint: "Mend it." });
      return read();
    }),
  );
  isBroken = true;
  edit(`{ api: { enabled: true, port: ${port} } }`);
  // The API's room is loaded with its first use.
  const patience = { timeout: 20_000 };
  await expect
    .poll(async () => {
      await clock.advance(2000);
      return lines.join("\n");
    }, patience)
    .toContain("listening on");
  expect(lines.filter((line) => line.includes("could not be taken in whole"))).toEqual([
    expect.stringContaining("no readers. Mend it."),
  ]);
  expect((await fetch(`http://127.0.0.1:${port}/v1/openapi.json`)).status).toBe(200);
});

it("counts an account as stopped, or not, as before a start that failed half-way (behaviour 9.4)", async () => {
  let isBroken = false;
  const open = (path: string) =>
    storeWith(path, (read) => {
      if (isBroken) throw new TapbackError("NO_STATE", "no readers");
      return read();
    });
  const start = () => started(open, "{}", { imessage: `{ cliPath: "${join(folder, "no-imsg")}" }` });
  const fails = async () => {
    isBroken = true;
    await expect(start()).rejects.toThrow("no readers");
    isBroken = false;
    const store = openStore(join(folder, "state/state.db"), clock);
    const { facts } = await store.accounts.claim("default", "another");
    await store.close();
    return facts.stoppedAt;
  };
  await start();
  await gateway.stop();
  const stoppedAt = clock.now();
  await clock.advance(5000);
  expect(await fails()).toBe(stoppedAt);
  // That claim was never given back, as by a power cut.
  expect(await fails()).toBeUndefined();
});

it("ends within its grace while it begins anew on a server that is away", async () => {
  let opened = 0;
  const away = async () => {
    throw new TapbackError("STORE_UNAVAILABLE", "the server is away", { retryable: true });
  };
  let closed = 0;
  await started((path) => {
    const store = openStore(path, clock);
    const isAway = ++opened === 2;
    return {
      ...store,
      ...(isAway && { questions: new Proxy(store.questions, { get: () => away }) }),
      nodes: nodesThat(() => opened === 1),
      async close(options) {
        closed++;
        await store.close(options);
      },
    };
  });
  for (let seconds = 0; seconds < 7; seconds++) await clock.advance(1000);
  expect([opened, closed]).toEqual([2, 1]);
  let isStopped = false;
  const stopped = gateway.stop().then(() => {
    isStopped = true;
  });
  await clock.advance(graceMs - 1);
  expect([isStopped, closed]).toEqual([false, 1]);
  await clock.advance(1);
  await stopped;
  await clock.advance(60_000);
  expect([opened, closed]).toEqual([2, 2]);
});

it("opens nothing after its end, though an edit of the configuration was being taken in", async () => {
  const port = await freePort();
  const api = `{ api: { enabled: true, port: ${port} } }`;
  let isHeld = false;
  let goOn = () => {};
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  let isReached = false;
  const { lines, edit } = await started(
    (path) =>
      storeWith(path, async (read) => {
        const found = await read();
        isReached ||= isHeld;
        if (isHeld) await held;
        return found;
      }),
    api,
  );
  isHeld = true;
  edit(`{ retentionDays: 9, ${api.slice(1)}`);
  await expect
    .poll(async () => {
      await clock.advance(2000);
      return isReached;
    })
    .toBe(true);
  await gateway.stop();
  goOn();
  for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
  expect(lines.join("\n")).toContain("configuration changed: gateway.retentionDays");
  expect(lines.filter((line) => line.includes("listening on"))).toHaveLength(1);
  await expect(fetch(`http://127.0.0.1:${port}/v1/openapi.json`)).rejects.toThrow();
});

it("answers how it is where the state cannot be read, though it has webhooks", async () => {
  let fault: Error | undefined;
  const hook = `{ url: "http://127.0.0.1:6000/", secret: "whsec_${"A".repeat(32)}" }`;
  await started(
    (path) => {
      const store = openStore(path, clock);
      const { events } = store;
      const readers = () => (fault ? Promise.reject(fault) : events.readers());
      return {
        ...store,
        events: new Proxy(events, {
          get: (_, name) => (name === "readers" ? readers : bound(events, name)),
        }),
      };
    },
    "{}",
    { webhooks: `[${hook}]` },
  );
  const known = { number: 1, name: "127.0.0.1:6000", behind: 0 };
  expect((await gateway.status()).webhooks).toMatchObject([{ ...known, state: "ok", why: null }]);
  fault = new TapbackError("STORE_FULL", "the disk is full");
  // Its clock stands still: what waited to be tried again would wait for ever.
  expect((await gateway.status()).webhooks).toMatchObject([
    { ...known, state: "new", why: "the disk is full" },
  ]);
  fault = undefined;
  expect((await gateway.status()).webhooks).toMatchObject([{ state: "ok", why: null }]);
});
