// Put into the copy of the sources: tells whether a mutant is on, and remembers which were asked for.
const active = process.env.MUTANT;
const reached = new Set();
globalThis.__reachedMutants = reached;

export function isOn(id) {
  reached.add(id);
  return id === active;
}
