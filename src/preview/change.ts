import { type Account, type Config, resolveAccount } from "../config/index.js";
import type { Chat, CommandRules } from "../conversation/index.js";
import { type AccountRules, MacClock, rulesFor } from "../inbound/index.js";
import type { Clock } from "../platform/index.js";
import type { Store } from "../store/index.js";
import { knownPeople } from "./known.js";
import { replay } from "./replay.js";
import { type Outcome, type PersonPreview, summarize } from "./summary.js";

/** So many of the newest rows are looked at, and no more: it is done while the gateway works. */
const mostRows = 2000;

/** Somebody for whom another configuration would change something. */
export interface PersonChange
  extends Pick<PersonPreview, "sender" | "name" | "chatId" | "group" | "messages"> {
  before: Outcome;
  after: Outcome;
  /** Why they would not be answered then, the most frequent first. */
  reasons: PersonPreview["reasons"];
}

/** What another configuration would have changed for those who wrote. */
export interface ConfigChange {
  /** How many messages were looked at. */
  messages: number;
  people: PersonChange[];
}

/** What the two configurations are held against. */
export interface ChangeParts {
  store: Store;
  clock: Clock;
  commands: CommandRules;
}

/**
 * Sends what is in the journal of an account through the gates of two configurations, as `tapback preview` does with what a Mac
 * has (behaviour 16.2). Nothing is run, sent or written.
 * @param since milliseconds since the epoch
 */
export async function configChange(
  account: Account,
  [now, next]: readonly [Config, Config],
  since: number,
  { store, clock, commands }: ChangeParts,
): Promise<ConfigChange> {
  const newest = await store.journal.list({ account: account.id, own: true, limit: mostRows });
  const rows = newest
    // News of an earlier message is nobody's question.
    .flatMap(({ row, receivedAt }) => (receivedAt >= since && !row.change ? [row] : []))
    .reverse();
  const chats: Chat[] = [...new Map(rows.map(({ chat }) => [chat.id, chat])).values()];
  const known = await knownPeople(store, account, await MacClock.load(store, account.id, clock));
  const judged = async (rules: AccountRules) => summarize(await replay({ chats, rows }, rules, known));
  const before = await judged(rulesFor(now, account, commands));
  const settings = resolveAccount(next, account.id);
  const isServed = settings?.enabled === true;
  const after = isServed ? await judged(rulesFor(next, settings, commands)) : before.map(unserved);
  const people = before.flatMap((person) => {
    const then = after.find(({ sender, chatId }) => sender === person.sender && chatId === person.chatId);
    if (!then || isSame(person, then)) return [];
    const { sender, name, chatId, group, messages } = person;
    return [
      {
        ...{ sender, name, chatId, group, messages },
        before: outcome(person),
        after: outcome(then),
        reasons: then.reasons,
      },
    ];
  });
  return { messages: before.reduce((sum, { messages }) => sum + messages, 0), people };
}

const outcomes = ["answered", "commands", "codes", "context", "dropped"] as const satisfies (keyof Outcome)[];

function outcome(person: Outcome): Outcome {
  const { answered, commands, codes, context, dropped } = person;
  return { answered, commands, codes, context, dropped };
}

function isSame(one: Outcome, other: Outcome): boolean {
  return outcomes.every((each) => one[each] === other[each]);
}

/** An account that is gone or switched off answers nobody. */
function unserved(person: PersonPreview): PersonPreview {
  const { messages } = person;
  return { ...person, answered: 0, commands: 0, codes: 0, context: 0, dropped: messages, reasons: [] };
}
