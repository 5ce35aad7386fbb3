import { firstOwnerIn } from "../commands/index.js";
import type { ControlMethods } from "../control/index.js";
import type { GatewayStatus } from "../health/index.js";
import type { Store } from "../store/index.js";
import type { TurnWork } from "../turns/index.js";
import type { HttpSites } from "./http-sites.js";
import type { messageControl } from "./message-control.js";
import { type SelfControlDeps, selfControl } from "./self-control.js";

/** What commands reach of a running gateway. */
export interface ControlDeps {
  store: () => Store | undefined;
  status: () => Promise<GatewayStatus>;
  work: TurnWork;
  http: HttpSites;
  messages: ReturnType<typeof messageControl>;
  self: SelfControlDeps;
}

/** Whatever may be asked over the control socket. */
export function controlMethods({ store, status, work, http, messages, self }: ControlDeps): ControlMethods {
  const { mcp, live } = work;
  return {
    changed: async () => {
      store()?.checkForChanges();
      return null;
    },
    status: async ({ probe, timeoutMs }) => {
      if (probe) await Promise.all(self.accounts().map((account) => account.probe(timeoutMs)));
      return await status();
    },
    "pairing.owner": async ({ account }) => ({ firstOwner: firstOwnerIn(self.config(), account) }),
    "mcp.tools": (access) => mcp.tools(access),
    "mcp.call": ({ tool, input, ...access }) => mcp.call(access, tool, input),
    ...live.control,
    ...http.mcp.control,
    "console.address": async () => ({ url: http.consoleAddress() }),
    ...messages,
    ...selfControl(self),
  };
}
