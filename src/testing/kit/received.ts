import type { TranscriptEntry } from "../../simulator/index.js";
import type { Judgement } from "./judgement.js";
import { Conversation } from "./people.js";
import type { Scene } from "./scene.js";
import { whatWasSeen } from "./seen.js";

/** What a bubble is to say: exactly this, or what fits. */
export type Expected = string | RegExp;

/**
 * Whether these came from the gateway, in this order, whatever came between; files count by their message's text.
 * @param texts at least one
 */
export function received(where: Conversation, texts: readonly Expected[]): Judgement {
  const bubbles = where.received.map(({ text }) => text);
  let next = 0;
  for (const text of bubbles) if (next < texts.length && fits(text, texts[next]!)) next++;
  const wanted = texts.map(shown).join(", then ");
  const missing = next < texts.length && texts.length > 1 ? `${shown(texts[next]!)} is missing. ` : "";
  return {
    holds: next === texts.length,
    said: `to have received ${wanted}`,
    but: `${missing}It received ${bubbles.length === 0 ? "nothing" : bubbles.map(shown).join(", ")}`,
    seen: () => whatWasSeen(where.world, where),
  };
}

/** Whether nothing came from the gateway: in a conversation, or anywhere. */
export function stayedSilent(where: Conversation | Scene): Judgement {
  const isPlace = where instanceof Conversation;
  const scene = isPlace ? where.world : where;
  const rows = isPlace ? where.received : scene.transcript().filter((entry) => scene.isOurs(entry));
  const entries = rows.filter((row) => !isVote(row));
  return {
    holds: entries.length === 0,
    said: isPlace ? "to have received nothing" : "to have sent nothing",
    but: entries.map(({ text, chatId }) => `It sent ${shown(text)} into chat ${chatId}`).join("\n"),
    seen: () => whatWasSeen(scene, isPlace ? where : undefined),
  };
}

/** Whether a row says nothing: a vote, also where every choice was taken back. It is no bubble, as a tapback is none. */
export function isVote({ text, attachments, poll, unsent, event }: TranscriptEntry): boolean {
  return text === "" && attachments.length === 0 && !poll && !unsent && !event;
}

function fits(text: string, expected: Expected): boolean {
  return typeof expected === "string" ? text === expected : expected.test(text);
}

function shown(text: Expected): string {
  return typeof text === "string" ? `“${text}”` : String(text);
}
