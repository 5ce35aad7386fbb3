import { createHash, randomBytes, randomInt, timingSafeEqual } from "node:crypto";
import type { Token } from "../store/index.js";

/** Names the token; the rest is 256 random bits. */
const form = /^tapback_([a-z0-9]{12})_[A-Za-z0-9_-]{43}$/;
const letters = "abcdefghijklmnopqrstuvwxyz0123456789";

/** @returns a secret, which nothing keeps, with what is kept of it */
export function newSecret(): { secret: string } & Pick<Token, "id" | "hash"> {
  const id = Array.from({ length: 12 }, () => letters[randomInt(letters.length)]).join("");
  const secret = `tapback_${id}_${randomBytes(32).toString("base64url")}`;
  return { secret, id, hash: digestOf(secret).toString("hex") };
}

/** @returns the id of the token that a secret names; undefined for what is no secret */
export function idIn(secret: string): string | undefined {
  return form.exec(secret)?.[1];
}

/** Whether a secret is this token's, told in a time that says nothing about how much of it is right. */
export function isSecretOf(secret: string, { hash }: Pick<Token, "hash">): boolean {
  const kept = Buffer.from(hash, "hex");
  const given = digestOf(secret);
  return kept.length === given.length && timingSafeEqual(kept, given);
}

function digestOf(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}
