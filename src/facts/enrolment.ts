import type { Enrolment } from "../store/index.js";

/**
 * Opens Messages on an iPhone for a number: what Apple documents takes no text and no e-mail address.
 * @returns undefined for an address, which has to be typed
 */
export function messagesLink(address: string | undefined): string | undefined {
  return address !== undefined && /^\+?\d+$/.test(address) ? `sms:${address}` : undefined;
}

/** A phrase of `tapback pair`, as programs see it (behaviour 3.6). @param address that people write to, where it is known */
export function enrolmentRow(enrolment: Enrolment, address: string | undefined, now: number) {
  const { account, phrase, owner, state, expiresAt, handle } = enrolment;
  return {
    account,
    phrase,
    address: address ?? null,
    link: messagesLink(address) ?? null,
    owner,
    state: state === "open" && expiresAt <= now ? ("expired" as const) : state,
    expiresAt: new Date(expiresAt).toISOString(),
    handle: handle ?? null,
  };
}
