import { isTree, type Tree, treeOf } from "../../config/fitting/index.js";
import type { Traits } from "./traits.js";

/** One account of the other system with what holds for it. */
export interface AccountThere {
  /** Normalised. */
  id: string;
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

/** @returns the accounts that were served, those that are off left out */
export function accountsThere(block: Tree, traits: Traits): AccountThere[] {
  const written = treeOf(block.accounts);
  const ids = Object.keys(written).filter((key) => key !== "");
  const isImplicit = traits.implicitDefault && (isNamed(block.cliPath) || isNamed(block.dbPath));
  if (ids.length === 0 || isImplicit) ids.push("default");
  const found = new Map<string, AccountThere>();
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
    if (!found.has(id)) found.set(id, { id, settings, groups: treeOf(inherits ? block.groups : own.groups) });
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
