import { readFileSync } from "node:fs";
import { writeFileAtomic } from "../../platform/index.js";
import type { Spell } from "./spells.js";

/** What has to outlive the process, so that each state is told once. */
export interface Kept {
  spells: Spell[];
  /** Accounts whose private API was there once. */
  hadPrivateApi: string[];
}

/**
 * A file beside the database, because one of the states is that the database cannot be written.
 * @returns nothing where there is none, or none that can be read: a state is told again then
 */
export function readSpells(file: string): Kept {
  try {
    const { spells, hadPrivateApi } = JSON.parse(readFileSync(file, "utf8")) as Kept;
    if (Array.isArray(spells) && Array.isArray(hadPrivateApi) && spells.every(isSpell))
      return { spells, hadPrivateApi };
  } catch {
    // The same as none.
  }
  return { spells: [], hadPrivateApi: [] };
}

/** @throws the file system's error; what stood in the file stays */
export function writeSpells(file: string, kept: Kept): void {
  writeFileAtomic(file, `${JSON.stringify(kept, null, 1)}\n`);
}

function isSpell(value: unknown): value is Spell {
  const { trouble, since, score, phase } = (value ?? {}) as Partial<Spell>;
  return (
    typeof trouble?.kind === "string" &&
    typeof trouble.detail === "string" &&
    typeof since === "number" &&
    typeof score === "number" &&
    (phase === "begin-due" || phase === "told" || phase === "end-due")
  );
}
