import type { HistoryTool } from "../../agents/index.js";
import type { Store, Turn, TurnEnd } from "../../store/index.js";
import type { TurnAccounts } from "../accounts.js";
import { historyOf } from "../tools/history.js";
import type { MacPreparation, TurnActions, TurnMacs } from "./macs.js";

/** The Macs of accounts that are at work in this process. */
export class OwnMacs implements TurnMacs {
  constructor(
    private readonly accounts: TurnAccounts,
    private readonly store: Pick<Store, "journal">,
    readonly preparation: MacPreparation,
  ) {}

  actionsOf({ account }: Turn): TurnActions | undefined {
    return this.accounts.of(account)?.actions;
  }

  historyOf(turn: Turn): HistoryTool | undefined {
    return historyOf(turn, () => this.accounts.of(turn.account)?.bridge, this.store);
  }

  async isRetried(turn: Turn): Promise<boolean> {
    return (await this.accounts.of(turn.account)?.isRetried(turn)) ?? false;
  }

  async showsBubble(turn: Turn): Promise<boolean> {
    return this.accounts.of(turn.account)?.showsBubble(turn) ?? false;
  }

  started(turn: Turn): void {
    this.accounts.of(turn.account)?.turnStarted(turn);
  }

  ended(turn: Turn, end: Pick<TurnEnd, "outcome" | "error">): void {
    this.accounts.of(turn.account)?.turnEnded(turn, end);
  }

  waitsAgain(turn: Turn): void {
    this.accounts.of(turn.account)?.turnWaitsAgain(turn);
  }
}
