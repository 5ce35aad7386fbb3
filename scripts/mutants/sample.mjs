// Chooses mutants by a seed.
import { weights } from "./rooms.mjs";

/** Numbers from 0 to 1, the same ones for the same seed (the generator is called mulberry32). */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * Draws without putting back, one mutant of a place at most, each kind by its weight: the largest of `random ^ (1 / weight)`
 * (Efraimidis and Spirakis, "Weighted random sampling with a reservoir", 2006).
 * @param mutants of a room
 * @param count how many are wanted
 * @param random 0 to 1
 */
export function drawn(mutants, count, random) {
  const places = new Set();
  return mutants
    .map((mutant) => ({ mutant, key: random() ** (1 / (weights.get(mutant.kind) ?? 1)) }))
    .sort((a, b) => b.key - a.key)
    .map(({ mutant }) => mutant)
    .filter(({ file, start, end }) => {
      const place = `${file}:${start}:${end}`;
      return !places.has(place) && places.add(place);
    })
    .slice(0, count);
}
