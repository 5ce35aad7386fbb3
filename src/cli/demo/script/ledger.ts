import type { StoredMessage } from "../world.js";
import type { ScriptedMessage } from "./conversation.js";

/** A scripted message that was written, with where Messages stored it. */
export interface Written {
  message: ScriptedMessage;
  id: number;
  chatId: number;
}

/** What became of a scripted message. */
export interface Verdict {
  written: Written;
  /** Everything that came as its answer, in order, late ones included. */
  answers: StoredMessage[];
  ok: boolean;
}

/**
 * Says for each written message what stands as its answer in the chat, by the rows of Messages alone: an answer belongs
 * to the newest message before it in its chat, or to the one that announced it for later, a tapback to what it is on.
 * @param rows what Messages stored, in any order
 */
export function judge(written: Written[], rows: StoredMessage[]): Verdict[] {
  const answers = new Map<Written, StoredMessage[]>(written.map((one) => [one, []]));
  const sent = rows.filter(({ from }) => from === undefined).sort((one, other) => one.id - other.id);
  for (const row of sent) {
    const before = written.filter(({ id, chatId }) => chatId === row.chatId && id < row.id);
    const tapped = row.tapback === undefined ? undefined : written.find(({ id }) => id === row.id);
    const announced = before.find(({ message }) => message.later?.test(row.text));
    const newest = before.reduce<Written | undefined>(
      (best, one) => (best && best.id > one.id ? best : one),
      undefined,
    );
    const owner = tapped ?? announced ?? newest;
    if (owner) answers.get(owner)!.push(row);
  }
  return written.map((one) => {
    const all = answers.get(one)!;
    return { written: one, answers: all, ok: isAnswered(one.message, all) };
  });
}

/** Whether what has to come at once has come, and only that; late ones are not waited for. */
export function isAnsweredNow(message: ScriptedMessage, answers: StoredMessage[]): boolean {
  return message.isAnswered(atOnce(message, answers).map(({ text }) => text));
}

function isAnswered(message: ScriptedMessage, answers: StoredMessage[]): boolean {
  if (answers.some(({ error }) => error !== undefined && error !== 0)) return false;
  const late = answers.length - atOnce(message, answers).length;
  return isAnsweredNow(message, answers) && late === (message.later ? 1 : 0);
}

function atOnce(message: ScriptedMessage, answers: StoredMessage[]): StoredMessage[] {
  return answers.filter(({ text }) => !message.later?.test(text));
}
