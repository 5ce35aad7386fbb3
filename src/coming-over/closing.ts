import { isDeepStrictEqual } from "node:util";
import { listOf, type Move, type Tree, treeOf } from "../config/fitting/index.js";
import { type ConfigPath, normalizeId } from "../config/index.js";
import { normalizeHandle } from "../conversation/index.js";
import type { Change } from "./compare.js";
import type { Rules } from "./probe.js";
import type { Question } from "./probes.js";

const target: ConfigPath = ["channels", "imessage"];
const why = "as it stood it would let in whom it did not let in there; closed until you decide";

const nobodyWas =
  "nobody was answered here there: of several agents no binding named one, or it named one that is not there; set it to true once a binding or a default agent says who answers";

/** What closings are made from. */
export interface ClosingOptions {
  /** Ours, as it is written now: what is copied out of it keeps its variables. */
  config: Tree;
  /** What is written for those whom a variable names, by sender. */
  written: ReadonlyMap<string, string>;
  /** Where the channel's block stands in the other file. */
  from: ConfigPath;
  before: Rules;
  questions: readonly Question[];
  /** Whether it is the last try: an account that still lets in too many is not served at all. */
  isLast: boolean;
}

/**
 * Finds settings that close what would be open here and was not there. What cannot be closed without shutting out
 * everybody else stays, to be told.
 * @returns values that come before all others
 */
export function closings(opened: readonly Change[], options: ClosingOptions): Move[] {
  const accounts = new Map<string, Change[]>();
  for (const change of opened)
    accounts.set(change.question.account, [...(accounts.get(change.question.account) ?? []), change]);
  return [...accounts].flatMap(([account, changes]) => closeAccount(account, changes, options));
}

function closeAccount(account: string, changes: readonly Change[], options: ClosingOptions): Move[] {
  const { config, from } = options;
  const block = treeOf(treeOf(config.channels).imessage);
  const written = Object.entries(treeOf(block.accounts));
  const [key, overrides] = written.find(([id]) => normalizeId(id) === account) ?? [];
  const at = key === undefined ? target : [...target, "accounts", key];
  const set = (to: ConfigPath, value: unknown, reason = why): Move => ({ from, to, value, why: reason });
  const own = options.questions.filter((question) => question.account === account);
  if (own.every((question) => options.before.ask(question).kind === "refused"))
    return [set([...at, "enabled"], false, nobodyWas)];
  if (options.isLast) return [set([...at, "enabled"], false)];
  const settings = { ...block, ...treeOf(overrides) };
  const direct = changes.filter(({ question }) => question.place.kind === "direct");
  const groups = changes.filter(({ question }) => question.place.kind !== "direct");
  const isNumbered = groups.every(
    ({ question }) => question.place.kind !== "group" || question.place.key !== undefined,
  );
  const ownsGroups = isNumbered && (treeOf(overrides).groups !== undefined || written.length < 2);
  const closed = direct.length > 0 ? closeDirect(account, settings, options) : [];
  return [
    ...closed.map(([to, value]) => set([...at, ...to], value)),
    ...(makesOwner(closed, settings, config)
      ? [
          set(
            ["commands", "ownerAllowFrom"],
            [],
            "who is left alone in a list that is closed would be an owner by it",
          ),
        ]
      : []),
    ...(groups.length === 0
      ? []
      : ownsGroups
        ? closeGroups(groups, treeOf(settings.groups)).map(([to, value]) =>
            set([...(treeOf(overrides).groups === undefined ? target : at), "groups", ...to], value),
          )
        : [set([...at, "groupPolicy"], "disabled")]),
  ];
}

/** Lists those who were answered in direct chats, in the place of whatever lets in more. */
function closeDirect(
  account: string,
  settings: Tree,
  { before, questions, written }: ClosingOptions,
): [ConfigPath, unknown][] {
  const own = questions.filter((one) => one.account === account && one.place.kind === "direct");
  const stranger = own.find(({ person }) => person === undefined);
  const outcome = stranger && before.ask(stranger).kind;
  // Everybody was answered but those few, and no list can say so.
  if (outcome === "answered") return [];
  const people = own.flatMap((one) =>
    one.person !== undefined && before.ask(one).kind === "answered"
      ? [written.get(one.person) ?? one.person]
      : [],
  );
  const list: [ConfigPath, unknown][] =
    settings.groupAllowFrom === undefined ? [[["groupAllowFrom"], settings.allowFrom ?? []]] : [];
  const policy = outcome === "code" ? "pairing" : "allowlist";
  return [...list, [["dmPolicy"], policy], [["allowFrom"], [...new Set(people)]]];
}

/** Whether somebody who was not becomes an owner, by being the one sender of a list (behaviour 12). */
function makesOwner(closed: readonly [ConfigPath, unknown][], settings: Tree, { commands }: Tree): boolean {
  const formsOf = (list: unknown) => listOf(list).map((entry) => normalizeHandle(String(entry)));
  const people = formsOf(closed.find(([to]) => to[0] === "allowFrom")?.[1]);
  const isOwned = treeOf(commands).ownerAllowFrom !== undefined;
  return people.length === 1 && !isOwned && !isDeepStrictEqual(formsOf(settings.allowFrom), people);
}

/** Asks for a mention where that is all that is missing, and else closes the group. */
function closeGroups(changes: readonly Change[], groups: Tree): [ConfigPath, unknown][] {
  const places = new Map<string, Change[]>();
  for (const change of changes) {
    const { place } = change.question;
    const key = place.kind === "group" ? place.key! : "*";
    places.set(key, [...(places.get(key) ?? []), change]);
  }
  return [...places].flatMap(([key, own]): [ConfigPath, unknown][] => {
    const asksAlready = (treeOf(groups[key]).requireMention ?? treeOf(groups["*"]).requireMention) !== false;
    const setting: [ConfigPath, unknown] =
      own.every(({ question }) => question.isPlain) && !asksAlready
        ? [[key, "requireMention"], true]
        : [[key, "enabled"], false];
    // A first entry would shut out all other groups.
    return Object.keys(groups).length === 0 && key !== "*" ? [setting, [["*"], {}]] : [setting];
  });
}
