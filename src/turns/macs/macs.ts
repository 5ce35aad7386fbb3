import type { MessageActions } from "../../actions/index.js";
import type { HistoryTool } from "../../agents/index.js";
import type { Turn, TurnEnd } from "../../store/index.js";
import type { TurnPreparation, TurnSteeringRules } from "../running/parts.js";

/** What an agent may do in Messages beside plain answers. */
export type TurnActions = Pick<MessageActions, "act" | "offers">;

/** What a Mac is asked about messages before an agent sees them. */
export type MacPreparation = TurnPreparation & Pick<TurnSteeringRules, "isAsWritten">;

/** What turns ask of the Mac of their account, and tell it, wherever that is. */
export interface TurnMacs {
  readonly preparation: MacPreparation;
  /** What the agent of a turn may do there; undefined while the account is not at work. */
  actionsOf(turn: Turn): TurnActions | undefined;
  /** The past of a turn's conversation; undefined where it has none. */
  historyOf(turn: Turn): HistoryTool | undefined;
  /** Whether a failed turn is tried again by a later start, so that its sender is not told of the failure yet. */
  isRetried(turn: Turn): Promise<boolean>;
  /** Whether its chat sees a typing bubble for a turn. */
  showsBubble(turn: Turn): Promise<boolean>;
  /** A turn begins. */
  started(turn: Turn): void;
  /** A turn ended. */
  ended(turn: Turn, end: Pick<TurnEnd, "outcome" | "error">): void;
  /** A turn waits again, or runs elsewhere. */
  waitsAgain(turn: Turn): void;
}
