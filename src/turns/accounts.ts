import {
  type AccountSettings,
  accountDefaults,
  type Config,
  resolveAccount,
  resolveAgent,
  timeZoneOf,
} from "../config/index.js";
import type { Target } from "../conversation/index.js";
import type { Turn } from "../store/index.js";
import { sendTargets } from "./agents/send-targets.js";
import { People } from "./people/people.js";
import type { TurnAccount } from "./turn-account.js";

/** The accounts that turns belong to, at work or not. */
export class TurnAccounts {
  /** @param of an account at work; undefined when it is stopped or gone */
  constructor(
    readonly of: (account: string) => TurnAccount | undefined,
    private readonly config: () => Config,
  ) {}

  /** The zone of a time of day that people name (behaviour 6.6a), as an IANA name. */
  get zone(): string {
    return timeZoneOf(this.config());
  }

  /** Settings that hold now; the built-in ones for an account that is gone. */
  settingsOf(account: string): Omit<AccountSettings, "name"> {
    return this.of(account)?.settings ?? resolveAccount(this.config(), account) ?? accountDefaults;
  }

  /** Whether the Mac of an account has polls, as far as is known. */
  hasPolls(account: string): boolean {
    return this.of(account)?.bridge?.actions.capabilities()?.can("poll").supported === true;
  }

  /** The groups of people, as an account reads their handles. */
  peopleOf(account: string): People {
    return new People(this.config(), this.settingsOf(account).region);
  }

  /** Where the agent of a turn may always write (behaviour 10.3). */
  sendTo({ agentId, account }: Turn): Target[] {
    const config = this.config();
    const agent = resolveAgent(config, agentId);
    return agent ? sendTargets(agent, config, this.settingsOf(account).region) : [];
  }
}
