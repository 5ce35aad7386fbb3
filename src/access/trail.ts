import type { Decision, GateStep, Reason } from "../conversation/index.js";

/** A refusal as a gate states it. */
export interface Refused {
  gate: string;
  reason: Reason;
  /** What was found, one sentence. */
  detail: string;
  /** What would change the outcome, one sentence. */
  remedy: string;
  /** The path whose change would change the outcome. */
  key?: string;
  /** The path that decided, where that is another one. */
  decidedBy?: string;
}

/** The gates that one message met, in their order, and the decision that ends them. */
export class Trail {
  readonly gates: GateStep[] = [];

  constructor(readonly treatedAs: "direct" | "group") {}

  /** Records a gate that let the message pass, or a finding that did not stop it. */
  note(gate: string, detail: string, key?: string, more: { passed?: boolean; warning?: string } = {}): void {
    this.gates.push({
      gate,
      passed: more.passed ?? true,
      ...(key === undefined ? {} : { key }),
      detail,
      ...(more.warning === undefined ? {} : { warning: more.warning }),
    });
  }

  drop(refused: Refused): Decision {
    return { kind: "drop", ...this.#refuse(refused) };
  }

  context(refused: Refused): Decision {
    return { kind: "context", ...this.#refuse(refused) };
  }

  pairing(refused: Refused, offer: boolean): Decision {
    return { kind: "pairing", offer, ...this.#refuse(refused) };
  }

  /** The part that every decision has. */
  base(): { gates: GateStep[]; treatedAs: "direct" | "group" } {
    return { gates: this.gates, treatedAs: this.treatedAs };
  }

  #refuse({ gate, reason, detail, remedy, key, decidedBy }: Refused) {
    this.note(gate, detail, decidedBy ?? key, { passed: false });
    return { ...this.base(), reason, remedy, ...(key === undefined ? {} : { key }) };
  }
}
