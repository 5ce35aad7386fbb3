import type { ErrorCode } from "../../platform/index.js";
import type { Stage } from "../stage.js";

/** What can be broken of iMessage itself, so that nobody can be told of it there (behaviour 18.5). */
export type TroubleKind = "messages" | "sending" | "addresses" | "private-api" | "state";

/** Something that is broken now. */
export interface Trouble {
  kind: TroubleKind;
  /** Absent where it is the whole gateway's. */
  account?: string;
  detail: string;
  /** Absent where nothing can be said. */
  remedy?: string;
  /** Until when it counts as broken though nobody tells of it any more, milliseconds since the epoch. */
  until?: number;
}

/** How an account at work is, as far as alerts are made of it. */
export interface AccountHealth {
  id: string;
  stages: readonly Stage[];
  /** Why the last send failed; undefined where it did not. */
  sendError: ErrorCode | undefined;
  privateApi: { available: boolean; message: string; remedy?: string | undefined } | undefined;
}

/** How long it counts after Messages told that an address is gone, milliseconds. */
export const addressesLostMs = 24 * 60 * 60_000;

/** Without any of these no message comes in. The first that is broken breaks those after it. */
const way: ReadonlySet<Stage["name"]> = new Set(["ssh", "child", "rpc", "database", "watch"]);

/** Failures of a send that any other would meet too: Messages is gone, signed out, or not to be controlled. */
const refusals: ReadonlySet<ErrorCode> = new Set([
  "MESSAGES_NOT_RUNNING",
  "MESSAGES_TIMEOUT",
  "SERVICE_UNAVAILABLE",
  "PERMISSION_AUTOMATION",
]);

/**
 * Tells what is broken now. That an agent fails, a single message is refused or a clock is wrong can be told in Messages, and is.
 * @param hadPrivateApi accounts whose private API was there once: only where it is missed, its absence is a trouble
 */
export function troublesOf(
  accounts: readonly AccountHealth[],
  hadPrivateApi: ReadonlySet<string>,
): Trouble[] {
  const state = accounts.flatMap(({ stages }) => stages).find(({ name, ok }) => name === "store" && !ok);
  return [
    ...(state ? [troubleOf("state", state)] : []),
    ...accounts.flatMap((account) => troublesIn(account, hadPrivateApi.has(account.id))),
  ];
}

/**
 * Tells what nobody knows now: whether Messages sends again before a send landed, what imsg says of the private API before it told or while
 * it is away, whether the state can be written where no account is served.
 */
export function unknownOf(accounts: readonly AccountHealth[]): Pick<Trouble, "kind" | "account">[] {
  const unknown = accounts.flatMap(({ id, stages, privateApi }) => {
    const sends = stages.find(({ name }) => name === "sends");
    const isAway = stages.some(({ name, ok }) => !ok && way.has(name));
    const kinds: TroubleKind[] = [
      ...(sends?.ok && sends.provenAt !== null ? [] : ["sending" as const]),
      ...(isAway || privateApi === undefined ? ["private-api" as const] : []),
    ];
    return kinds.map((kind) => ({ kind, account: id }));
  });
  return accounts.length === 0 ? [{ kind: "state" }] : unknown;
}

function troublesIn({ id, stages, sendError, privateApi }: AccountHealth, hadPrivateApi: boolean): Trouble[] {
  const broken = stages.filter(({ ok }) => !ok);
  const inbound = broken.find(({ name }) => way.has(name));
  const sends = broken.find(
    ({ name }) => name === "sends" && sendError !== undefined && refusals.has(sendError),
  );
  const addresses = broken.find(({ name }) => name === "addresses");
  const isApiLost = hadPrivateApi && privateApi?.available === false;
  return [
    ...(inbound ? [troubleOf("messages", inbound, id)] : []),
    ...(sends ? [troubleOf("sending", sends, id)] : []),
    ...(addresses ? [{ ...troubleOf("addresses", addresses, id), ...untilOf(addresses) }] : []),
    // While imsg is down nobody knows of its library.
    ...(isApiLost && !inbound
      ? [troubleOf("private-api", { detail: privateApi.message, remedy: privateApi.remedy ?? null }, id)]
      : []),
  ];
}

function troubleOf(
  kind: TroubleKind,
  { detail, remedy }: Pick<Stage, "detail" | "remedy">,
  account?: string,
): Trouble {
  return {
    kind,
    detail,
    ...(account !== undefined && { account }),
    ...(remedy !== null && { remedy }),
  };
}

/** Messages does not say when all is well again: for a day nobody knows, also after a restart. */
function untilOf({ provenAt }: Stage): Pick<Trouble, "until"> {
  return provenAt === null ? {} : { until: Date.parse(provenAt) + addressesLostMs };
}
