import { BridgeError, type Capabilities, ImsgClient, type ImsgCommand, probe } from "../bridge/index.js";
import { type Account, expandHome } from "../config/index.js";
import { idleStatus } from "./idle-status.js";
import type { AccountStatus, PrivateApiStatus, Stage } from "./status.js";

/** What starts an account's imsg. `dbPath` names a file on the Mac when the account is remote (behaviour 1.1). */
export function commandOf(account: Account, home: string): ImsgCommand {
  const { cliPath, dbPath, remoteHost } = account;
  return {
    cliPath: expandHome(cliPath, home),
    ...(dbPath !== undefined && { dbPath: remoteHost ? dbPath : expandHome(dbPath, home) }),
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
  const { stages, privateApi } = await probeCommand(
    commandOf(account, home),
    timeoutMs ?? account.probeTimeoutMs,
  );
  return { ...idleStatus(account), stages, verdict: verdictOf(stages), ...(privateApi && { privateApi }) };
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
    if (error instanceof BridgeError) return error;
    throw error;
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
