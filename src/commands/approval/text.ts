import type { PairingRequest } from "../../store/index.js";

/** What somebody is told who was let in, by an approval or by the phrase of `tapback pair` (behaviour 3.3, 3.6). */
export function youAreApproved(owner: boolean): string {
  return owner
    ? "You are approved, as the owner. Write /help for what I take from you; all else goes to the agent."
    : "You are approved. Write away!";
}

/**
 * What whoever approved a request is told, in lines.
 * @param told.mayLackOwner the first was approved where nothing tells whether the gateway has owners
 * @param told.replayed how many earlier messages are answered now
 * @param told.namesAccount for a reader who is in none of the account's chats
 */
export function approvalReport(
  request: PairingRequest,
  told: { owner: boolean; mayLackOwner: boolean; replayed: number; namesAccount: boolean },
): string[] {
  const { owner, mayLackOwner, replayed, namesAccount } = told;
  const where = namesAccount ? ` for direct messages of the account ${request.account}` : "";
  const lines = [`Approved ${nameOf(request)}${where}.`];
  if (owner)
    lines.push(
      "As the first person approved, this sender is now the owner of the gateway's commands (--no-owner declines that).",
    );
  if (mayLackOwner)
    lines.push(
      "Nobody became the owner of the gateway's commands: its configuration, which may name owners, was not found. `tapback pair --owner`, with the gateway's --config, lets one in.",
    );
  if (replayed > 0)
    lines.push(
      `${replayed === 1 ? "One message that was" : `${replayed} messages that were`} written before will be answered now.`,
    );
  return lines;
}

/** What whoever denied a request is told. */
export function denialReport(request: PairingRequest): string {
  return `Denied ${nameOf(request)}.`;
}

function nameOf({ name, handle }: PairingRequest): string {
  return name ?? handle;
}
