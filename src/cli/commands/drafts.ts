import { normalizeId } from "../../config/index.js";
import { formatTarget, shownText } from "../../conversation/index.js";
import { askedIn, draftRow, findDraft } from "../../facts/index.js";
import { localTime, TapbackError } from "../../platform/index.js";
import type { Draft, OutboxItem, Store } from "../../store/index.js";
import { draftWords, linesOf } from "../../turns/index.js";
import { type Context, checkAccount } from "../context.js";
import { deliveryWords } from "../delivery-words.js";
import { printJson, printLine, span, styled, table } from "../output.js";
import { openState, withStateIfAny } from "../state.js";

export interface DraftListOptions {
  all?: boolean;
  account?: string;
  limit?: string;
}

/** `tapback drafts list` (behaviour 17.8a, 18.1). */
export async function list(context: Context, options: DraftListOptions): Promise<undefined> {
  const filter = filterOf(options, options.all ? undefined : ["held"]);
  return withStateIfAny(context, async (store) => {
    const found = (await store?.drafts.list(filter)) ?? [];
    const drafts = found.filter(({ state }) => state !== "open");
    if (drafts.length === 0) await checkAccount(context, options.account);
    if (context.json) {
      const rows = [];
      for (const draft of drafts) rows.push(await draftRow(draft, store!));
      return void printJson(rows);
    }
    if (drafts.length === 0) return void printLine(draftWords.noneWait);
    const rows: string[][] = [];
    for (const draft of drafts) rows.push(await cells(draft, store!));
    printLine(table(["ID", "TO", "STATE", "SINCE", "TIME LEFT", "WHAT IT WOULD SEND"], rows));
  });
}

/** `tapback drafts show`: all that a draft would send and do, and what became of it. */
export async function show(context: Context, id: string): Promise<undefined> {
  const store = await openState(context);
  try {
    const draft = await findDraft(store, id);
    if (context.json) return void printJson(await draftRow(draft, store));
    printLine(
      `${styled("bold", `Draft ${draft.id}`)} to ${draft.to} (${formatTarget(draft.target)}, ${draft.account})`,
    );
    const asked = await askedIn(draft, store);
    if (asked) printLine(`  answers   ${shownText(asked.row)}`);
    printLine(`  by        ${draft.agentId}, ${localTime(draft.openedAt)}`);
    printLine(`  state     ${storyOf(draft)}`);
    const lines = await linesOf(draft.parts, store);
    for (const line of lines) printLine(line.replace(/^/gm, "  | "));
    for (const part of draft.parts.filter(({ state }) => state !== "held" && state !== "pending"))
      printLine(`  ${part.text ?? part.file ?? part.act?.name ?? ""}: ${deliveryWords(part)}`);
  } finally {
    await store.close();
  }
}

/** `tapback drafts export`: what was asked, drafted and sent, for whoever tunes an agent. */
export async function exportDrafts(context: Context, options: DraftListOptions): Promise<undefined> {
  const filter = filterOf(options, undefined);
  return withStateIfAny(context, async (store) => {
    const drafts = (await store?.drafts.list(filter)) ?? [];
    const lines = [];
    for (const draft of drafts.filter(({ state }) => state !== "open").toReversed())
      lines.push(await exported(draft, store!));
    if (context.json) return void printJson(lines);
    for (const line of lines) process.stdout.write(`${JSON.stringify(line)}\n`);
  });
}

function filterOf({ account, limit: given }: DraftListOptions, states: Draft["state"][] | undefined) {
  const limit = Number(given ?? 50);
  if (!Number.isInteger(limit) || limit < 1)
    throw new TapbackError("USAGE", "--limit needs a whole number above 0");
  return {
    ...(account !== undefined && { account: normalizeId(account) }),
    ...(states && { states }),
    limit,
  };
}

async function cells(draft: Draft, store: Store): Promise<string[]> {
  const { id, to, openedAt, expiresAt, state, overtakenAt, parts } = draft;
  const left = state === "held" && expiresAt !== undefined ? span(expiresAt - Date.now()) : "";
  const shown = state === "held" && overtakenAt !== undefined ? "overtaken" : state;
  const what =
    state === "held" ? await linesOf(parts, store) : parts.map(({ text, file }) => text ?? file ?? "");
  return [styled("bold", id), to, shown, localTime(openedAt), left, what.join(" ")];
}

function storyOf({ state, overtakenAt, decidedBy, endedAt, expiresAt }: Draft): string {
  const over = overtakenAt === undefined ? "" : `, overtaken ${localTime(overtakenAt)}`;
  const by = decidedBy === undefined ? "" : ` by ${decidedBy}`;
  if (endedAt !== undefined) return `${state}${by}, ${localTime(endedAt)}${over}`;
  return `${state}${over}, until ${expiresAt === undefined ? "?" : localTime(expiresAt)}`;
}

async function exported(draft: Draft, store: Store) {
  const { id, account, target, to, agentId, parts, state, drafted, decidedBy, openedAt, endedAt } = draft;
  const asked = await askedIn(draft, store);
  const texts = (some: OutboxItem[]) => some.flatMap(({ text }) => (text === undefined ? [] : [text]));
  const replaced = ({ error }: OutboxItem) => state === "sent" && error?.code === "NOT_APPROVED";
  return {
    id,
    account,
    chat: formatTarget(target),
    to,
    agentId,
    asked: asked ? shownText(asked.row) : null,
    drafted: drafted ?? texts(parts),
    sent: state === "sent" ? texts(parts.filter((part) => !replaced(part))) : null,
    state,
    decidedBy: decidedBy ?? null,
    createdAt: new Date(openedAt).toISOString(),
    endedAt: endedAt === undefined ? null : new Date(endedAt).toISOString(),
  };
}
