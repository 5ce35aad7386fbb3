import type { Bridge } from "../bridge/index.js";
import type { Target } from "../conversation/index.js";
import type { FirewallFacts, TextRules } from "../outbound/index.js";
import type { Clock } from "../platform/index.js";
import type { Store } from "../store/index.js";
import type { Conversation } from "./conversation.js";
import type { FileRules } from "./files.js";
import type { ActionToggle } from "./rows/index.js";

/** Settings of an account that actions go by; asked anew for each. */
export interface ActionSettings extends TextRules, FirewallFacts {
  toggles: Record<ActionToggle, boolean>;
}

/** What the actions of one account are made with. */
export interface ActionDeps {
  account: string;
  store: Store;
  bridge: Bridge;
  clock: Clock;
  settings: () => ActionSettings;
}

/** A conversation for which something is drafted. */
export interface DraftChat {
  target: Target;
  isGroup: boolean;
  /** The person of a direct chat; empty where nobody knows. */
  handle: string;
  /** As people read it. */
  name: string;
}

/** Who acts. */
export interface Actor {
  /** The turn on whose behalf an agent acts; absent for a person at the command line. */
  turnId?: string;
  /** Which run of the turn it is. */
  run?: number;
  /** Under which a program asks: what was done under it is not done again. */
  keyed?: {
    key: string;
    /** Told of the items in the outbox that carry it, now or since an earlier call. */
    queued: (items: number[]) => void;
  };
  /** Who asks, where that is neither a turn nor a person: stands in the log of actions. */
  askedBy?: string;
  /** Whether every sender of the turn's messages is an owner over a trusted service (behaviour 3.5, 10.3a). */
  isOwner: boolean;
  /** Nobody wrote just now: the turn was scheduled. */
  isScheduled?: boolean;
  /** The conversation that is meant where none is named. */
  home?: Conversation;
  /** Where every turn of the agent may write, whoever asked (`agents.list[].sendTo`). */
  sendTo?: readonly Target[];
  /**
   * Opens the draft that an action in a conversation becomes a part of, where an owner has to say yes first (behaviour 18.1).
   * @param approves nobody was let in there, and an owner asks for it all the same (behaviour 10.3a)
   * @returns its id; undefined where the action is done at once
   */
  holds?: (chat: DraftChat, approves: boolean) => Promise<string | undefined>;
  files: FileRules;
}

/** An action under way: who acts, and where. */
export interface ActionContext extends ActionDeps {
  actor: Actor;
  where: Conversation;
}
