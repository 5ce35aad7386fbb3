import { TapbackError } from "../platform/index.js";
import type { Token, TokenScope } from "../store/index.js";
import type { ApiDeps } from "./deps.js";
import { RateLimits } from "./rate-limits.js";
import { scopeMissing } from "./refusals.js";
import { idIn, isSecretOf } from "./secret.js";

/** The time of the last use is kept so exactly, milliseconds: reading costs no write. */
const usedWithinMs = 60_000;
/** So that a wrong name takes as long as a wrong secret. */
const nobody = { hash: "0".repeat(64) };

/** A token that was used too often. */
export class TooOften extends TapbackError {
  /** @param seconds until the next request is taken */
  constructor(readonly seconds: number) {
    super("RATE_LIMITED", "the token was used too often within a minute", { retryable: true });
  }
}

/** Says who asks, before anything else is looked at. */
export class Gate {
  readonly #limits = new RateLimits();

  constructor(private readonly deps: Pick<ApiDeps, "store" | "clock">) {}

  /**
   * Finds the token of a request, and counts it.
   * @param authorization the header
   * @throws `TOKEN_REFUSED`, the same for every token that is not good; `RATE_LIMITED` as {@link TooOften}
   */
  async admit(authorization: string | null): Promise<Token> {
    const { store, clock } = this.deps;
    const secret = /^Bearer +(\S+) *$/i.exec(authorization ?? "")?.[1] ?? "";
    const id = idIn(secret);
    const token = id === undefined ? undefined : await store.tokens.find(id);
    const at = clock.now();
    const isRight = isSecretOf(secret, token ?? nobody);
    if (!token || !isRight || (token.expiresAt !== undefined && token.expiresAt <= at))
      throw new TapbackError("TOKEN_REFUSED", "the request has no token that is good");
    const wait = this.#limits.take(token, at);
    if (wait > 0) throw new TooOften(wait);
    if (token.usedAt === undefined || at - token.usedAt >= usedWithinMs) await this.#note(token, at);
    return token;
  }

  /** Whether a token that was let in is good still: somebody who waits for long asks before anything is told. */
  async isGood({ id, hash }: Token): Promise<boolean> {
    const { store, clock } = this.deps;
    const token = await store.tokens.find(id);
    return token?.hash === hash && (token.expiresAt === undefined || token.expiresAt > clock.now());
  }

  /** @throws `SCOPE_MISSING` */
  checkScope(token: Token, scope: TokenScope | undefined): void {
    if (scope === undefined || token.scopes.includes(scope)) return;
    throw scopeMissing(scope);
  }

  /** A full disk keeps nobody from reading. */
  async #note({ id }: Token, at: number): Promise<void> {
    await this.deps.store.tokens.used(id, at).catch(() => {});
  }
}
