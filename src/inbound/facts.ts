import { type Facts, mostGuessesPerSender, type Policy, pairingState } from "../access/index.js";
import { type ChatService, hasSeveralPeople, type MessageRow, readableText } from "../conversation/index.js";
import {
  type ByHand,
  isRerun,
  type JournalEntry,
  type KnownOfRow,
  type StandingStop,
} from "../store/index.js";
import { copyMs, type Echo, findEcho } from "./echo.js";
import type { Span } from "./intake-deps.js";
import type { MacClock } from "./mac-clock.js";
import { isStoredAgain } from "./stored-again.js";

/** What was written while imsg was away is answered up to this age, milliseconds (protocol reference 9.9). */
const answeredAfterOutageMs = 2 * 3600_000;

/** A row at the moment at which it is judged, with what its account holds in memory. */
export interface Moment {
  entry: Pick<JournalEntry, "row" | "arrival" | "receivedAt">;
  /** Its sender in normal form. */
  handle: string;
  /** Milliseconds since the epoch. */
  now: number;
  policy: Policy;
  /** The agent that routing gives it to. */
  agentId: string;
  /** How long the agent keeps quiet where the account's human wrote, milliseconds (behaviour 10.4). */
  quietMs: number;
  ownAddresses: readonly string[];
  /** Whether its chat is one with oneself. */
  selfChat: boolean;
  service: ChatService | undefined;
  /** The loop guard holds its chat. */
  looping: boolean;
  /** Rows of then were missed on purpose. */
  missed: Span | undefined;
  /** When imsg was away. */
  outages: readonly Span[];
  mac: MacClock;
}

/**
 * Makes the facts that `decide` asks for, of a row that came and of one that is only looked at in a preview.
 * @param known what the store knows of the row
 */
export function factsOf(moment: Moment, known: KnownOfRow): { facts: Facts; echo: Echo | undefined } {
  const { entry, handle, now, policy, agentId, ownAddresses, selfChat, service, mac } = moment;
  const { row, arrival } = entry;
  const echo = findEcho(row, selfChat, known, now);
  const { person } = known;
  if (echo || !person) return { facts: { echo: echo !== undefined, agentId, ownAddresses }, echo };
  const { approved, owners, stop, contacted, answersQuestion, refersToOurs, byHand } = person;
  const { answersOwner = false, isAsked = false } = person;
  const { wrongPhrases } = person;
  const facts: Facts = {
    agentId,
    ownAddresses,
    approved,
    owners,
    optedOut: stop !== undefined,
    afterStop: stop !== undefined && mac.ours(row.sentAt) > stoppedAt(stop, mac),
    contacted,
    enrolment: wrongPhrases !== undefined && wrongPhrases < mostGuessesPerSender,
    answersQuestion,
    isAsked,
    answersOwner,
    refersToOurs,
  };
  if (policy.dmPolicy === "pairing" && !approved) {
    const requests = person.pending.map((request) => ({ ...request, sender: request.handle }));
    facts.pairing = pairingState(requests, handle, now);
  }
  if (service) facts.service = service;
  // A person asked for these, whatever their age; news of a message have its time, and no words.
  if (row.change || isRerun(arrival)) return { facts, echo };
  facts.reinserted = isStoredAgain(row, person.near, selfChat);
  facts.looping = moment.looping;
  const byHandAt = byHand && mac.writtenAt(byHand);
  facts.hushed =
    !selfChat && byHandAt !== undefined && now - byHandAt < moment.quietMs && !isCopyOf(row, byHand!);
  if (arrival === "live") {
    if (!cameInOutage(moment)) facts.liveAgeMs = mac.lateness(row.sentAt, entry.receivedAt);
    facts.usualDelayMs = mac.delayBefore(entry.receivedAt)?.ms;
    facts.missedOffline = isWithin(mac.ours(row.sentAt), moment.missed);
  }
  return { facts, echo };
}

/** The other row of what the account's human wrote to an address that nobody knew to be theirs (behaviour 9.2). */
function isCopyOf({ text, sentAt, chat }: MessageRow, byHand: ByHand): boolean {
  return (
    !hasSeveralPeople(chat) &&
    readableText(text) === readableText(byHand.text) &&
    Math.abs(sentAt - byHand.sentAt) <= copyMs
  );
}

/** When a STOP was sent, by our clock: no later than it was kept, whatever its row says. */
function stoppedAt({ sentAt, since }: StandingStop, mac: MacClock): number {
  return sentAt === undefined ? since : Math.min(mac.ours(sentAt), since);
}

/** Late because imsg was away, not because Apple was: the subscription resumes there (behaviour 9.4). */
function cameInOutage({ entry: { row, receivedAt }, outages, mac }: Moment): boolean {
  const isYoung = mac.lateness(row.sentAt, receivedAt) <= answeredAfterOutageMs;
  return isYoung && outages.some((outage) => isWithin(mac.ours(row.sentAt), outage));
}

function isWithin(at: number, span: Span | undefined): boolean {
  return span !== undefined && at > span.from && at < span.to;
}
