import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { FakeClock } from "../../../test/support/fake-clock.js";
import { removeFolder } from "../../../test/support/remove-folder.js";
import type { AlertChannel } from "../../config/index.js";
import { signatureHeaders } from "../../platform/index.js";
import type { Alert } from "./alert.js";
import { AlertWatch } from "./alert-watch.js";
import type { AccountHealth } from "./trouble.js";

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

/** A folder for a gateway's state. */
function stateDir(): string {
  const folder = mkdtempSync(join(tmpdir(), "alerts-"));
  cleanups.push(() => removeFolder(folder));
  return folder;
}

/** A web service that keeps what it is told, and answers with these codes in turn, then 200. */
async function webhook(...codes: number[]) {
  const got: { alert: Alert; body: string; headers: Record<string, unknown> }[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece) => (body += piece));
    request.on("end", () => {
      got.push({ alert: JSON.parse(body), body, headers: request.headers });
      response.writeHead(codes.shift() ?? 200, { location: "/elsewhere" }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => new Promise((resolve) => server.close(resolve)));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?token=secret`;
  return { got, channel: { type: "webhook", url } as AlertChannel };
}

/** A watch over one account whose child is down while `isDown`. */
function watching(folder: string, channels: AlertChannel[], clock = new FakeClock()) {
  const world: { isDown: boolean; privateApi: AccountHealth["privateApi"] } = {
    isDown: true,
    privateApi: undefined,
  };
  const accounts = (): AccountHealth[] => {
    const detail = world.isDown ? "imsg does not run: it is not there" : "imsg runs";
    const stage = {
      name: "child" as const,
      ok: !world.isDown,
      provenAt: null,
      detail,
      remedy: "brew install imsg",
    };
    return [{ id: "default", stages: [stage], sendError: undefined, privateApi: world.privateApi }];
  };
  const lines: string[] = [];
  const line = (text: string) => void lines.push(text);
  const log = { debug: line, info: line, warn: line, error: line };
  const env = { PATH: process.env.PATH };
  const watch = new AlertWatch({
    clock,
    log,
    env,
    home: folder,
    stateDir: folder,
    channels: () => channels,
    accounts,
  });
  watch.start();
  cleanups.push(async () => watch.stop());
  return { watch, world, clock, lines };
}

/** Lets time pass until it is so; what is sent goes by the machine's own time. */
async function passing(clock: FakeClock, isSo: () => boolean): Promise<void> {
  await vi.waitFor(
    async () => {
      await clock.advance(10_000);
      expect(isSo()).toBe(true);
    },
    { timeout: 20_000, interval: 20 },
  );
}

describe("alerts (behaviour 18.5)", () => {
  it("tell a state once, signed, and when it is over", async () => {
    const { got, channel } = await webhook();
    const { world, clock } = watching(stateDir(), [{ ...channel, secret: "key" } as AlertChannel]);
    await passing(clock, () => got.length > 0);
    expect(got[0]!.alert).toMatchObject({
      ...{ type: "alert", state: "begun", kind: "messages", account: "default" },
      ...{ detail: "imsg does not run: it is not there", remedy: "brew install imsg" },
    });
    expect(got[0]!.alert.text).toMatch(
      /^Tapback on .+: no messages come in \(account default\): imsg does not run: it is not there\nbrew install imsg$/,
    );
    const at = Number(got[0]!.headers["x-tapback-timestamp"]) * 1000;
    expect(got[0]!.headers).toMatchObject(signatureHeaders("key", got[0]!.body, at));
    await clock.advance(600_000);
    expect(got).toHaveLength(1);
    world.isDown = false;
    await passing(clock, () => got.length > 1);
    expect(got[1]!.alert).toMatchObject({ state: "over", kind: "messages" });
    expect(got[1]!.alert.text).toMatch(/messages come in again \(account default\), after \d+ minutes\.$/);
  });

  it("run a command with the alert on stdin and its text in the environment", async () => {
    const folder = stateDir();
    const [script, out] = [join(folder, "tell"), join(folder, "out")];
    writeFileSync(
      script,
      '#!/bin/sh\n{ printf "%s|%s|%s\\n" "$1" "$TAPBACK_ALERT_STATE" "$TAPBACK_ALERT_TEXT"; cat; } > "$2.new" && mv "$2.new" "$2"\n',
    );
    chmodSync(script, 0o755);
    const { clock } = watching(folder, [{ type: "command", command: "~/tell", args: ["$(id)", out] }]);
    await passing(clock, () => existsSync(out));
    const [first, , json] = readFileSync(out, "utf8").split("\n");
    expect(first).toMatch(/^\$\(id\)\|begun\|Tapback on /);
    expect(JSON.parse(json!)).toMatchObject({ type: "alert", state: "begun" });
  });

  it("are tried again where they fail, without a second one elsewhere, and given up in the end", async () => {
    const [fails, works] = [await webhook(500, 302, 500, 404, 503), await webhook()];
    const { clock, lines } = watching(stateDir(), [fails.channel, works.channel]);
    await passing(clock, () => fails.got.length === 5);
    await passing(clock, () => lines.some((line) => line.includes("given up")));
    await clock.advance(3600_000);
    expect([fails.got.length, works.got.length]).toEqual([5, 1]);
    expect(lines.filter((line) => line.includes("could not be sent"))).toHaveLength(5);
    // What stands behind the machine's name in an address may be a secret.
    expect(lines.join("\n")).not.toContain("token");
  });

  it("are told once over a restart, and again where the process died before it was told", async () => {
    const folder = stateDir();
    const { got, channel } = await webhook();
    const first = watching(folder, [channel]);
    await passing(first.clock, () => got.length === 1);
    await passing(first.clock, () => readFileSync(join(folder, "alerts.json"), "utf8").includes('"told"'));
    first.watch.stop();
    const second = watching(folder, [channel]);
    await second.clock.advance(600_000);
    expect(got).toHaveLength(1);
    second.watch.stop();
    const file = join(folder, "alerts.json");
    writeFileSync(file, readFileSync(file, "utf8").replace('"told"', '"begin-due"'));
    const third = watching(folder, [channel]);
    await passing(third.clock, () => got.length === 2);
    expect(got[1]!.alert.state).toBe("begun");
  });

  it("tell no end while nobody knows whether it is over", async () => {
    const { got, channel } = await webhook();
    const { world, clock } = watching(stateDir(), [channel]);
    const told = () => got.map(({ alert }) => `${alert.kind} ${alert.state}`).sort();
    world.isDown = false;
    world.privateApi = { available: true, message: "injected" };
    await clock.advance(20_000);
    world.privateApi = { available: false, message: "not injected" };
    await passing(clock, () => got.length === 1);
    world.isDown = true;
    await passing(clock, () => got.length === 2);
    await clock.advance(600_000);
    expect(told()).toEqual(["messages begun", "private-api begun"]);
    world.isDown = false;
    await passing(clock, () => got.length === 3);
    await clock.advance(600_000);
    expect(told()).toEqual(["messages begun", "messages over", "private-api begun"]);
    world.privateApi = { available: true, message: "injected" };
    await passing(clock, () => got.length === 4);
    expect(told()).toContain("private-api over");
  });

  it("start anew from a file that nobody can read", async () => {
    const folder = stateDir();
    const file = join(folder, "alerts.json");
    writeFileSync(file, '{"spells":[{"trouble":7}],"hadPrivateApi":[]}');
    const { got, channel } = await webhook();
    const { clock } = watching(folder, [channel]);
    await passing(clock, () => got.length === 1);
    await passing(clock, () => readFileSync(file, "utf8").includes('"told"'));
  });

  it("go out where nothing can be kept", async () => {
    const folder = stateDir();
    mkdirSync(join(folder, "alerts.json"));
    const { got, channel } = await webhook();
    const { clock, lines } = watching(folder, [channel]);
    await passing(clock, () => got.length === 1);
    expect(lines.join()).toContain("alerts are not kept");
  });
});
