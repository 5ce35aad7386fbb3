// Chooses mutants by a seed.
import { createHash } from "node:crypto";
import { weights } from "./rooms.mjs";

/**
 * A number from 0 to 1 for each mutant, by the seed and by what the mutant is: an edit elsewhere moves no other mutant in or
 * out of the sample of a seed, so that two runs of one seed can be compared.
 */
function numbersFor(seed) {
  const seen = new Map();
  return ({ file, kind, original, replacement }) => {
    const what = [file, kind, original, replacement].join("\n");
    const count = seen.get(what) ?? 0;
    seen.set(what, count + 1);
    const hash = createHash("sha256").update(`${seed}\n${count}\n${what}`).digest();
    return hash.readUInt32BE() / 4294967296;
  };
}

/**
 * Draws without putting back, one mutant of a place at most, each kind by its weight: the largest of `random ^ (1 / weight)`
 * (Efraimidis and Spirakis, "Weighted random sampling with a reservoir", 2006).
 * @param mutants of a room
 * @param count how many are wanted
 * @param seed another one gives another sample
 */
export function drawn(mutants, count, seed) {
  const places = new Set();
  const numberOf = numbersFor(seed);
  return mutants
    .map((mutant) => ({ mutant, key: numberOf(mutant) ** (1 / (weights.get(mutant.kind) ?? 1)) }))
    .sort((a, b) => b.key - a.key)
    .map(({ mutant }) => mutant)
    .filter(({ file, start, end }) => {
      const place = `${file}:${start}:${end}`;
      return !places.has(place) && places.add(place);
    })
    .slice(0, count);
}
