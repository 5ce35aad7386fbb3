import type { Bridge } from "../bridge/index.js";
import type { Clock } from "../platform/index.js";
import type { Store } from "../store/index.js";
import type { ActionToggle } from "./catalogue.js";
import type { Conversation } from "./conversation.js";
import type { FileRules } from "./files.js";
import type { TextRules } from "./sends.js";

/** Settings of an account that actions go by; asked anew for each. */
export interface ActionSettings extends TextRules {
  toggles: Record<ActionToggle, boolean>;
  /** Handles of owners, in normal form. */
  owners: ReadonlySet<string>;
  region: string;
}

/** What the actions of one account are made with. */
export interface ActionDeps {
  account: string;
  store: Store;
  bridge: Bridge;
  clock: Clock;
  settings: () => ActionSettings;
}

/** Who acts. */
export interface Actor {
  /** The turn on whose behalf an agent acts; absent for a person at the command line. */
  turnId?: string;
  isOwner: boolean;
  /** The conversation that is meant where none is named. */
  home?: Conversation;
  files: FileRules;
}

/** What an action is planned from. */
export interface PlanContext extends ActionDeps {
  actor: Actor;
  where: Conversation;
}
