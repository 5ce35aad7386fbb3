import {
  type Bridge,
  findOwnAddress,
  type MacAccess,
  reachByTcp,
  selfCheck,
  toolsOf,
} from "../bridge/index.js";
import { type Config, lanEndpoints } from "../config/index.js";
import { type Clock, type Surroundings, TapbackError } from "../platform/index.js";
import type { AccountRuntime } from "./account/account.js";
import { macOf } from "./account/mac.js";
import type { ControlMethods } from "./control/table.js";

/** Whose process it is, and what it serves. */
export interface SelfControlDeps {
  config: () => Config;
  clock: Clock;
  surroundings: Pick<Surroundings, "home" | "env">;
  /** The accounts at work. */
  accounts: () => readonly AccountRuntime[];
}

/** The running bridge in the place of a child of its own. */
function waysOf(bridge: Bridge, mac: MacAccess): Pick<MacAccess, "look" | "addresses"> {
  return { look: (work) => work(bridge), addresses: mac.addresses.bind(mac) };
}

/**
 * Lets the running gateway tell what macOS permits it, which nobody can find out in its place (behaviour 13.1), and what it
 * alone may read: an address of an account (behaviour 3.6).
 */
export function selfControl(deps: SelfControlDeps): Pick<ControlMethods, "self.check" | "self.address"> {
  const { home, env } = deps.surroundings;
  return {
    "self.check": ({ timeoutMs }) =>
      selfCheck(
        {
          run: toolsOf(env),
          reach: reachByTcp,
          clock: deps.clock,
          endpoints: lanEndpoints(deps.config()),
          accounts: deps.accounts().flatMap(({ account, bridge }) => {
            const mac = macOf(account, home, env);
            return bridge && mac.remote === undefined ? [{ id: account.id, ...waysOf(bridge, mac) }] : [];
          }),
        },
        timeoutMs,
      ),
    "self.address": async ({ account, timeoutMs }) => {
      const found = deps.accounts().find((one) => one.account.id === account);
      if (!found?.bridge) throw new TapbackError("ACCOUNT_STOPPED", `the account ${account} is not at work`);
      const ways = waysOf(found.bridge, macOf(found.account, home, env));
      return { address: (await findOwnAddress(ways, timeoutMs)) ?? null };
    },
  };
}
