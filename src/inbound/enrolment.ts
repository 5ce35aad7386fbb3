import { mostGuesses, mostGuessesPerSender, readPhrase } from "../access/index.js";
import type { MessageRow } from "../conversation/index.js";
import type { Enrolment, Store } from "../store/index.js";

/** The enrolment whose phrase a row says, if its sender may still try (behaviour 3.6). @param handle in normal form */
export function enrolmentSaid(
  row: MessageRow,
  handle: string,
  account: string,
  store: Store,
  at: number,
): Enrolment | undefined {
  if (row.fromMe || handle === "") return undefined;
  const open = store.enrolment.current(account, at);
  if (open === undefined || readPhrase(row.text) !== open.phrase) return undefined;
  return store.enrolment.guesses(open.id, handle).own < mostGuessesPerSender ? open : undefined;
}

/** Counts a phrase that is not the one that is waited for. */
export async function countGuess(
  row: MessageRow,
  handle: string,
  account: string,
  store: Store,
  at: number,
): Promise<void> {
  if (row.fromMe || handle === "") return;
  const open = store.enrolment.current(account, at);
  const said = open && readPhrase(row.text);
  if (open && said !== undefined && said !== open.phrase)
    await store.enrolment.guessed(open.id, handle, mostGuesses);
}
