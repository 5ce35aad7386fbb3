import type { BridgeIncident, BridgeState, MacEvent } from "../../bridge/index.js";
import type { Decision, MessageRow } from "../../conversation/index.js";
import { addressesLostMs, type StageFacts } from "../../health/index.js";
import { Outages, type Span } from "../../inbound/index.js";
import { isOurRule } from "../../outbound/index.js";
import type { Clock, Log } from "../../platform/index.js";
import type { Arrival, JournalEntry, OutboxItem, SendOutcome, Turn, TurnEnd } from "../../store/index.js";
import { type AccountEvent, decisionEvent, sentEvent, turnEvent } from "../../telemetry/index.js";

/**
 * What was seen of an account since it started: its status is told from it (behaviour 16.1), and who listens hears it (17.10b).
 * Incidents and stalls are logged.
 */
export class Observations {
  #lastInboundAt: number | undefined;
  #lastSend: StageFacts["lastSend"];
  #lastAgent: StageFacts["lastAgent"];
  #incident: BridgeIncident | undefined;
  #stall: StageFacts["stall"];
  #addressesLost: number | undefined;
  readonly #outages = new Outages();

  constructor(
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly tell: (event: AccountEvent) => void = () => {},
  ) {}

  get seen(): Omit<StageFacts, "at" | "health" | "version" | "skew" | "delay" | "store" | "waiting"> & {
    lastInboundAt: number | undefined;
  } {
    return {
      lastInboundAt: this.#lastInboundAt,
      lastSend: this.#lastSend,
      lastAgent: this.#lastAgent,
      incident: this.#incident,
      stall: this.#stall,
      addressesLost: this.#recentLoss(),
    };
  }

  get outages(): readonly Span[] {
    return this.#outages.spans;
  }

  #recentLoss(): number | undefined {
    const at = this.#addressesLost;
    return at !== undefined && this.clock.now() - at < addressesLostMs ? at : undefined;
  }

  /** Messages told something by itself (protocol reference 22). */
  told(event: MacEvent): void {
    if (event.kind === "typing" || event.kind === "events-ended") return;
    if (event.kind === "addresses-lost") {
      this.#addressesLost = this.clock.now();
      this.log.warn("Messages lost an address of its account; look at its settings on the Mac");
    } else if (event.available) this.log.info("the private API of Messages answers again");
    else this.log.warn(`the private API of Messages is gone: ${event.message}; ${event.remedy ?? ""}`);
  }

  /** A row was journaled. */
  arrived(message: MessageRow, arrival: Arrival): void {
    this.#lastInboundAt = this.clock.now();
    this.tell({ type: "message", message, arrival });
  }

  /** It was decided what becomes of a row. */
  decided(entry: JournalEntry, decision: Decision): void {
    this.tell(decisionEvent(entry, decision));
  }

  /** A turn begins. */
  started(turn: Turn): void {
    this.tell(turnEvent(turn, "started"));
  }

  /** A try to send came to an end. What our own rules hold up (a recipient, a file) says nothing of how sends do. */
  sent(item: OutboxItem, outcome: SendOutcome): void {
    const event = sentEvent(item, outcome);
    if (event) this.tell(event);
    if ("error" in outcome && isOurRule(outcome.error.code)) return;
    this.#lastSend = { at: this.clock.now(), outcome };
  }

  /** A turn ended. */
  answered(turn: Turn, { outcome, error }: Pick<TurnEnd, "outcome" | "error">): void {
    this.#lastAgent = { at: this.clock.now(), error };
    this.tell(turnEvent(turn, outcome, error));
  }

  /** The subscription said nothing of rows that are there. @param rows how many were found without it */
  stalled(rows: number): void {
    this.#stall = { at: this.clock.now(), rows };
    this.log.warn("imsg is subscribed and silent; messages were found by looking for them", { rows });
  }

  /** The state of the bridge changed. @param incident what made it so, where something went wrong @param pid of the running child */
  bridge(state: BridgeState, incident: BridgeIncident | undefined, pid: number | undefined): void {
    this.#outages.note(state, this.clock.now());
    const error = incident && { code: incident.error.code, message: incident.error.message };
    this.tell({ type: "health", state, ...(error && { error }) });
    if (state === "live") {
      if (this.#incident) this.log.info("imsg answers again");
      else this.log.info("connected to Messages", { pid });
      this.#incident = undefined;
    }
    if (!incident) return;
    this.#incident = incident;
    // One warning per incident, not per retry (behaviour 1.2).
    const fields = { code: incident.error.code, retryInMs: Math.round(incident.retryInMs) };
    const hint = incident.error.hint ? `; ${incident.error.hint}` : "";
    this.log[incident.first ? "warn" : "debug"](`imsg is down: ${incident.error.message}${hint}`, fields);
  }
}
