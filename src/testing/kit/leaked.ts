import type { TranscriptEntry } from "../../simulator/index.js";
import type { Judgement } from "./judgement.js";
import type { Scene } from "./scene.js";
import { whatWasSeen } from "./seen.js";

/** What is shorter, two people may well say both, UTF-16 code units. */
const shortestTelling = 12;

/** Words that have no business in some chats. */
interface Confidence {
  words: string;
  /** What they are, for whoever reads of the leak. */
  what: string;
  /** The chat that they belong to; none: no chat but an owner's. */
  chatId?: number;
}

/**
 * Whether everything that the gateway sent stands where it belongs: nothing in a chat from which nobody was let in, nothing in
 * another chat than it was meant for, and, word for word, nothing that was written in another conversation, no error and no
 * note of a turn in anybody's chat but an owner's.
 * @param secrets words that must not be in any chat but an owner's
 */
export function leakedNothing(scene: Scene, secrets: readonly string[] = []): Judgement {
  const rows = scene.transcript();
  const own = rows.filter((row) => scene.isOurs(row));
  const owners = chatsOfOwners(scene);
  const confidences = [
    ...secrets.map((words) => ({ words, what: "a secret" })),
    ...ofTurns(scene),
    ...ofPeople(scene, rows),
  ];
  const faults = own.flatMap((row) => [
    ...misdirected(scene, row),
    ...(owners.has(row.chatId) ? [] : told(confidences, rows, row)),
    ...(isOfRefused(scene, row.chatId)
      ? [`“${row.text}” went to chat ${row.chatId}, where nobody was let in`]
      : []),
  ]);
  return {
    holds: faults.length === 0,
    said: "to have leaked nothing",
    but: faults.join("\n"),
    seen: () => whatWasSeen(scene),
  };
}

function chatsOfOwners({ stories }: Scene): Set<number> {
  const direct = stories.all.filter(({ entry: { decision, row } }) => {
    const isOwner = decision && "isOwner" in decision && decision.isOwner;
    return isOwner === true && !row.chat.isGroup;
  });
  return new Set(direct.map(({ entry }) => entry.row.chat.id));
}

function ofTurns({ stories }: Scene): Confidence[] {
  return stories.all.flatMap(({ turn }) =>
    [turn?.error?.message, turn?.error?.cause, ...(turn?.notes ?? [])]
      .filter((words) => words !== undefined && words.length >= shortestTelling)
      .map((words) => ({ words: words!, what: "an error or a note of a turn" })),
  );
}

function ofPeople(scene: Scene, rows: readonly TranscriptEntry[]): Confidence[] {
  return rows
    .filter((row) => !scene.isOurs(row) && row.text.length >= shortestTelling)
    .map(({ text, chatId }) => ({ words: text, what: `what was written in chat ${chatId}`, chatId }));
}

function told(
  confidences: readonly Confidence[],
  rows: readonly TranscriptEntry[],
  { text, chatId, guid }: TranscriptEntry,
): string[] {
  return confidences
    .filter((each) => each.chatId !== chatId && text.includes(each.words))
    .filter(
      ({ words }) => !rows.some((row) => row.chatId === chatId && row.guid !== guid && row.text === words),
    )
    .map(({ what }) => `“${text}” in chat ${chatId} tells ${what}`);
}

function misdirected({ stories }: Scene, { id, guid, chatId, text }: TranscriptEntry): string[] {
  const send = stories.sends.find((item) => item.rowId === id || item.guid === guid);
  if (send?.target.kind !== "chat_id" || send.target.chatId === chatId) return [];
  return [`“${text}” went to chat ${chatId}, and was meant for chat ${send.target.chatId}`];
}

/** People wrote there, and each of their messages was dropped: not even a code was offered. */
function isOfRefused({ stories }: Scene, chatId: number): boolean {
  const kinds = stories.all
    .filter(({ entry: { row } }) => row.chat.id === chatId && !row.fromMe)
    .map(({ entry }) => entry.decision?.kind);
  return kinds.length > 0 && kinds.every((kind) => kind === "drop");
}
