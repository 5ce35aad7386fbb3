import { reachByTcp, selfCheck, toolsOf } from "../bridge/index.js";
import { type Config, lanEndpoints } from "../config/index.js";
import type { Clock, Surroundings } from "../platform/index.js";
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

/** Lets the running gateway tell what macOS permits it, which nobody can find out in its place (behaviour 13.1). */
export function selfControl(deps: SelfControlDeps): Pick<ControlMethods, "self.check"> {
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
            const isHere = macOf(account, home, env).remote === undefined;
            return bridge && isHere ? [{ id: account.id, look: (work) => work(bridge) }] : [];
          }),
        },
        timeoutMs,
      ),
  };
}
