import {
  BridgeError,
  type Capabilities,
  checkHop,
  ImsgClient,
  type ImsgCommand,
  probe,
} from "../../bridge/index.js";
import { type Account, expandHome } from "../../config/index.js";
import type { Result } from "../../platform/index.js";
import { idleStatus } from "./idle-status.js";
import { wayTo } from "./remote-mac.js";
import type { AccountStatus, PrivateApiStatus, Stage } from "./status.js";

/**
 * What starts an account's imsg. `dbPath` names a file on the Mac when the account is remote (behaviour 1.1).
 * @param env its environment (behaviour 17.2); that of this process when absent
 */
export function commandOf(
  account: Account,
  home: string,
  env?: Record<string, string | undefined>,
): ImsgCommand {
  const { cliPath, dbPath } = account;
  const { mac, argumentReader } = wayTo(account, home, env);
  return {
    cliPath: expandHome(cliPath, home),
    argumentReader,
    ...(env && { env }),
    ...(dbPath !== undefined && { dbPath: mac ? dbPath : expandHome(dbPath, home) }),
  };
}

/** What a probe adds to an account's status. */
export interface ProbeOutcome {
  stages: Stage[];
  privateApi: PrivateApiStatus | undefined;
}

/**
 * Checks the way to Messages from the outside, beside a running child: the program, its RPC, the database, the private
 * API (behaviour 13).
 * @param timeoutMs of each check
 */
export async function probeCommand(command: ImsgCommand, timeoutMs: number): Promise<ProbeOutcome> {
  const [found, database] = await Promise.all([probe(command, timeoutMs), readDatabase(command, timeoutMs)]);
  const { version, rpc, status } = found;
  const versionText = version.ok ? `imsg ${version.value}` : version.error.message;
  return {
    stages: [
      stage("child", version.ok || !isStartFailure(version.error), versionText, version),
      stage("rpc", rpc.ok, rpc.ok ? "RPC is supported" : rpc.error.message, rpc),
      stage(
        "database",
        database === undefined,
        database === undefined ? "the Messages database is readable" : database.message,
        database === undefined ? undefined : { ok: false, error: database },
      ),
    ],
    privateApi: status.ok ? privateApiOf(status.value) : undefined,
  };
}

/** The status of an account that no gateway serves, after a probe. */
export async function probeAccount(
  account: Account,
  home: string,
  timeoutMs?: number,
): Promise<AccountStatus> {
  const limitMs = timeoutMs ?? account.probeTimeoutMs;
  const { mac } = wayTo(account, home);
  const [hop, { stages: found, privateApi }] = await Promise.all([
    mac && checkHop(mac, limitMs),
    probeCommand(commandOf(account, home), limitMs),
  ]);
  const stages = [...(mac && hop ? [hopStage(mac.host, hop)] : []), ...found];
  return { ...idleStatus(account), stages, verdict: verdictOf(stages), ...(privateApi && { privateApi }) };
}

/** What was found out of the way to another Mac. @param provenAt when it was, milliseconds since the epoch */
export function hopStage(host: string, hop: Result<void, BridgeError>, provenAt = Date.now()): Stage {
  return {
    name: "ssh",
    ok: hop.ok,
    provenAt: hop.ok ? new Date(provenAt).toISOString() : null,
    detail: hop.ok ? `${host} lets us in` : hop.error.message,
    remedy: hop.ok ? null : remedyFor(hop.error, host),
  };
}

/** @returns the error's hint with the Mac's name in it, fit to be typed */
function remedyFor({ hint }: BridgeError, host: string): string | null {
  return hint?.replaceAll("HOST", host) ?? null;
}

/** `works`, or what failed first (behaviour 13). */
export function verdictOf(stages: Stage[]): string {
  return stages.find(({ ok }) => !ok)?.detail ?? "works";
}

/** @returns why the database cannot be read; undefined when it can */
async function readDatabase(command: ImsgCommand, timeoutMs: number): Promise<BridgeError | undefined> {
  const client = new ImsgClient(command);
  try {
    await client.call("chats.list", { limit: 1 }, { timeoutMs, graceMs: 0 });
    return undefined;
  } catch (error) {
    if (!(error instanceof BridgeError)) throw error;
    await client.close();
    // What holds answers back lets go of them when its input ends.
    const ended = await client.closed;
    return ended.code === "WRAPPER_BUFFERS" ? ended : error;
  } finally {
    await client.close();
  }
}

function isStartFailure({ code }: BridgeError): boolean {
  return code !== "PROTOCOL";
}

/** What a status tells of the private API. */
export function privateApiOf(
  status: Pick<Capabilities, "privateApi" | "methods" | "selectors">,
): PrivateApiStatus {
  const { available, version, message } = status.privateApi;
  return {
    available,
    version,
    message,
    methods: status.methods,
    selectors: status.selectors,
    remedy: available
      ? null
      : "Run `imsg launch` on the Mac, in the session of the user who is signed in to Messages.",
  };
}

function stage(
  name: Stage["name"],
  ok: boolean,
  detail: string,
  result: { ok: true; value: unknown } | { ok: false; error: BridgeError } | undefined,
): Stage {
  const remedy = result && !result.ok ? (result.error.hint ?? null) : null;
  return { name, ok, provenAt: ok ? new Date().toISOString() : null, detail, remedy: ok ? null : remedy };
}
