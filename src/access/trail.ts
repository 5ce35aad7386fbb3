import {
  type Decision,
  type GateStep,
  type Reason,
  type ReasonNames,
  reasonText,
} from "../conversation/index.js";

/** A refusal as a gate states it. */
export interface Refused {
  gate: string;
  reason: Reason;
  /** What the reason's text names: the person, the chat, the setting. */
  names?: ReasonNames;
  /** A further sentence of the remedy. */
  more?: string;
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
      key,
      detail,
      warning: more.warning,
    });
  }

  /** Ends in a refusal: the message is not answered. */
  drop(refused: Refused): Decision {
    return { kind: "drop", ...this.#refuse(refused) };
  }

  /** Ends in a group message that is kept as context and asks for no turn. */
  context(refused: Refused): Decision {
    return { kind: "context", ...this.#refuse(refused) };
  }

  /** Ends in a refusal of somebody who is a stranger yet. @param offer whether a code is offered (behaviour 3.3) */
  pairing(refused: Refused, offer: boolean): Decision {
    return { kind: "pairing", offer, ...this.#refuse(refused) };
  }

  /** The part that every decision has. */
  base(): { gates: GateStep[]; treatedAs: "direct" | "group" } {
    return { gates: this.gates, treatedAs: this.treatedAs };
  }

  #refuse({ gate, reason, names, more, key, decidedBy }: Refused) {
    const { happened, remedy } = reasonText(reason, names);
    this.note(gate, happened, decidedBy ?? key, { passed: false });
    return {
      ...this.base(),
      reason,
      remedy: more === undefined ? remedy : `${remedy} ${more}`,
      key,
    };
  }
}
