import type { Chat } from "./answers.js";
import { addressOf } from "./writing.js";

/** @returns the command that writes into a conversation as its account */
export function sendCommand(chat: Chat, words: string): string {
  return `tapback message send --target ${quoted(addressOf(chat))} --message ${quoted(words)}`;
}

/** @returns an argument as a shell takes it */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
