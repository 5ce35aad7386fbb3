import { defaultAccountId, type LoadedConfig, regionOf } from "../../config/index.js";
import { isNationalNumber, normalizeHandle } from "../../conversation/index.js";
import { TapbackError } from "../../platform/index.js";
import type { Store } from "../../store/index.js";

/**
 * Takes an approval back, in every account where the handle was approved or in the one named.
 * @param typed a handle in any spelling; a number without `+` is read as the gateway reads its senders, in the region of
 * the account whose approval it may be
 * @param account in normal form
 * @param readConfig asked only for a national number, so that an approval can be taken back while the file is broken
 * @throws `APPROVAL_UNKNOWN`; `HANDLE_AMBIGUOUS` where it means one person in this account and another one in that
 */
export async function revokeApproval(
  store: Store,
  typed: string,
  account: string | undefined,
  readConfig: () => Promise<LoadedConfig>,
): Promise<{ handle: string; accounts: string[] }> {
  const config = isNationalNumber(typed) ? (await readConfig()).config : undefined;
  const handleIn = (id: string) =>
    config ? normalizeHandle(typed, regionOf(config, id)) : normalizeHandle(typed);
  const known = await store.pairing.approvals(account);
  const [first, ...more] = known.filter((approval) => approval.handle === handleIn(approval.account));
  if (!first) {
    const fallback = account ?? (config && defaultAccountId(config));
    throw new TapbackError(
      "APPROVAL_UNKNOWN",
      `${fallback ? handleIn(fallback) : normalizeHandle(typed)} was not approved by pairing`,
      { hint: "`tapback pairing list` shows who was." },
    );
  }
  const other = more.find(({ handle }) => handle !== first.handle);
  if (other)
    throw new TapbackError(
      "HANDLE_AMBIGUOUS",
      `${typed} is ${first.handle} for the account ${first.account} and ${other.handle} for ${other.account}`,
      { hint: "Write it with + and the country code, or name the account with --account." },
    );
  const accounts = [first, ...more].map((approval) => approval.account);
  for (const id of accounts) await store.pairing.revoke(id, first.handle);
  return { handle: first.handle, accounts };
}
