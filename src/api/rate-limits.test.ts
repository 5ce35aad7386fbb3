import { expect, it } from "vitest";
import { RateLimits } from "./rate-limits.js";

it("takes as many as a minute has, then one after the other, for each token by itself", () => {
  const limits = new RateLimits();
  const [token, neighbour] = [
    { id: "a", perMinute: 6 },
    { id: "b", perMinute: 6 },
  ];
  for (let count = 0; count < 6; count++) expect(limits.take(token, 1000)).toBe(0);
  expect(limits.take(token, 1000)).toBe(10);
  expect(limits.take(neighbour, 1000)).toBe(0);
  expect(limits.take(token, 6000)).toBe(5);
  // A clock that goes back gives nothing, and takes nothing.
  expect(limits.take(token, 5000)).toBe(5);
  expect(limits.take(token, 10_000)).toBe(0);
  expect(limits.take(token, 10_001)).toBe(10);
  for (let count = 0; count < 6; count++) expect(limits.take(token, 10_000_000)).toBe(0);
  expect(limits.take(token, 10_000_000)).toBe(10);
});
