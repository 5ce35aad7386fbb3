import type { TranscriptEntry } from "../../simulator/index.js";
import type { OutboxItem } from "../../store/index.js";
import type { Judgement } from "./judgement.js";
import type { Scene } from "./scene.js";
import { whatWasSeen } from "./seen.js";
import type { Stories } from "./stories.js";

/** What is shorter, two people may well say both, UTF-16 code units. */
const shortestTelling = 12;

/** Words that have no business in some chats. */
interface Confidence {
  words: string;
  /** What they are, for whoever reads of the leak. */
  what: string;
  /** The chats that they belong to; none: no chat but an owner's. */
  chats?: ReadonlySet<number>;
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
  const owners = chatsOfOwners(scene, own);
  const confidences = [
    ...secrets.map((words) => ({ words, what: "a secret" })),
    ...ofTurns(scene),
    ...ofPeople(scene, rows),
  ];
  const faults = own.flatMap((row) => [
    ...misdirected(scene, row),
    ...(owners.has(row.chatId) ? [] : told(confidences, rows, row)),
    ...(!owners.has(row.chatId) && isOfRefused(scene, row.chatId)
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

/** Chats of owners who wrote themselves, and of those whom the gateway told what owners are told. */
function chatsOfOwners({ stories }: Scene, own: readonly TranscriptEntry[]): Set<number> {
  const direct = stories.all.filter(({ entry: { decision, row } }) => {
    const isOwner = decision && "isOwner" in decision && decision.isOwner;
    return isOwner === true && !row.chat.isGroup;
  });
  const notices = own.filter((row) => sendOf(stories, row)?.origin === "owner-notice");
  return new Set([...direct.map(({ entry }) => entry.row.chat.id), ...notices.map(({ chatId }) => chatId)]);
}

function ofTurns({ stories }: Scene): Confidence[] {
  return stories.all.flatMap(({ turn }) =>
    [turn?.error?.message, turn?.error?.cause, ...(turn?.notes ?? [])]
      .filter((words) => words !== undefined && words.length >= shortestTelling)
      .map((words) => ({ words: words!, what: "an error or a note of a turn" })),
  );
}

function ofPeople(scene: Scene, rows: readonly TranscriptEntry[]): Confidence[] {
  const chatsWith = conversations(scene, rows);
  return rows
    .filter((row) => !scene.isOurs(row) && row.text.length >= shortestTelling)
    .map(({ text, chatId }) => ({
      words: text,
      what: `what was written in chat ${chatId}`,
      chats: chatsWith.get(chatId) ?? new Set([chatId]),
    }));
}

/** The direct chats with each person, of whom Messages has one for each service: they are one conversation (behaviour 9.9). */
function conversations({ mac }: Scene, rows: readonly TranscriptEntry[]): Map<number, ReadonlySet<number>> {
  const direct = [...new Set(rows.map(({ chatId }) => chatId))]
    .map((id) => mac.chat(id))
    .filter(({ isGroup }) => !isGroup);
  const withPerson = (identifier: string) =>
    new Set(direct.filter((chat) => chat.identifier === identifier).map(({ id }) => id));
  return new Map(direct.map(({ id, identifier }) => [id, withPerson(identifier)]));
}

function told(
  confidences: readonly Confidence[],
  rows: readonly TranscriptEntry[],
  { text, chatId, guid }: TranscriptEntry,
): string[] {
  return confidences
    .filter((each) => !each.chats?.has(chatId) && text.includes(each.words))
    .filter(
      ({ words }) => !rows.some((row) => row.chatId === chatId && row.guid !== guid && row.text === words),
    )
    .map(({ what }) => `“${text}” in chat ${chatId} tells ${what}`);
}

function sendOf({ sends }: Stories, { id, guid }: TranscriptEntry): OutboxItem | undefined {
  return sends.find((item) => item.rowId === id || item.guid === guid);
}

function misdirected({ stories }: Scene, row: TranscriptEntry): string[] {
  const { chatId, text } = row;
  const send = sendOf(stories, row);
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
