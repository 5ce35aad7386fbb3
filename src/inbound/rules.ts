import type { TurnRules } from "../turns/index.js";

/** What the configuration says about one account now; asked anew for each message, so that a change is live. */
export interface AccountRules extends TurnRules {
  /** How long to wait for more of the same person in a direct chat, milliseconds; 0 waits not at all (behaviour 9.3). */
  coalesceMs: number;
  /** Whether a turn of a direct chat waits until its person has stopped typing (behaviour 18.4). */
  waitWhileTyping: boolean;
  /** How long the agent keeps quiet in a chat after the account's human wrote there, milliseconds (behaviour 10.4). */
  quietMs: number;
}
