import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { serveControl } from "../../src/control/index.js";
import { commandHere } from "../support/command-here.js";

let home: string;
let close: () => Promise<void>;
const state = () => join(home, ".tapback");

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "tapback-probe-"));
  mkdirSync(state(), { mode: 0o700 });
});
afterEach(async () => {
  vi.useRealTimers();
  await close();
  rmSync(home, { recursive: true, force: true });
});

/** A gateway whose checks take their time, which passes at once here. */
async function serve(checkMs: number): Promise<void> {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const { pid } = process;
  const gateway = { pid, startedAt: new Date().toISOString(), version: "1" };
  const status = async ({ probe }: { probe?: boolean }) => {
    if (probe) vi.advanceTimersByTime(checkMs);
    return { gateway, defaultAccount: "default", accounts: [] };
  };
  close = await serveControl(join(state(), "s"), { status } as never);
  const info = { ...gateway, socket: join(state(), "s") };
  writeFileSync(join(state(), "gateway.json"), JSON.stringify(info), { mode: 0o600 });
}

const status = (...words: string[]) =>
  commandHere(["channels", "status", "--json", ...words], { HOME: home, PATH: "/usr/bin:/bin" });

it.each([
  ["what is asked for", 59_000, ["--timeout", "45000"], {}],
  ["what the account has", 44_000, [], { probeTimeoutMs: 40_000 }],
])("waits for a probe as long as it may take: %s", async (_, checkMs, words, account) => {
  writeFileSync(join(state(), "tapback.json5"), JSON.stringify({ channels: { imessage: account } }));
  await serve(checkMs);
  const { code, stdout } = await status("--probe", ...words);
  expect([code, JSON.parse(stdout)]).toMatchObject([0, { gateway: { version: "1" } }]);
});

it("waits no longer than that", async () => {
  writeFileSync(join(state(), "tapback.json5"), "{ channels: { imessage: {} } }");
  await serve(31_000);
  const { code, stdout } = await status("--probe", "--timeout", "100");
  expect([code, JSON.parse(stdout).error.code]).toEqual([4, "GATEWAY_SILENT"]);
});
