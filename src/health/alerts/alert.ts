import type { Spell } from "./spells.js";
import type { TroubleKind } from "./trouble.js";

/** What its owner is told on another way than Messages (behaviour 18.5). */
export interface Alert {
  type: "alert";
  state: "begun" | "over" | "test";
  /** Absent for a test. */
  kind?: TroubleKind;
  account?: string;
  detail: string;
  remedy?: string;
  /** When it was first seen, and when this is told: ISO 8601, UTC. */
  since: string;
  at: string;
  /** Name of the machine that the gateway runs on. */
  host: string;
  /** All of it as one text for a person. */
  text: string;
}

const titles: Record<TroubleKind, { begun: string; over: string }> = {
  messages: { begun: "no messages come in", over: "messages come in again" },
  sending: { begun: "Messages sends nothing", over: "Messages sends again" },
  addresses: {
    begun: "an address of the account is gone",
    over: "Messages has told of no lost address for a day",
  },
  "private-api": {
    begun: "the private API of Messages is gone",
    over: "the private API of Messages answers again",
  },
  state: {
    begun: "the gateway cannot keep anything, and answers nobody",
    over: "the gateway's state can be written again",
  },
};

/** @param at when it is told, milliseconds since the epoch */
export function alertOf({ trouble, since, phase }: Spell, host: string, at: number): Alert {
  const { kind, account, detail, remedy } = trouble;
  const state = phase === "end-due" ? "over" : "begun";
  const where = account === undefined ? "" : ` (account ${account})`;
  const title = `Tapback on ${host}: ${titles[kind][state]}${where}`;
  const text =
    state === "over"
      ? `${title}, after ${minutes(at - since)}.`
      : `${title}: ${detail}${remedy === undefined ? "" : `\n${remedy}`}`;
  return {
    type: "alert",
    state,
    kind,
    ...(account !== undefined && { account }),
    detail,
    ...(remedy !== undefined && { remedy }),
    since: new Date(since).toISOString(),
    at: new Date(at).toISOString(),
    host,
    text,
  };
}

/** An alert that says that alerts arrive. @param at milliseconds since the epoch */
export function testAlert(host: string, at: number): Alert {
  const when = new Date(at).toISOString();
  const detail = "a test: alerts arrive here";
  return {
    type: "alert",
    state: "test",
    detail,
    since: when,
    at: when,
    host,
    text: `Tapback on ${host}: ${detail}.`,
  };
}

function minutes(ms: number): string {
  const count = Math.max(1, Math.round(ms / 60_000));
  return count === 1 ? "a minute" : count < 120 ? `${count} minutes` : `${Math.round(count / 60)} hours`;
}
