import { commandNames } from "../../commands/index.js";
import { type Account, type Config, resolveAccount } from "../../config/index.js";
import { chatKeysOf } from "../../conversation/index.js";
import { type AccountRules, rulesFor } from "../../inbound/index.js";
import type { SenderSettings } from "../../outbound/index.js";
import type { Store } from "../../store/index.js";

/** The settings of an account that hold now; those that it was started with may be older (behaviour 2.3). */
export class LiveSettings {
  #compiled: { config: Config; account: Account; rules: AccountRules } | undefined;

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
  owners(): Set<string> {
    return new Set([...this.rules.policy.owners, ...this.store.pairing.owners(this.started.id)]);
  }

  sender(): SenderSettings {
    const { outbound, region, sendTransport } = this.account;
    return {
      owners: this.owners(),
      pace: outbound,
      region,
      ttlMs: outbound.ttlMinutes * 60_000,
      transport: sendTransport,
    };
  }

  /** Worked out once per change of the configuration: every message asks. */
  #current(): { account: Account; rules: AccountRules } {
    const config = this.config();
    if (this.#compiled?.config !== config) {
      const account = resolveAccount(config, this.started.id) ?? this.started;
      const boundTo = (row: Parameters<typeof chatKeysOf>[0]) =>
        this.store.bindings.find(this.started.id, chatKeysOf(row));
      this.#compiled = { config, account, rules: rulesFor(config, account, commandNames, boundTo) };
    }
    return this.#compiled;
  }
}
