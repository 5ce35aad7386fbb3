import { mostGuesses, mostGuessesPerSender, readPhrase } from "../access/index.js";
import type { MessageRow } from "../conversation/index.js";
import type { Store } from "../store/index.js";

/** The phrase of an enrolment that a row says (behaviour 3.6). @param handle in normal form */
export function phraseIn(row: MessageRow, handle: string): string | undefined {
  return row.fromMe || handle === "" ? undefined : readPhrase(row.text);
}

/** Counts a phrase that is not the one that is waited for. @param at milliseconds since the epoch */
export async function countGuess(
  row: MessageRow,
  handle: string,
  account: string,
  store: Store,
  at: number,
): Promise<void> {
  const phrase = phraseIn(row, handle);
  const most = { own: mostGuessesPerSender, all: mostGuesses };
  if (phrase !== undefined) await store.enrolment.phraseSaid(account, handle, phrase, most, at);
}
