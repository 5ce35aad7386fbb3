import type { Agent } from "../../../src/agents/index.js";
import type { Bridge } from "../../../src/bridge/index.js";
import type { BridgeHooks } from "../../../src/gateway/account/account-bridge.js";
import type { Account } from "./steps.js";

/** What stands in for the Macs and the agents of the town that is played now. */
interface Scene {
  openMac(account: Account, hooks: BridgeHooks): Bridge;
  agent: Agent;
}

let scene: Scene | undefined;

export function setScene(played: Scene): void {
  scene = played;
}

/** Instead of `src/gateway/account/account-bridge.ts`; imports nothing that would import that. */
export const playedBridges = {
  openBridge: ({ id }: { id: string }, _deps: unknown, _times: unknown, hooks: BridgeHooks): Bridge =>
    scene!.openMac(id as Account, hooks),
};

/** Instead of `src/agents/create.ts`. */
export const playedAgents = { createAgent: async (): Promise<Agent> => scene!.agent };
