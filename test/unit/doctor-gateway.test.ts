import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { serveControl } from "../../src/control/server.js";
import { checkGateway } from "../../src/doctor/state.js";
import { idleStatus } from "../../src/gateway/account/idle-status.js";
import type { GatewayStatus, Stage } from "../../src/health/index.js";
import { removeFolder } from "../support/remove-folder.js";

let folder: string;
let close: () => Promise<void> = async () => {};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tapback-doctor-"));
});
afterEach(async () => {
  await close();
  await removeFolder(folder);
});

/** A gateway that answers with this status. */
async function answering(status: GatewayStatus): Promise<void> {
  const socket = join(folder, "socket");
  const info = { pid: process.pid, startedAt: "2026-11-28T00:00:00Z", version: "1", socket };
  writeFileSync(join(folder, "gateway.json"), JSON.stringify(info));
  close = await serveControl(socket, { status: async () => status } as never);
}

it("tells of a machine that slept, and of messages that come late, beside a gateway that runs", async () => {
  const arrival: Stage = { name: "arrival", ok: false, provenAt: null, detail: "late", remedy: "mend it" };
  const sleeps = [{ from: "2026-11-28T01:00:00Z", to: "2026-11-28T02:00:00Z" }];
  const account = { ...idleStatus({ id: "work", enabled: true } as never), stages: [arrival] };
  await answering({
    gateway: { pid: process.pid, startedAt: "2026-11-28T00:00:00Z", version: "1", sleeps },
    defaultAccount: "work",
    accounts: [account],
  });
  expect(await checkGateway(folder)).toEqual([
    expect.objectContaining({ check: "gateway", level: "ok" }),
    expect.objectContaining({
      check: "sleep",
      level: "warn",
      detail: expect.stringMatching(/slept from .* to /),
      remedy: expect.stringContaining("gateway.keepAwake"),
    }),
    expect.objectContaining({ check: "arrival/work", level: "warn", detail: "late", remedy: "mend it" }),
  ]);
});
