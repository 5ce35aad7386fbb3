import { findEntry, retryOffer, type Story, storyFacts, storyOf } from "../../facts/index.js";
import { localTime } from "../../platform/index.js";
import type { ActionRecord, Turn } from "../../store/index.js";
import type { Context } from "../context.js";
import { deliveryWords } from "../delivery-words.js";
import { tellDraft } from "../explain-draft.js";
import { whyItWaits } from "../explain-waiting.js";
import { printJson, printLine, shortened, span, styled } from "../output.js";
import { openState } from "../state.js";

/**
 * `tapback explain`: the story of one message (behaviour 14).
 * @param options.full whole texts, however long
 */
export async function explain(
  context: Context,
  message: string,
  options: { full?: boolean } = {},
): Promise<undefined> {
  const cut = options.full ? (text: string) => text : (text: string) => shortened(text);
  const store = await openState(context);
  try {
    const entry = await findEntry(store, message);
    const story = await storyOf(store, entry);
    if (context.json) return void printJson(storyFacts(story, cut));
    tell(story, cut);
    const waits = story.turn && (await whyItWaits(context, store, story.turn));
    if (waits !== undefined) printLine(`  ${styled("yellow", "waits")}: ${waits}`);
    for (const draft of story.drafts) tellDraft(draft, cut);
  } finally {
    await store.close();
  }
}

/** Cuts a text for its reader, or leaves it whole. */
type Cut = (text: string) => string;

function tell({ entry, turn, actions, replies }: Story, cut: Cut): void {
  const { row, decision } = entry;
  printLine(
    styled("bold", `Message ${entry.id}`) +
      ` from ${cut(row.senderName ?? row.sender)} in chat_id:${row.chat.id} (${entry.account})`,
  );
  printLine(`  written   ${localTime(row.sentAt)}`);
  printLine(
    `  arrived   ${localTime(entry.receivedAt)} (${entry.arrival}, ${span(entry.receivedAt - row.sentAt)} later)`,
  );
  printLine(`  GUID      ${row.guid || "none"}`);
  if (!decision) return void printLine(`  ${styled("yellow", "not decided yet")}`);
  printLine("\nGates");
  for (const gate of decision.gates) {
    const mark = gate.passed ? styled("green", "✓") : styled("red", "✗");
    printLine(`  ${mark} ${gate.gate}: ${gate.detail}${gate.key ? styled("dim", ` [${gate.key}]`) : ""}`);
  }
  printLine(
    `\nDecision: ${styled("bold", decision.kind)}${"reason" in decision ? ` (${decision.reason})` : ""}`,
  );
  if ("remedy" in decision) printLine(`  ${decision.remedy}`);
  const again = retryOffer(entry);
  if (again !== undefined) printLine(`  ${styled("cyan", again)} sends it through today's gates again.`);
  if (turn) tellTurn(turn, actions, cut);
  for (const [index, item] of replies.entries()) {
    const error = item.error ? ` (${item.error.code}: ${item.error.message})` : "";
    printLine(
      `\nReply ${index + 1}: ${deliveryWords(item)}${error}${item.guid ? styled("dim", ` ${item.guid}`) : ""}`,
    );
    if (item.text) printLine(cut(item.text).replace(/^/gm, "  | "));
    if (item.file) printLine(`  file ${item.file}`);
  }
}

function tellTurn(turn: Turn, actions: ActionRecord[], cut: Cut): void {
  printLine(`\nTurn of ${turn.agentId} in ${turn.sessionKey}: ${turn.state}`);
  if (turn.startedAt !== undefined)
    printLine(`  waited ${span(turn.startedAt - turn.queuedAt)}, attempt ${turn.attempt}`);
  if (turn.endedAt !== undefined && turn.startedAt !== undefined)
    printLine(`  ran ${turn.endedAt - turn.startedAt} ms`);
  if (turn.error) {
    const { code, message, hint, cause } = turn.error;
    printLine(`  ${styled("red", code)}: ${cut(message)}`);
    if (hint !== undefined) printLine(`  ${hint}`);
    if (cause !== undefined) printLine(cut(cause).replace(/^/gm, "  | "));
  }
  for (const note of turn.notes) printLine(`  note: ${cut(note)}`);
  for (const { model, inputTokens, outputTokens, cachedInputTokens } of turn.usage)
    printLine(`  ${model}: ${inputTokens} tokens in (${cachedInputTokens} cached), ${outputTokens} out`);
  for (const { name, state, error } of actions)
    printLine(`  did ${name}: ${state}${error ? ` (${error.code}: ${error.message})` : ""}`);
}
