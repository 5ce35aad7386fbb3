import { isNamedByPolicy } from "../../access/index.js";
import { commandRules } from "../../commands/index.js";
import { type Account, type Config, resolveAccount, resolveAgents } from "../../config/index.js";
import { coversTarget, type Target } from "../../conversation/index.js";
import { type AccountRules, rulesFor } from "../../inbound/index.js";
import { ChatNumbers, type SenderSettings } from "../../outbound/index.js";
import type { Store } from "../../store/index.js";
import { sendTargets } from "../../turns/index.js";

/** The settings of an account that hold now; those that it was started with may be older (behaviour 2.3). */
export class LiveSettings {
  /** What the numbers of chats name now, as the rows of the present connection tell. */
  readonly numbers = new ChatNumbers();
  #compiled: { config: Config; account: Account; rules: AccountRules; sendTo: Target[] } | undefined;

  /** @param started used while the configuration no longer has the account and it is on its way out */
  constructor(
    private readonly started: Account,
    private readonly config: () => Config,
    private readonly store: Store,
  ) {}

  get account(): Account {
    return this.#current().account;
  }

  get rules(): AccountRules {
    return this.#current().rules;
  }

  /** Handles of the owners, in normal form: those of the file and those that paired as one. */
  async owners(): Promise<Set<string>> {
    return new Set([...this.rules.policy.owners, ...(await this.store.pairing.owners(this.started.id))]);
  }

  /** Whether the configuration names a target: whom it lets in, and where agents may always write (behaviour 10.3). */
  isNamed(target: Target): boolean {
    const { rules, sendTo } = this.#current();
    return isNamedByPolicy(target, rules.policy) || sendTo.some((each) => coversTarget(each, target));
  }

  /** @returns what holds for the account's sends (behaviour 10.3, 10.5) */
  sender(): SenderSettings {
    const { outbound, region, sendTransport, service } = this.account;
    return {
      owners: this.rules.policy.owners,
      isNamed: (target) => this.isNamed(target),
      policy: this.rules.policy,
      seenAs: (chatId) => this.numbers.guidOf(chatId),
      pace: outbound,
      manners: outbound,
      region,
      ttlMs: outbound.ttlMinutes * 60_000,
      transport: sendTransport,
      service,
    };
  }

  /** Worked out once per change of the configuration: every message asks. */
  #current(): { account: Account; rules: AccountRules; sendTo: Target[] } {
    const config = this.config();
    if (this.#compiled?.config !== config) {
      const account = resolveAccount(config, this.started.id) ?? this.started;
      const sendTo = resolveAgents(config).flatMap((agent) => sendTargets(agent, config, account.region));
      this.#compiled = { config, account, rules: rulesFor(config, account, commandRules), sendTo };
    }
    return this.#compiled;
  }
}
