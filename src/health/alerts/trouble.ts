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
}

/** How an account at work is, as far as alerts are made of it. */
export interface AccountHealth {
  id: string;
  stages: readonly Stage[];
  /** Why the last send failed; undefined where it did not. */
  sendError: ErrorCode | undefined;
  privateApi: { available: boolean; message: string; remedy?: string | undefined } | undefined;
}

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
    ...(addresses ? [troubleOf("addresses", addresses, id)] : []),
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
