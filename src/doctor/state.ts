import { accessSync, chmodSync, constants, existsSync, readdirSync, statfsSync, statSync } from "node:fs";
import { join } from "node:path";
import { askGateway, isWritableByOthers, readGatewayInfo } from "../control/index.js";
import type { GatewayStatus } from "../gateway/index.js";
import { isTold, MacClock, skewText } from "../inbound/index.js";
import { localTime, messageOf, sleepsText, systemClock, TapbackError } from "../platform/index.js";
import { type StatePlace, stateFile, withExistingStateAt } from "../store/index.js";
import { type Finding, failed, fine, warn } from "./check.js";

/** Below this the journal may fill the disk within days. */
const lowDiskMb = 500;
/** Below this nothing can be relied on. */
const fullDiskMb = 20;

/** Files of the state that hold messages, codes or secrets (behaviour 1.5). */
const privateFiles = /^(state\.db.*|gateway\.json|gateway\.lock|env|tapback\.json5.*)$/;

/** The state directory: there, ours, private, with room, and a database that opens. */
export async function checkState(place: StatePlace): Promise<Finding[]> {
  const { stateDir } = place;
  if (!existsSync(stateDir))
    return [
      fine("state", `${stateDir} is made at the first start`),
      ...(place.url === undefined ? [] : await checkDatabase(place)),
    ];
  if (!statSync(stateDir).isDirectory())
    return [
      failed(
        "state",
        `${stateDir} is no folder`,
        "Move it away, or name another one with TAPBACK_STATE_DIR.",
      ),
    ];
  try {
    accessSync(stateDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    return [
      failed(
        "state",
        `${stateDir} cannot be used: ${messageOf(error)}`,
        "Make it yours, or name another one with TAPBACK_STATE_DIR.",
      ),
    ];
  }
  return [
    fine("state", stateDir),
    checkModes(stateDir),
    checkDisk(stateDir),
    ...(await checkDatabase(place)),
  ];
}

/** What a gateway, and every command that reads messages, would meet. */
async function checkDatabase(place: StatePlace): Promise<Finding[]> {
  try {
    const read = await withExistingStateAt(place, (store) => store?.journal.list({ limit: 1 }));
    const where = place.url === undefined ? stateFile(place.stateDir) : "on the server of store.url";
    return read ? [fine("state.database", where)] : [];
  } catch (error) {
    const hint = (error instanceof TapbackError ? error : undefined)?.hint;
    return [failed("state.database", messageOf(error), hint ?? "Run `tapback gateway` and look at its log.")];
  }
}

function checkModes(stateDir: string): Finding {
  const open = [
    stateDir,
    ...readdirSync(stateDir)
      .filter((name) => privateFiles.test(name))
      .map((name) => join(stateDir, name)),
  ].filter((path) => (statSync(path).mode & 0o077) !== 0);
  if (open.length === 0) return fine("state.modes", "only you can read it");
  const remedy = "Run `tapback doctor --fix`, or chmod them to 0600 (files) and 0700 (folder).";
  const fix = () => {
    for (const path of open) chmodSync(path, statSync(path).isDirectory() ? 0o700 : 0o600);
  };
  // A gateway does not start there: whoever writes there may put another state in the place of this one.
  if (isWritableByOthers(stateDir))
    return failed("state.modes", `others can write into ${stateDir}`, remedy, fix);
  return warn("state.modes", `others can read ${open.join(", ")}`, remedy, fix);
}

function checkDisk(stateDir: string): Finding {
  const { bavail, bsize } = statfsSync(stateDir);
  const freeMb = Math.floor((bavail * bsize) / 1024 / 1024);
  const detail = `${freeMb} MB free`;
  if (freeMb < fullDiskMb)
    return failed("disk", detail, "Free some disk space: messages cannot be journaled without it.");
  return freeMb < lowDiskMb ? warn("disk", detail, "Free some disk space.") : fine("disk", detail);
}

/** The gateway of this state directory: running, and answering. */
export async function checkGateway(stateDir: string): Promise<Finding[]> {
  const info = readGatewayInfo(stateDir);
  if (!info)
    return [
      warn(
        "gateway",
        "no gateway is running",
        "Start it with `tapback gateway`, or as a service with `tapback service install`.",
      ),
    ];
  try {
    const answer = await askGateway(stateDir, "status", {}, 5000);
    if (answer)
      return [
        stateOf(answer.result) ?? fine("gateway", `version ${info.version} runs as pid ${info.pid}`),
        ...sleepOf(answer.result),
        ...lateOf(answer.result),
      ];
    return [
      warn(
        "gateway",
        `the gateway with pid ${info.pid} is gone without a word`,
        "Start it again with `tapback service restart`, or in a terminal with `tapback gateway`; nothing is lost.",
      ),
    ];
  } catch (error) {
    return [
      failed(
        "gateway",
        messageOf(error),
        `Look at its log; if it hangs, run \`tapback service restart\`, or where it is no service: kill ${info.pid}`,
      ),
    ];
  }
}

/** How far the Mac's clock is from this machine's, as the last sends of an account tell (behaviour 9.5). */
export async function checkMacClock(place: StatePlace, account: string): Promise<Finding[]> {
  const check = `clock/${account}`;
  try {
    const mac = await withExistingStateAt(
      place,
      (store) => store && MacClock.load(store, account, systemClock),
    );
    const skew = mac?.skew;
    if (!skew) return [];
    const seen = localTime(skew.at);
    if (!isTold(skew.ms)) return [fine(check, `the Mac's clock is right (seen ${seen})`)];
    return [
      warn(
        check,
        `${skewText(skew.ms)} (seen ${seen})`,
        "Let both machines set their clocks by themselves (System Settings > General > Date & Time).",
      ),
    ];
  } catch {
    // `state.database` tells of a state that cannot be read.
    return [];
  }
}

/** What the gateway cannot keep its state for; undefined when it can. */
function stateOf({ accounts }: GatewayStatus): Finding | undefined {
  const broken = accounts.flatMap(({ stages }) => stages).find(({ name, ok }) => name === "store" && !ok);
  return (
    broken && failed("gateway", `it keeps nothing: ${broken.detail}`, broken.remedy ?? "Look at its log.")
  );
}

/** Whether its machine slept lately: nothing is answered meanwhile (behaviour 1.7). */
function sleepOf({ gateway }: GatewayStatus): Finding[] {
  const sleeps = gateway?.sleeps ?? [];
  if (sleeps.length === 0) return [];
  const remedy = "Set gateway.keepAwake to true, or System Settings > Energy: prevent automatic sleeping.";
  return [warn("sleep", sleepsText(sleeps), remedy)];
}

/** Accounts whose messages come late as a rule (behaviour 9.5). */
function lateOf({ accounts }: GatewayStatus): Finding[] {
  return accounts.flatMap(({ id, stages }) =>
    stages
      .filter(({ name, ok }) => name === "arrival" && !ok)
      .map(({ detail, remedy }) =>
        warn(`arrival/${id}`, detail, remedy ?? "See docs/deployment/local-mac.md."),
      ),
  );
}

/** A clock that is wrong makes old messages look new. @param now milliseconds since the epoch */
export function checkClock(now: number): Finding {
  const year = new Date(now).getUTCFullYear();
  return year >= 2025 && year < 2100
    ? fine("clock", localTime(now, 0))
    : failed("clock", `the clock says ${new Date(now).toISOString()}`, "Set the machine's clock.");
}
