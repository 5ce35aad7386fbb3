import type { Chat, Doubtful, PairingRequest } from "./answers.js";
import { addressOf } from "./writing.js";

// Those of the command line name their account, also where that is the only one: whoever copies it may run it when another one is the default.

/** @returns the command that writes into a conversation as its account */
export function sendCommand(chat: Pick<Chat, "account" | "chat" | "guid">, words: string): string {
  const where = `--account ${chat.account} --target ${quoted(addressOf(chat))}`;
  return `tapback message send ${where} --message ${quoted(words)}`;
}

/** @returns the command that tells what became of a send */
export function statusCommand({ id, account }: Pick<Doubtful, "id" | "account">): string {
  return `tapback message status ${id} --account ${account}`;
}

/** @returns the command that makes a phrase which lets somebody in to an account */
export function pairCommand(account: string, isOwner: boolean): string {
  return `tapback pair --qr${isOwner ? " --owner" : ""} --account ${account}`;
}

/** @returns the command that lets in who asked */
export function approveCommand(
  { account, code }: Pick<PairingRequest, "account" | "code">,
  { replay, notify }: { replay: boolean; notify: boolean },
): string {
  const options = `${replay ? " --replay" : ""}${notify ? " --notify" : ""}`;
  return `tapback pairing approve ${code}${options} --account ${account}`;
}

/**
 * @param said what is answered in words; empty: by the first choice
 * @returns what answers a question in a chat, where no shell takes quotes off, on one line as that is read
 */
export function answerCommand(id: string, said: string): string {
  return `/approve ${id} ${said === "" ? "1" : said.replace(/\s+/g, " ")}`;
}

/** @returns an argument as a shell takes it */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
