import { type Envelope, mayBeSameChat } from "../../conversation/index.js";
import { maxSources, maxText } from "./merge.js";

/**
 * The envelope of a running turn with the messages of one that waits (behaviour 5.4a), or nothing where the two do not go
 * together: both have to be of one owner in one conversation, and neither scheduled. Files are made ready for a whole turn,
 * so a message that brings some waits, and so does one that brings what others wrote in a group. Nothing is cut for it.
 */
export function joinedEnvelope(running: Envelope, waiting: Envelope): Envelope | undefined {
  if (!isOfOneOwner(running, waiting) || !isPlain(waiting)) return undefined;
  const messages = [...running.messages, ...waiting.messages];
  const text = `${running.text}\n${waiting.text}`;
  if (messages.length > maxSources || text.length > maxText) return undefined;
  return {
    ...running,
    messages,
    coalescedMessageGuids: [...running.coalescedMessageGuids, ...waiting.coalescedMessageGuids],
    notes: [...running.notes, ...waiting.notes],
    text,
  };
}

function isOfOneOwner(running: Envelope, waiting: Envelope): boolean {
  const { accountId, chat, sender } = running;
  return (
    sender.isOwner &&
    waiting.sender.isOwner &&
    !running.scheduled &&
    !waiting.scheduled &&
    sender.handle === waiting.sender.handle &&
    accountId === waiting.accountId &&
    chat.target === waiting.chat.target &&
    mayBeSameChat(chat, waiting.chat) &&
    // Messages that were collected in a group name those who wrote them.
    [...running.messages, ...waiting.messages].every(({ sender: writer }) => writer === undefined)
  );
}

function isPlain({ chat, context, notes, messages }: Envelope): boolean {
  const bringsOthers = chat.isGroup && (context.length > 0 || notes.length > 0);
  return !bringsOthers && messages.every(({ attachments }) => attachments.length === 0);
}
