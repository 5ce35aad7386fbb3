import {
  type BridgeError,
  type Capabilities,
  checkHop,
  type MacAccess,
  type ProbedPart,
} from "../../bridge/index.js";
import type { Account } from "../../config/index.js";
import type { AccountStatus, PrivateApiStatus, Stage } from "../../health/index.js";
import type { Result } from "../../platform/index.js";
import { idleStatus } from "./idle-status.js";
import { macOf } from "./mac.js";

/** What a probe adds to an account's status. */
export interface ProbeOutcome {
  stages: Stage[];
  /** Of imsg; undefined where it did not tell. */
  version: string | undefined;
  privateApi: PrivateApiStatus | undefined;
  /** What imsg says of its library in Messages, where that is of another version. */
  helperMismatch: string | undefined;
}

/**
 * Checks the way to Messages from the outside, beside a running child: the program, its RPC, the database, the private
 * API (behaviour 13).
 * @param timeoutMs of each check
 */
export async function probeMac(mac: MacAccess, timeoutMs: number): Promise<ProbeOutcome> {
  const { parts, version, features } = await mac.probe(timeoutMs);
  return {
    stages: parts.map(stageOf),
    version,
    privateApi: features && privateApiOf(features),
    helperMismatch: features?.helperMismatch,
  };
}

/** The status of an account that no gateway serves, after a probe. */
export async function probeAccount(
  account: Account,
  home: string,
  timeoutMs?: number,
): Promise<AccountStatus> {
  const limitMs = timeoutMs ?? account.probeTimeoutMs;
  const mac = macOf(account, home);
  const { remote } = mac;
  const [hop, { stages: found, privateApi }] = await Promise.all([
    remote && checkHop(remote, limitMs),
    probeMac(mac, limitMs),
  ]);
  const stages = [...(remote && hop ? [hopStage(remote.host, hop)] : []), ...found];
  return { ...idleStatus(account), stages, verdict: verdictOf(stages), privateApi };
}

/** What was found out of the way to another Mac. @param provenAt when it was, milliseconds since the epoch */
export function hopStage(host: string, hop: Result<void, BridgeError>, provenAt = Date.now()): Stage {
  return {
    name: "ssh",
    ok: hop.ok,
    provenAt: hop.ok ? new Date(provenAt).toISOString() : null,
    detail: hop.ok ? `${host} lets us in` : hop.error.message,
    remedy: hop.ok ? null : (hop.error.hint ?? null),
  };
}

/** `works`, or what failed first (behaviour 13). */
export function verdictOf(stages: Stage[]): string {
  return stages.find(({ ok }) => !ok)?.detail ?? "works";
}

/** What a status tells of the private API. */
export function privateApiOf(
  status: Pick<Capabilities, "privateApi" | "methods" | "selectors">,
): PrivateApiStatus {
  const { available, version, message, remedy } = status.privateApi;
  return {
    available,
    version,
    message,
    methods: status.methods,
    selectors: status.selectors,
    remedy: available ? null : (remedy ?? null),
  };
}

function stageOf({ part, ok, detail, error }: ProbedPart): Stage {
  const provenAt = ok ? new Date().toISOString() : null;
  return { name: part, ok, provenAt, detail, remedy: ok ? null : (error?.hint ?? null) };
}
