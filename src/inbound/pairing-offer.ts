import { type Policy, pairingCode, pairingCodeLength, pairingLifetimeMs } from "../access/index.js";
import {
  chatKeyOf,
  cutText,
  type MessageRow,
  normalizeHandle,
  replyTargetOf,
} from "../conversation/index.js";
import type { NewOutboxItem, NewPairingRequest, PairingRequest } from "../store/index.js";

/** The first line of what was written, for `pairing list`; longer ones are cut. */
const previewLength = 120;

/**
 * Makes a pairing request and the one reply that carries its code (behaviour 3.3).
 * @param pending requests of the account: one whose code surely never left is offered again
 * @param random a cryptographic source
 * @param at milliseconds since the epoch
 */
export function pairingOffer(
  row: MessageRow,
  policy: Policy,
  pending: readonly PairingRequest[],
  random: (bytes: number) => Uint8Array,
  at: number,
): { request: NewPairingRequest; reply: NewOutboxItem } {
  const handle = normalizeHandle(row.sender, policy.region);
  const unsent = pending.find((request) => request.handle === handle && request.isUnsent);
  const code = unsent?.code ?? pairingCode(random(pairingCodeLength));
  const target = replyTargetOf(row);
  const firstLine = row.text
    .replace(/\ufffc/g, "")
    .trim()
    .split(/\r?\n/, 1)[0]!;
  const text = cutText(firstLine, previewLength);
  return {
    request: {
      handle,
      ...(row.senderName && { name: row.senderName }),
      code,
      requestedAt: at,
      expiresAt: at + pairingLifetimeMs,
      chatId: row.chat.id,
      text,
    },
    reply: {
      target,
      chatKey: chatKeyOf(target),
      origin: "pairing",
      text: pairingText(code),
      ...(row.chat.guid && { chatGuid: row.chat.guid }),
    },
  };
}

function pairingText(code: string): string {
  return [
    "This is an assistant that only answers people it knows.",
    "",
    `Your pairing code: ${code}`,
    "",
    "Ask the person who runs it to approve you with:",
    `tapback pairing approve imessage ${code}`,
    "",
    "The code is valid for one hour.",
  ].join("\n");
}
