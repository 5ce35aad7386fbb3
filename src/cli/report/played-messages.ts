import type { Reason } from "../../conversation/index.js";
import { TapbackError } from "../../platform/index.js";
import type { Bundle, ReportedMessage } from "./bundle.js";

/** What a test of a report plays, and what it leaves out. */
export interface PlayedMessages {
  account: string;
  /** Of the account, with their times, in the order in which they were written. */
  all: ReportedMessage[];
  played: ReportedMessage[];
}

/** Came while the gateway was off, or once more: in a world in which everything is said and heard at once nothing does. */
const lateOrAgain: ReadonlySet<string> = new Set<Reason>([
  ...(["backlog", "missed_offline", "waiting_catchup", "restored", "reinserted", "echo"] as const),
]);
/** Comes of what a report does not tell: files, changes, odd rows, limits of people. */
const ofNoText: ReadonlySet<string> = new Set<Reason>([
  ...(["not_understood", "empty", "unreadable", "no_sender", "no_chat", "unsent"] as const),
  ...(["attachments_only", "poll_vote", "edited", "taken_back", "limit_reached"] as const),
]);

/**
 * @param wrong ids of messages of which the report complains: their account is the one that is played
 * @throws TapbackError `MESSAGE_NOT_FOUND` for one of them that is not played
 */
export function playedMessages({ journal }: Bundle, wrong: ReadonlySet<number>): PlayedMessages {
  const named = (id: number) => journal.find((message) => message.id === id && !message.fromMe);
  const first = [...wrong].map(named).find((message) => message !== undefined) ?? journal[0];
  const account = first?.account ?? "default";
  const all = journal
    .filter((message) => message.account === account && message.sentAt !== null)
    .sort((one, other) => Date.parse(one.sentAt!) - Date.parse(other.sentAt!));
  for (const id of wrong) {
    const why = whyNot(named(id), account);
    if (why === undefined) continue;
    throw new TapbackError("MESSAGE_NOT_FOUND", `message ${id} is not in the test: ${why}`, {
      hint: "`--wrong` takes ids of messages in the report's journal, of one account, that the test can play.",
    });
  }
  return { account, all, played: all.filter((message) => whyNot(message, account) === undefined) };
}

/** What of the messages of others is left out for the reason that was decided, one sentence each. */
export function leftOut(all: readonly ReportedMessage[]): string[] {
  const reasons = all
    .filter(({ fromMe, tapback }) => !fromMe && tapback === null)
    .map(({ decision }) => decision?.reason ?? "");
  const late = reasons.filter((reason) => lateOrAgain.has(reason));
  const other = reasons.filter((reason) => ofNoText.has(reason));
  return [
    ...(late.length > 0 ? [`${late.length} messages that came too late or again${withReasons(late)}`] : []),
    ...(other.length > 0 ? [`${other.length} messages that no text brings about${withReasons(other)}`] : []),
  ];
}

function withReasons(reasons: readonly string[]): string {
  return ` (${[...new Set(reasons)].join(", ")})`;
}

/** @returns why a message is not played; undefined where it is */
function whyNot(message: ReportedMessage | undefined, account: string): string | undefined {
  if (message === undefined) return "the report has no message of anybody with this id";
  const { fromMe, tapback, decision, text, attachments, sentAt } = message;
  const reason = decision?.reason ?? "";
  if (message.account !== account) return `it is of the account ${message.account}, and ${account} is played`;
  if (sentAt === null) return "the report does not tell when it was written";
  if (tapback !== null) return "it is a tapback";
  // What the gateway sent comes by itself.
  if (fromMe && reason !== "own_message") return "it is the account's own";
  if (lateOrAgain.has(reason)) return `it came too late or again (${reason})`;
  if (ofNoText.has(reason)) return `no text brings it about (${reason})`;
  return text === "" && attachments.length === 0 ? "it is empty" : undefined;
}
