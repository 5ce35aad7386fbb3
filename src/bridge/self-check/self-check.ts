import type { Endpoint } from "../../config/index.js";
import { type Clock, messageOf } from "../../platform/index.js";
import { BridgeError } from "../error.js";
import type { MacAccess } from "../mac.js";
import { askMessages, type MessagesAnswer } from "./ask-messages.js";
import { findOwnAddress } from "./own-address.js";
import type { Reach } from "./reach.js";
import type { RunTool } from "./run-tool.js";

/** What a process found of the database of an account on this Mac. */
export interface DatabaseVerdict {
  /** Of the account. */
  id: string;
  ok: boolean;
  /** Of the error; null where there is none, or none has a code. */
  code: string | null;
  detail: string;
  remedy: string | null;
  /** An address of the account; null where nothing tells. */
  ownAddress: string | null;
  /** When the newest message came or went, milliseconds since the epoch; null where there is none. */
  newestAt: number | null;
}

/** A place in the local network, and why it is not reached; null where it is. */
export interface Reached extends Endpoint {
  code: string | null;
}

/**
 * What only the process itself can tell: macOS judges who asks, so a terminal may be permitted what a service is not, and the
 * other way round (behaviour 13.1).
 */
export interface SelfCheck {
  pid: number;
  /** Null where no account is on this machine. */
  messages: MessagesAnswer | null;
  databases: DatabaseVerdict[];
  network: Reached[];
}

/** With what it looks. */
export interface SelfCheckDeps {
  run: RunTool;
  reach: Reach;
  clock: Clock;
  /** Of the local network, that the configuration names. */
  endpoints: readonly Endpoint[];
  /** The accounts on this machine, with the way to each one's rows and addresses. */
  accounts: ({ id: string } & Pick<MacAccess, "look" | "addresses">)[];
}

/** Finds out what macOS lets this very process do. @param limitMs of each question, milliseconds */
export async function selfCheck(deps: SelfCheckDeps, limitMs: number): Promise<SelfCheck> {
  const { run, reach, endpoints, accounts } = deps;
  const [messages, databases, network] = await Promise.all([
    accounts.length > 0 ? askMessages(run, limitMs) : null,
    Promise.all(accounts.map((account) => databaseVerdict(account, deps.clock, limitMs))),
    Promise.all(
      endpoints.map(async (endpoint) => ({
        ...endpoint,
        code: (await reach(endpoint, limitMs)) ?? null,
      })),
    ),
  ]);
  return { pid: process.pid, messages, databases, network };
}

async function databaseVerdict(
  { id, look, addresses }: SelfCheckDeps["accounts"][number],
  clock: Clock,
  limitMs: number,
): Promise<DatabaseVerdict> {
  const verdict = { id, ownAddress: null, newestAt: null, remedy: null, code: null };
  try {
    const chats = await within(
      clock,
      limitMs,
      look((reader) => reader.chats(1), limitMs),
    );
    if (!chats)
      return {
        ...verdict,
        ok: false,
        detail: `imsg did not answer within ${Math.round(limitMs / 1000)} s`,
        remedy: "Look whether a dialog of macOS waits on the screen.",
      };
    return {
      ...verdict,
      ok: true,
      detail: "the Messages database is readable",
      ownAddress: (await within(clock, limitMs, findOwnAddress({ look, addresses }, limitMs))) ?? null,
      newestAt: chats[0]?.lastMessageAt ?? null,
    };
  } catch (error) {
    const { code, hint } = error instanceof BridgeError ? error : {};
    return { ...verdict, ok: false, code: code ?? null, detail: messageOf(error), remedy: hint ?? null };
  }
}

/** @returns undefined when it took too long */
async function within<T>(clock: Clock, limitMs: number, work: Promise<T>): Promise<T | undefined> {
  const limit = new AbortController();
  try {
    return await Promise.race([work, clock.sleep(limitMs, limit.signal).then(() => undefined)]);
  } finally {
    limit.abort();
  }
}
