import { isTree, type Tree, treeOf } from "../../config/fitting/index.js";
import { normalizeId } from "../../config/index.js";
import type { Traits } from "./traits.js";

/** One account of the other system with what holds for it. */
export interface AccountThere {
  /** As it is compared there. */
  id: string;
  /** As it is compared here; undefined where an account before it has the same id here, which leaves this one out. */
  here: string | undefined;
  settings: Tree;
  groups: Tree;
}

/** @returns the form in which the other systems compare ids of accounts and agents; undefined where nothing is left */
export function idThere(id: string): string | undefined {
  const normal = id
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 64);
  return normal === "" ? undefined : normal;
}

/**
 * Ours keeps the keys as they are written, and compares them in another form: `work_phone` is `work-phone` here, and `Büro`,
 * which was `b-ro` there, is `büro`.
 * @param written ids of all accounts or agents, those that are off among them
 * @returns gives the id here of an id there; undefined where it is another one's
 */
export function idsHere(written: readonly string[]): (there: string) => string | undefined {
  const ids = new Map<string, string>();
  const taken = new Set<string>();
  for (const key of written) {
    const there = idThere(key);
    const here = normalizeId(key);
    if (there === undefined || ids.has(there) || taken.has(here)) continue;
    ids.set(there, here);
    taken.add(here);
  }
  return (there) => {
    const here = normalizeId(there);
    return ids.get(there) ?? (taken.has(here) ? undefined : here);
  };
}

/** @returns our ids of a channel's accounts, by their ids there */
export function accountsHere(block: Tree): (there: string) => string | undefined {
  return idsHere(Object.keys(treeOf(block.accounts)));
}

/** @returns the accounts that were served, those that are off left out */
export function accountsThere(block: Tree, traits: Traits): AccountThere[] {
  const written = treeOf(block.accounts);
  const ids = Object.keys(written).filter((key) => key !== "");
  const isImplicit = traits.implicitDefault && (isNamed(block.cliPath) || isNamed(block.dbPath));
  if (ids.length === 0 || isImplicit) ids.push("default");
  const found = new Map<string, AccountThere>();
  const hereOf = accountsHere(block);
  for (const key of ids) {
    const id = idThere(key) ?? "default";
    const own = treeOf(ownOf(written, id, traits));
    const { accounts: _, ...base } = block;
    const settings = { ...base, ...own };
    if (block.enabled === false || settings.enabled === false) continue;
    const inherits =
      own.groups === undefined ||
      (traits.emptyGroupsInherit &&
        isTree(own.groups) &&
        Object.keys(own.groups).length === 0 &&
        Object.keys(written).length < 2);
    const groups = treeOf(inherits ? block.groups : own.groups);
    if (!found.has(id)) found.set(id, { id, here: hereOf(id), settings, groups });
  }
  return [...found.values()];
}

/** Settings of an account whose key is no id of its own form were not found. */
function ownOf(written: Tree, id: string, { implicitDefault }: Traits): unknown {
  if (Object.hasOwn(written, id)) return written[id];
  const key = implicitDefault ? Object.keys(written).find((one) => one.toLowerCase() === id) : undefined;
  return key === undefined ? undefined : written[key];
}

function isNamed(value: unknown): boolean {
  return typeof value === "string" ? value.trim() !== "" : value !== undefined && value !== null;
}
