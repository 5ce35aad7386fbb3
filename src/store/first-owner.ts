/**
 * How it is decided whether somebody who is let in becomes an owner: a person said so (`owner`) or declined (`guest`);
 * or the first one does, where the configuration names none.
 */
export type Ownership = "owner" | "guest" | { named: readonly string[] };

/**
 * Who becomes owner at an approval (behaviour 3.3): the very first sender, where nobody is an owner. Asked inside the
 * transaction that admits, so that two approvals at once never make two owners.
 * @param ownership `named`: the account's owners whom the configuration names
 * @param approvals how many people were let in before, by any account; every owner that an approval made is among them
 */
export function becomesOwner(ownership: Ownership, approvals: number): boolean {
  if (typeof ownership === "string") return ownership === "owner";
  return ownership.named.length === 0 && approvals === 0;
}
