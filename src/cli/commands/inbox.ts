import { defaultAccountId, normalizeId, regionOf } from "../../config/index.js";
import { isNationalNumber, normalizeHandle, parseTarget, shownText } from "../../conversation/index.js";
import { inboxRow } from "../../facts/index.js";
import { localTime, sleep, TapbackError } from "../../platform/index.js";
import type { JournalEntry, JournalFilter, Store } from "../../store/index.js";
import { clip } from "../columns.js";
import { type Context, checkAccount, readConfig } from "../context.js";
import { InboxFeed } from "../inbox-feed.js";
import { printJson, printLine, styled, table } from "../output.js";
import { openState, withStateIfAny } from "../state.js";

export interface InboxOptions {
  dropped?: boolean;
  failed?: boolean;
  own?: boolean;
  chat?: string;
  account?: string;
  limit?: string;
  follow?: boolean;
}

const followMs = 500;
/** Most that is looked at of a text to show 60 columns of it, UTF-16 code units; white space in front counts. */
const mostRead = 10_000;

/** `tapback inbox`. */
export async function inbox(context: Context, options: InboxOptions): Promise<undefined> {
  const filter = await filterOf(context, options);
  if (options.follow) return follow(await openState(context), filter, context.json);
  const { entries, isEmpty } = await withStateIfAny(context, async (store) => ({
    entries: ((await store?.journal.list(filter)) ?? []).reverse(),
    isEmpty: ((await store?.journal.list({ limit: 1 })) ?? []).length === 0,
  }));
  if (entries.length === 0) await checkAccount(context, options.account);
  if (context.json) return void printJson(entries.map(inboxRow));
  if (entries.length === 0)
    return void printLine(isEmpty ? "Nothing came in yet." : "Nothing that came in is like that.");
  printLine(table(["ID", "ARRIVED", "FROM", "CHAT", "DECISION", "WHAT WAS WRITTEN"], entries.map(cells)));
}

async function follow(store: Store, filter: JournalFilter, json: boolean): Promise<undefined> {
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  try {
    const feed = await InboxFeed.open(store, filter);
    do {
      for await (const entry of feed.next())
        printLine(json ? JSON.stringify(inboxRow(entry)) : cells(entry).join("  "));
    } while (await sleep(followMs, stop.signal));
  } finally {
    await store.close();
  }
}

function cells(entry: JournalEntry): string[] {
  const { row, decision } = entry;
  const reason =
    decision && "reason" in decision
      ? `${decision.kind}: ${decision.reason}`
      : (decision?.kind ?? entry.state);
  const failed = entry.state === "failed" ? "turn failed" : reason;
  const text = shownText({ ...row, text: row.text.slice(0, mostRead) }).replace(/\s+/g, " ");
  const cut = row.text.length > mostRead && text.length <= 60 ? "…" : "";
  const shown = clip(text, 60) + cut || (row.tapback ? `${row.tapback.emoji} tapback` : "(no text)");
  const colour = entry.state === "failed" ? "red" : decision?.kind === "dispatch" ? "green" : "yellow";
  return [
    String(entry.id),
    localTime(entry.receivedAt),
    row.fromMe ? "me" : clip(row.senderName ?? normalizeHandle(row.sender), 40),
    clip(row.chat.name, 40) || `chat_id:${row.chat.id}`,
    styled(colour, failed),
    shown,
  ];
}

async function filterOf(context: Context, options: InboxOptions): Promise<JournalFilter> {
  const limit = Number(options.limit ?? 50);
  if (!Number.isInteger(limit) || limit < 1)
    throw new TapbackError("USAGE", "--limit needs a whole number above 0");
  const filter: JournalFilter = { limit, own: options.own ?? false };
  if (options.account) filter.account = normalizeId(options.account);
  if (options.dropped) filter.decision = "drop";
  if (options.failed) filter.state = "failed";
  if (options.chat) Object.assign(filter, await chatFilter(context, options.chat, options.account));
  return filter;
}

/** A chat in any form of behaviour 8.3; a person stands for the direct chat with that person. */
async function chatFilter(
  context: Context,
  chat: string,
  account: string | undefined,
): Promise<Pick<JournalFilter, "chatId" | "chatIdentifier">> {
  const config = isNationalNumber(chat) ? (await readConfig(context)).config : undefined;
  const target = parseTarget(chat, config && regionOf(config, account ?? defaultAccountId(config)));
  if (!target.ok) throw target.error;
  switch (target.value.kind) {
    case "chat_id":
      return { chatId: target.value.chatId };
    case "chat_guid":
      // What stands after the service stays the same while Messages changes the service (protocol reference 9.3).
      return { chatIdentifier: target.value.guid.slice(target.value.guid.lastIndexOf(";") + 1) };
    case "chat_identifier":
      return { chatIdentifier: target.value.identifier };
    case "handle":
      return { chatIdentifier: target.value.handle };
  }
}
