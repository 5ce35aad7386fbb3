import type { NewPairingRequest } from "../pairing.js";
import type { Base } from "./statements.js";

/** The message with a code surely did not leave: the sender's next message may offer it again. @param text of the message */
export function noteUnsentCode({ sql }: Base, account: string, text: string): void {
  sql(
    "UPDATE pairing SET state = 'unsent' WHERE account = ? AND state = 'pending' AND instr(?, code) > 0",
  ).run(account, text);
}

/**
 * Offers an unsent request once more, under the code of this offer; what was written first stays with it, and earlier
 * requests of the sender stay expired.
 * @param at milliseconds since the epoch
 */
export function offerAgain(
  { sql }: Base,
  account: string,
  { handle, code, expiresAt }: NewPairingRequest,
  at: number,
): void {
  sql(
    `UPDATE pairing SET state = 'pending', code = ?, expires_at = ?
     WHERE account = ? AND handle = ? AND state = 'unsent' AND expires_at > ?`,
  ).run(code, expiresAt, account, handle, at);
}
