import { type BridgeError, checkHop, type RemoteMac } from "../../bridge/index.js";
import type { Stage } from "../../health/index.js";
import type { Clock, Result } from "../../platform/index.js";
import { hopStage } from "./probe.js";

/** The way to another Mac, as it was at a time, milliseconds since the epoch. */
export interface FoundHop {
  stage: Stage;
  at: number;
}

/** What the last probe of an account found out of the way to its Mac. */
export class SshHop {
  #found: { result: Result<void, BridgeError>; at: number } | undefined;

  /** @param mac undefined for an account of this machine */
  constructor(
    private readonly mac: RemoteMac | undefined,
    private readonly clock: Clock,
  ) {}

  /** Connects once and keeps what came of it; never rejects. @param timeoutMs milliseconds */
  async check(timeoutMs: number): Promise<void> {
    if (this.mac) this.#found = { result: await checkHop(this.mac, timeoutMs), at: this.clock.now() };
  }

  /** @returns nothing for an account of this machine, and before the first probe */
  get found(): FoundHop | undefined {
    if (!this.mac || !this.#found) return undefined;
    const { result, at } = this.#found;
    return { stage: hopStage(this.mac.host, result, at), at };
  }
}
