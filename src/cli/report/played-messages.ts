import type { Reason } from "../../conversation/index.js";
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

/** What is played of a report: the account of the newest message. */
export function playedMessages({ journal }: Bundle): PlayedMessages {
  const account = journal[0]?.account ?? "default";
  const all = journal
    .filter((message) => message.account === account && message.sentAt !== null)
    .sort((one, other) => Date.parse(one.sentAt!) - Date.parse(other.sentAt!));
  return { account, all, played: all.filter(isPlayed) };
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

function isPlayed({ fromMe, tapback, decision, text, attachments }: ReportedMessage): boolean {
  const reason = decision?.reason ?? "";
  if (tapback !== null || lateOrAgain.has(reason) || ofNoText.has(reason)) return false;
  // What the gateway sent comes by itself.
  if (fromMe && reason !== "own_message") return false;
  return text !== "" || attachments.length > 0;
}
