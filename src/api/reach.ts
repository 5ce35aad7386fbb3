import { type Config, defaultAccountId, normalizeId, regionOf, resolveAccount } from "../config/index.js";
import type { Target } from "../conversation/index.js";
import { ChatReach } from "../events/index.js";
import type { Store, Token } from "../store/index.js";
import { unknown } from "./refusals.js";

/**
 * What a token reaches (behaviour 20.1). All that it does not reach is not there: neither is told from the other.
 */
export class Reach extends ChatReach {
  constructor(
    token: Pick<Token, "account" | "chats">,
    private readonly config: Config,
    { journal }: Pick<Store, "journal">,
  ) {
    super(token, regionOf(config, token.account ?? defaultAccountId(config)), journal);
  }

  /** The account that a request is about. @param named as it was written @throws `RESOURCE_UNKNOWN` */
  account(named: string | undefined): string {
    const id = named === undefined ? (this.onlyAccount ?? defaultAccountId(this.config)) : normalizeId(named);
    if (!this.hasAccount(id) || !resolveAccount(this.config, id)) throw unknown();
    return id;
  }

  /**
   * Where a send goes that names a target: a token with chats writes to these, as they were named when it was made, and never
   * to what a number or name has come to mean since.
   * @throws `RESOURCE_UNKNOWN`
   */
  async sendTarget(account: string, target: Target): Promise<Target> {
    if (!this.isLimited) return target;
    const own = this.coveringOf(target);
    if (own) return own;
    const [chat] = await this.chatsNamed(account, target);
    const named = chat && this.namesOf(chat);
    if (!named) throw unknown();
    return named;
  }
}
