import {
  type Bridge,
  BridgeError,
  findOwnAddress,
  type MacAccess,
  reachByTcp,
  selfCheck,
  toolsOf,
} from "../bridge/index.js";
import { type Config, lanEndpoints } from "../config/index.js";
import type { ControlMethods } from "../control/index.js";
import { type Clock, type Surroundings, TapbackError } from "../platform/index.js";
import type { AccountRuntime } from "./account/account.js";
import { macOf } from "./account/mac.js";

/** Whose process it is, and what it serves. */
export interface SelfControlDeps {
  config: () => Config;
  clock: Clock;
  surroundings: Pick<Surroundings, "home" | "env">;
  /** The accounts at work. */
  accounts: () => readonly AccountRuntime[];
}

/** The running bridge in the place of a child of its own; where it is down, a new child tells why. */
function waysOf(bridge: Bridge, mac: MacAccess): Pick<MacAccess, "look" | "addresses"> {
  const isDown = (error: unknown) => error instanceof BridgeError && error.code === "CHILD_DOWN";
  return {
    look: (work, timeoutMs) =>
      work(bridge).catch((error: unknown) => {
        if (isDown(error)) return mac.look(work, timeoutMs);
        throw error;
      }),
    addresses: mac.addresses.bind(mac),
  };
}

/**
 * Lets the running gateway tell what macOS permits it, which nobody can find out in its place (behaviour 13.1), and what it
 * alone may read: an address of an account (behaviour 3.6).
 */
export function selfControl(
  deps: SelfControlDeps,
): Pick<ControlMethods, "imsg.record" | "imsg.recorded" | "self.address" | "self.check"> {
  const { home, env } = deps.surroundings;
  const runtime = (account: string): AccountRuntime => {
    const found = deps.accounts().find((one) => one.account.id === account);
    if (found) return found;
    throw new TapbackError("ACCOUNT_STOPPED", `the account ${account} is not at work`);
  };
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
      const { bridge, account: settings } = runtime(account);
      const mac = macOf(settings, home, env);
      const address = await findOwnAddress(bridge ? waysOf(bridge, mac) : mac, timeoutMs);
      return { address: address ?? null };
    },
    "imsg.record": async ({ account, mark }) => runtime(account).bridge?.record?.begin(mark),
    "imsg.recorded": async ({ account }) => runtime(account).bridge?.record?.end() ?? [],
  };
}
