import { accountPolicy } from "../access/index.js";
import { type Config, defaultAccountId, regionOf, resolveAccounts } from "../config/index.js";
import { normalizeHandle } from "../conversation/index.js";
import { TapbackError } from "../platform/index.js";
import type { PersonState, Store } from "../store/index.js";
import { People, spentInAll } from "../turns/index.js";

/** A person as somebody names them. */
export interface NamedPerson {
  config: Config;
  /** All handles of the person, in normal form. */
  handles: string[];
  groups: string[];
  isPerson: (handle: string) => boolean;
}

/** @param handle in any spelling @throws `USAGE` for what is no address */
export function personNamed(config: Config, handle: string): NamedPerson {
  const region = regionOf(config, defaultAccountId(config));
  const normal = normalizeHandle(handle, region);
  if (!/[@\d]/.test(normal))
    throw new TapbackError("USAGE", `"${handle}" is no phone number and no e-mail address`);
  const { handles, groups } = new People(config, region).of(normal);
  const all = new Set(handles);
  return { config, handles, groups, isPerson: (each) => all.has(normalizeHandle(each, region)) };
}

/** How a person is known, and how much is kept of them, as programs see it (behaviour 17.8a). */
export async function personFacts(
  { config, handles, groups }: NamedPerson,
  state: PersonState,
  store: Store,
) {
  const bodies = state.rows.journal!.map(({ body }) => JSON.parse(String(body)));
  const name: string | null =
    bodies.findLast(({ fromMe, senderName }) => !fromMe && senderName)?.senderName ?? null;
  const admittedBy: { account: string; by: string }[] = [];
  let owner = false;
  for (const { id: account } of resolveAccounts(config)) {
    const policy = accountPolicy(config, account, {})!;
    const owners = [...policy.owners, ...(await store.pairing.owners(account))];
    owner ||= handles.some((handle) => owners.includes(handle));
    if (handles.some((handle) => policy.allowFrom.handles.has(handle)))
      admittedBy.push({ account, by: "allowFrom" });
    else if (policy.allowFrom.everyone) admittedBy.push({ account, by: "everyone" });
    for (const handle of handles)
      if (await store.pairing.isApproved(account, handle)) admittedBy.push({ account, by: "approval" });
  }
  const usage = spentInAll(await store.allowance.counted("", handles), config.models);
  return {
    ...{ handle: handles[0]!, handles, name, admittedBy, owner, groups },
    optedOut: state.rows.opt_out!.length > 0,
    ...{ sessions: state.sessions, sharedSessions: state.sharedSessions },
    ...{ messages: state.messages, usage },
  };
}
