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

/** What turns want to know of a Mac before they do anything there. */
export type KnownAbility = "poll" | "voice";

/** The accounts that turns belong to, at work or not. */
export class TurnAccounts {
  /**
   * @param of an account at work in this process; undefined when it is stopped, gone or elsewhere
   * @param known what its Mac can do, where another process knows that
   */
  constructor(
    readonly of: (account: string) => TurnAccount | undefined,
    private readonly config: () => Config,
    private readonly known: (account: string, ability: KnownAbility) => boolean = () => false,
  ) {}

  /** The zone of a time of day that people name (behaviour 6.6a), as an IANA name. */
  get zone(): string {
    return timeZoneOf(this.config());
  }

  /** Settings that hold now; the built-in ones for an account that is gone. */
  settingsOf(account: string): Omit<AccountSettings, "name"> {
    return this.of(account)?.settings ?? resolveAccount(this.config(), account) ?? accountDefaults;
  }

  /** When a row was written, by our clock; where nobody here knows the Mac's clock, when it came. */
  writtenAt(account: string, row: { sentAt: number; receivedAt: number }): number {
    return this.of(account)?.writtenAt(row) ?? row.receivedAt;
  }

  /** Whether the Mac of an account can do something, as far as is known. */
  can(account: string, ability: KnownAbility): boolean {
    const capabilities = this.of(account)?.bridge?.actions.capabilities();
    return capabilities?.can(ability).supported ?? this.known(account, ability);
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
