import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Clock, errnoOf, writeFileAtomic } from "../platform/index.js";

/** How long an address opens the console, milliseconds. */
const addressMs = 10 * 60_000;
/** How long a browser stays in, milliseconds. */
const stayMs = 7 * 24 * 3600_000;
/** Addresses that are good at a time; the oldest makes room. */
const mostAddresses = 16;
const keyBytes = 32;
/** Of the secret of an address, which has to fit into a line of a terminal. */
const secretBytes = 16;

/**
 * Who is let into the console (behaviour 19.2): a browser that was opened with an address of `tapback console`, which works once. It
 * then stays in by a cookie that this gateway signed, over restarts too; its key is in the state folder, for this user alone.
 */
export class Entrance {
  /** Hashes of the secrets of addresses, with the time until which they are good. */
  readonly #addresses = new Map<string, number>();
  #key: Buffer | undefined;

  constructor(
    private readonly stateDir: string,
    private readonly clock: Clock,
  ) {}

  /** Makes the secret of an address. */
  invite(): string {
    const secret = randomBytes(secretBytes).toString("base64url");
    this.#addresses.set(hashOf(secret), this.clock.now() + addressMs);
    for (const old of [...this.#addresses.keys()].slice(0, -mostAddresses)) this.#addresses.delete(old);
    return secret;
  }

  /** Uses the secret of an address up. @returns the value of the cookie, and how long it is good, seconds; undefined where it is not good */
  enter(secret: string): { cookie: string; seconds: number } | undefined {
    const hash = hashOf(secret);
    const goodUntil = this.#addresses.get(hash);
    this.#addresses.delete(hash);
    if (goodUntil === undefined || goodUntil <= this.clock.now()) return undefined;
    const facts = `${this.clock.now() + stayMs}.${randomBytes(16).toString("base64url")}`;
    return { cookie: `${facts}.${this.#sign(facts)}`, seconds: stayMs / 1000 };
  }

  /**
   * What the cookie is called. Browsers keep cookies by host and not by port, so that gateways behind one host (a second one, a demo,
   * one at the other end of a tunnel) would put each other's out under one name. It comes of the key, which no other gateway has.
   */
  get cookieName(): string {
    return `tapback_console_${this.#sign("name").slice(0, 8)}`;
  }

  /** Whether a cookie is one of ours, and still good. */
  isIn(cookie: string | undefined): boolean {
    const [, facts, until, signature] = /^((\d{1,15})\.[\w-]{22})\.([\w-]{43})$/.exec(cookie ?? "") ?? [];
    if (facts === undefined) return false;
    const isOurs = timingSafeEqual(Buffer.from(signature!), Buffer.from(this.#sign(facts)));
    return isOurs && Number(until) > this.clock.now();
  }

  /** Puts every browser out, and makes every address void. */
  closeToAll(): void {
    this.#addresses.clear();
    this.#key = this.#makeKey();
  }

  #sign(facts: string): string {
    this.#key ??= this.#readKey() ?? this.#makeKey();
    return createHmac("sha256", this.#key).update(facts).digest("base64url");
  }

  get #keyFile(): string {
    return join(this.stateDir, "console.key");
  }

  /** What is no key of ours is replaced by one. */
  #readKey(): Buffer | undefined {
    try {
      const key = Buffer.from(readFileSync(this.#keyFile, "utf8").trim(), "base64url");
      return key.length === keyBytes ? key : undefined;
    } catch (error) {
      if (errnoOf(error) === "ENOENT") return undefined;
      throw error;
    }
  }

  #makeKey(): Buffer {
    const key = randomBytes(keyBytes);
    writeFileAtomic(this.#keyFile, `${key.toString("base64url")}\n`);
    return key;
  }
}

function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
