import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { FakeClock } from "../../test/support/fake-clock.js";
import { setVariable } from "../config/environment/index.js";
import type { Log } from "../platform/index.js";
import { type Context, contextOf } from "./context.js";
import { serviceConfiguration } from "./service-configuration.js";

const patience = { timeout: 15_000, interval: 10 };

let folder: string;
let clock: FakeClock;
let lines: string[];
let context: Context;
let found: Awaited<ReturnType<typeof serviceConfiguration>> | "waits";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tapback-waits-"));
  vi.stubEnv("TAPBACK_STATE_DIR", folder);
  vi.stubEnv("TAPBACK_CONFIG", undefined);
  vi.stubEnv("REGION_HERE", "DE");
  clock = new FakeClock();
  lines = [];
  found = "waits";
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** Begins to wait for a configuration that says the region and the name of the account. */
async function wait(ended: Promise<unknown> = new Promise(() => {})): Promise<void> {
  const imessage = { region: "$".concat("{REGION_HERE}"), name: "$".concat("{NAME_HERE}") };
  writeFileSync(join(folder, "tapback.json5"), JSON.stringify({ channels: { imessage } }));
  context = contextOf({});
  const log = { error: (line: string) => lines.push(line) } as unknown as Log;
  void serviceConfiguration(context, { log, ended, clock }).then((loaded) => {
    found = loaded;
  });
  await vi.waitFor(() => expect(lines.at(-1)).toContain("the gateway starts when"), patience);
  expect(lines.join()).toContain("NAME_HERE");
}

it("starts when the variable that was missing is kept, and has it for the gateway", async () => {
  await wait();
  const told = lines.length;
  await clock.advance(10_000);
  // One that it does not lack is taken in, and changes nothing; of the process's own it gets no other value.
  await setVariable(folder, "REGION_HERE", "FR");
  await clock.advance(2000);
  await vi.waitFor(() => expect(lines.length).toBeGreaterThan(told), patience);
  expect(found).toBe("waits");
  await setVariable(folder, "NAME_HERE", "Molty");
  await clock.advance(2000);
  await vi.waitFor(() => expect(found).not.toBe("waits"), patience);
  expect(found).toMatchObject({ config: { channels: { imessage: { region: "DE", name: "Molty" } } } });
  expect(context.env).toMatchObject({ NAME_HERE: "Molty", REGION_HERE: "DE" });
  expect(clock.waiting).toBe(0);
});

it("names why the file of variables cannot be used, and waits on", async () => {
  await wait();
  writeFileSync(join(folder, "env"), "NAME_HERE=Molty\n", { mode: 0o666 });
  chmodSync(join(folder, "env"), 0o666);
  await clock.advance(2000);
  await vi.waitFor(() => expect(lines.join("\n")).toContain("others can write into"), patience);
  expect(found).toBe("waits");
  expect(context.env.NAME_HERE).toBeUndefined();
});

it("ends when it is asked to", async () => {
  let end = () => {};
  await wait(
    new Promise<void>((resolve) => {
      end = resolve;
    }),
  );
  end();
  await vi.waitFor(() => expect(found).toBeUndefined(), patience);
  expect(clock.waiting).toBe(0);
});
