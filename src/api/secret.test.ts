import { expect, it } from "vitest";
import { idIn, isSecretOf, newSecret } from "./secret.js";

it("makes secrets that name their token, of which nothing kept tells anything", () => {
  const [one, other] = [newSecret(), newSecret()];
  expect(one.secret).not.toBe(other.secret);
  expect(idIn(one.secret)).toBe(one.id);
  expect(one.hash).toMatch(/^[0-9a-f]{64}$/);
  expect(one.secret).not.toContain(one.hash);
  expect(isSecretOf(one.secret, one)).toBe(true);
  expect(isSecretOf(other.secret, one)).toBe(false);
  expect(isSecretOf(`${one.secret}x`, one)).toBe(false);
});

it("takes what is no secret for none, and no secret for a hash that is damaged", () => {
  for (const text of ["", "tapback_", "tapback_abc_def", `x${newSecret().secret}`, `${newSecret().secret} `])
    expect(idIn(text), text).toBeUndefined();
  const { secret, hash } = newSecret();
  for (const damaged of ["", "00", hash.slice(2), `${hash}00`])
    expect(isSecretOf(secret, { hash: damaged })).toBe(false);
});
