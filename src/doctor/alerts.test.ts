import { expect, it } from "vitest";
import type { AlertChannel } from "../config/index.js";
import { checkAlerts, proveAlerts } from "./alerts.js";

const place = { env: { PATH: process.env.PATH }, home: "/nowhere" };
const command = (name: string, ...args: string[]): AlertChannel => ({ type: "command", command: name, args });
const alerts = [command("true"), command("~/gone"), command("sh", "-c", "echo no such topic >&2; exit 3")];

it("sends a test through every channel, and says of each whether it took it", async () => {
  const found = await proveAlerts({ alerts }, place);
  expect(found.map(({ check, level, detail }) => [check, level, detail])).toEqual([
    ["alerts/0", "ok", "true took a test alert"],
    ["alerts/1", "fail", expect.stringContaining("ENOENT")],
    ["alerts/2", "fail", "sh: it ended with 3: no such topic"],
  ]);
  expect(found[2]!.remedy).toContain("alerts[2]");
});

it("finds a command that is not there without sending anything, and says where nobody is told", async () => {
  expect(checkAlerts({ alerts }, place).map(({ check, level }) => [check, level])).toEqual([
    ["alerts/1", "fail"],
  ]);
  expect(checkAlerts({ alerts: [] }, place)).toEqual([]);
  expect(await proveAlerts({ alerts: [] }, place)).toMatchObject([{ level: "warn", check: "alerts" }]);
});
