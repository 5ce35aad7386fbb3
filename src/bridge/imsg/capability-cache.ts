import type { Result } from "../../platform/index.js";
import type { Capabilities } from "../abilities.js";
import { type BridgeError, notBegun } from "../error.js";
import { capabilitiesOf } from "./capabilities.js";
import { fault } from "./faults.js";
import type { ImsgStatus, PrivateApi } from "./status.js";

/** A bridge that is up stays up until a call fails; `imsg launch` in a terminal is noticed within a minute. */
const goodMs = 15 * 60_000;
const badMs = 60_000;
/** A helper that did not say what became of a send is left alone so long. */
const silentMs = 10 * 60_000;
/** A call that a bad answer would refuse asks again when the answer is older than this (protocol reference 5.1). */
const refusalMs = 10_000;

/** What one probe found. */
export interface ProbedCapabilities {
  status: ImsgStatus;
  capabilities: Capabilities;
}

/** What the Mac can do, as the last probe found it: remembered with its age, doubted after failures. */
export class CapabilityCache {
  #known: ProbedCapabilities | undefined;
  #failure: BridgeError | undefined;
  #doubted = false;
  #available: boolean | undefined;
  #probing: Promise<ProbedCapabilities | undefined> | undefined;
  #failedAt = Number.NEGATIVE_INFINITY;
  #silentAt = Number.NEGATIVE_INFINITY;

  /**
   * @param ask finds out; `known` is what was found last
   * @param now milliseconds since the epoch
   * @param changed told when the private API is gone, and when it is back
   */
  constructor(
    private readonly ask: (known: ProbedCapabilities | undefined) => Promise<Result<ImsgStatus, BridgeError>>,
    private readonly now: () => number,
    private readonly changed: (privateApi: PrivateApi) => void = () => {},
  ) {}

  /** What was found last, without asking; undefined when nothing is known. */
  get known(): ProbedCapabilities | undefined {
    return this.#known;
  }

  /** Why a call cannot be begun while nothing is known: what the probe failed of. */
  get refusal(): BridgeError {
    return this.#failure ? notBegun(this.#failure) : fault("BRIDGE_UNAVAILABLE");
  }

  /** What was found last; asks anew in the background when that is old. */
  look(): ProbedCapabilities | undefined {
    const stale = this.#known
      ? this.#doubted || this.#age() > (this.#known.status.privateApi.available ? goodMs : badMs)
      : this.now() - this.#failedAt > badMs;
    if (stale) void this.probe();
    return this.#known;
  }

  /** What holds now: asks first when nothing is known, after a failure, or before refusing on an old answer. */
  async settled(): Promise<ProbedCapabilities | undefined> {
    const usable =
      this.#known !== undefined &&
      !this.#doubted &&
      (this.#known.status.privateApi.available ? this.#age() <= goodMs : this.#age() <= refusalMs);
    return usable ? this.#known : this.probe();
  }

  /** Asks anew; calls at the same time share one answer. */
  probe(): Promise<ProbedCapabilities | undefined> {
    this.#probing ??= this.#probe().finally(() => {
      this.#probing = undefined;
    });
    return this.#probing;
  }

  /** The Mac told by itself what it can do. */
  learn(status: ImsgStatus): void {
    this.#doubted = false;
    this.#failure = undefined;
    this.#known = { status, capabilities: capabilitiesOf(status, this.now()) };
    const { available } = status.privateApi;
    const had = this.#available;
    this.#available = available;
    if (had !== undefined && had !== available) this.changed(status.privateApi);
  }

  /** A call failed in a way that what is known did not foresee. */
  doubt(): void {
    this.#doubted = true;
    void this.probe();
  }

  /** The helper in Messages did not say what became of a send: a probe would not tell (protocol reference 9.13). */
  noteSilence(): void {
    this.#silentAt = this.now();
    this.doubt();
  }

  /** Whether the helper in Messages did not say lately what became of a send. */
  get wasSilent(): boolean {
    return this.now() - this.#silentAt < silentMs;
  }

  async #probe(): Promise<ProbedCapabilities | undefined> {
    const found = await this.ask(this.#known);
    const at = this.now();
    if (found.ok) this.learn(found.value);
    else {
      this.#doubted = false;
      this.#failure = found.error;
      this.#failedAt = at;
      this.#known = undefined;
    }
    return this.#known;
  }

  #age(): number {
    return this.now() - (this.#known?.capabilities.at ?? 0);
  }
}

/** Codes after which a cached "available" is no longer believed. */
const shaking = new Set([
  "BRIDGE_TIMEOUT",
  "BRIDGE_UNAVAILABLE",
  "BRIDGE_FAILED",
  "METHOD_NOT_FOUND",
  "REPLY_UNSUPPORTED",
]);

/** Whether a failure says that the capabilities are not what they were. */
export function shakes({ code }: BridgeError): boolean {
  return shaking.has(code);
}
