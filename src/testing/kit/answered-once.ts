import type { TranscriptEntry } from "../../simulator/index.js";
import type { OutboxItem } from "../../store/index.js";
import type { Judgement } from "./judgement.js";
import { isVote } from "./received.js";
import type { Message, Scene } from "./scene.js";
import { sendWords, whatWasSeen } from "./seen.js";

/**
 * Whether a message was answered, and every bubble of its answer stands in its chat exactly once. Without a message: whether
 * that is so of each that was let in, and there is one at least.
 */
export function answeredExactlyOnce(scene: Scene, message?: Message): Judgement {
  const asked = message === undefined ? letIn(scene) : [message];
  const faults = asked.flatMap((each) => faultsOf(scene, each));
  if (asked.length === 0) faults.push("No message was let in");
  const which = message === undefined ? "every message that was let in" : `“${message.text}”`;
  return {
    holds: faults.length === 0,
    said: `to have answered ${which} exactly once`,
    but: faults.join("\n"),
    seen: () => whatWasSeen(scene, message),
  };
}

function letIn({ messages, stories }: Scene): Message[] {
  return messages.filter(({ guid }) => {
    const decision = stories.of(guid)?.entry.decision;
    // A STOP by who said it before gets no answer (behaviour 3.7).
    return decision?.kind === "dispatch" || (decision?.kind === "command" && !decision.silent);
  });
}

function faultsOf(scene: Scene, message: Message): string[] {
  const story = scene.stories.of(message.guid);
  const name = `“${message.text}”`;
  if (story === undefined) return [`${name} was not seen by the gateway`];
  const { entry, turn, replies } = story;
  if (turn !== undefined && turn.state !== "done")
    return [`${name} was not answered: its turn is ${turn.state}`];
  if (replies.length === 0)
    return [
      `${name} was not answered: ${turn ? "its turn said nothing" : (entry.decision?.kind ?? "not decided")}`,
    ];
  const own = scene.transcript().filter((row) => row.chatId === message.chatId && scene.isOurs(row));
  return [
    ...replies.flatMap((item) =>
      rowOf(item, own) ? [] : [`An answer does not stand in the chat: ${sendWords(item)}`],
    ),
    ...unexplained(scene, own).map(
      (row) => `“${row.text}” stands in the chat, and no send explains it: a doubled one?`,
    ),
  ];
}

function rowOf({ guid, rowId }: OutboxItem, rows: readonly TranscriptEntry[]): TranscriptEntry | undefined {
  return rows.find((row) => row.error === 0 && (row.guid === guid || row.id === rowId));
}

/** What stands in the chat beyond what was to be sent, and what comes with that. */
function unexplained({ stories }: Scene, own: readonly TranscriptEntry[]): TranscriptEntry[] {
  const rowsOfSends = new Set(stories.sends.map(({ rowId }) => rowId));
  const guids = new Set(stories.sends.map(({ guid }) => guid));
  const isSend = (row: TranscriptEntry) => rowsOfSends.has(row.id) || guids.has(row.guid);
  const left = new Set(own.filter((row) => !isSend(row) && !isVote(row)));
  for (const send of own.filter(isSend)) {
    const beside = [...left].find((row) => row.id > send.id && comesWith(row, send));
    if (beside !== undefined) left.delete(beside);
  }
  return [...left];
}

/** Whether Messages shows it beside a send in a row of its own: what a poll asks, or the preview of a link. One of each send. */
function comesWith({ text }: TranscriptEntry, send: TranscriptEntry): boolean {
  if (send.poll !== undefined) return text === send.poll.question;
  return /^https?:\/\/\S+$/.test(text) && text !== send.text && send.text.includes(text);
}
