import { isDeepStrictEqual } from "node:util";
import { checkSource } from "../check/check.js";
import { valueAt } from "../check/issues.js";
import { setIn } from "../edit/model.js";
import { type ConfigPath, formatPath, parsePath } from "../path.js";
import { type Config, configSchema } from "../schema/config.js";
import { describeType } from "../schema/describe.js";
import { bare, definitionOf, schemaAt } from "../schema/walk.js";
import { closedValues, isTree, type Move, neverMentioned, type ReportEntry, type Tree } from "./moves.js";
import { literally, missingIn, standIns, whyUnset } from "./variables.js";
import { whyUnknown } from "./why-unknown.js";

/** How often values are left out, or tried with another text. Each round may make another value invalid for the next one. */
const rounds = 25;

/**
 * Puts values where they go, as far as our schema takes them, and leaves out the rest with the reason, until what
 * there is is a valid configuration.
 * @param env for `${NAME}`; a name that it does not have is taken to be there when the gateway runs
 * @returns `filled` is the configuration with a text in the place of each variable, and `checked` what it means
 */
export async function fitMoves(
  moves: readonly Move[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ config: Tree; filled: Tree; checked: Config; report: ReportEntry[] }> {
  const asItWillBe = (move: Trial): Move => {
    const values = standIns(move.value, schemaAt(configSchema, move.to ?? [], undefined), env);
    return { ...move, value: literally(values[move.sample ?? 0] ?? values[0]) };
  };
  let current = each(moves, (move) => fitOne(move, env));
  for (let round = 0; round < rounds; round++) {
    const config = assemble(current);
    const filled = assemble(current.map(asItWillBe));
    const { errors, config: checked } = await checkSource(JSON.stringify(filled), env);
    if (checked !== undefined) return { config, filled, checked, report: reportOf(current) };
    const reasons = errors.map(({ path, message, expected }): Reason => {
      const place = holderOf(config, path);
      const value = valueAt(config, place);
      const unset = typeof value === "string" ? missingIn(value, env) : [];
      const why = expected === null ? message : `${message}; expected ${expected}`;
      return unset.length > 0 ? { path: place, why: whyUnset(unset), isGuess: true } : { path: place, why };
    });
    current = each(current, (move) => {
      const { to } = move;
      if (to === undefined) return [move];
      const around = reasons.find(({ path }) => startsWith(to, path));
      const inside = reasons.filter(({ path }) => startsWith(path, to));
      // The text that stood for a variable may have been of the wrong kind.
      if ([around, ...inside].some((reason) => reason?.isGuess)) {
        const sample = (move.sample ?? 0) + 1;
        if (standIns(move.value, schemaAt(configSchema, to, undefined), env).length > sample)
          return [{ ...move, sample }];
      }
      if (around !== undefined) return [leftOut(move, around.why)];
      return inside.length === 0 ? [move] : withoutItems(move, inside);
    });
  }
  const nothing = { config: {}, filled: {}, checked: (await checkSource("{}", env)).config! };
  return { ...nothing, report: reportOf(current.map((move) => ({ ...move, to: undefined }))) };
}

/** A move with the number of the texts of {@link standIns} that it is tried with; absent: the first. */
type Trial = Move & { sample?: number };

/** What is wrong, and where in ours. */
interface Reason {
  path: ConfigPath;
  why: string;
  /** It is wrong with a text that stands for a variable. */
  isGuess?: true;
}

/** What narrows a binding: what were left without it would answer more people. */
const narrowing = /^bindings\.\d+\.match\.(accountId|peer|peer\.kind|peer\.id)$/;

/** Changes each move, and leaves out a binding whole where a part that narrows it is left out. */
function each(moves: readonly Trial[], change: (move: Trial) => Trial[]): Trial[] {
  const changed = moves.map((move) => ({ move, after: change(move) }));
  const gone = new Map<unknown, string | undefined>();
  for (const { move, after } of changed)
    if (narrowing.test(move.to?.join(".") ?? "") && after.every(({ to }) => to === undefined))
      gone.set(move.to![1], after[0]?.why);
  return closeGaps(
    changed.flatMap(({ move: { from, to, value }, after }): Trial[] => {
      if (to?.[0] !== "bindings" || !gone.has(to[1])) return after;
      const why = gone.get(to[1]);
      const binding = from.slice(0, from.length - to.length + 2);
      return [{ from: binding, to: undefined, value, ...(why !== undefined && { why }) }];
    }),
  );
}

/**
 * What stands for a list that is lost whole: without one, another list or none would say who is let in or an owner, or every message
 * would count as a mention.
 */
const closedLists: Readonly<Record<string, readonly string[]>> = {
  allowFrom: [],
  groupAllowFrom: [],
  ownerAllowFrom: [],
  mentionPatterns: [neverMentioned],
};

function closedList({ to, value }: Move): readonly string[] | undefined {
  const key = String(to?.at(-1));
  const isSaid = !Array.isArray(value) || value.length > 0;
  return isSaid && Object.hasOwn(closedLists, key) ? closedLists[key] : undefined;
}

/** Leaves a value out, or puts what closes in its place. */
function leftOut(move: Move, why: string): Move {
  const closed = closedList(move);
  return closed === undefined || isDeepStrictEqual(closed, move.value)
    ? { ...move, to: undefined, why }
    : { ...move, value: closed, why: `${why}; closed until you decide` };
}

/** Leaves the wrong entries of a list out, or the whole list where no other entry is left. */
function withoutItems(move: Move, wrong: readonly { path: ConfigPath; why: string }[]): Move[] {
  if (!Array.isArray(move.value)) return [leftOut(move, wrong[0]!.why)];
  const reasons = new Map(wrong.map(({ path, why }) => [Number(path[move.to!.length]), why]));
  const value = move.value.filter((_, index) => !reasons.has(index));
  const closed = closedList(move);
  if (value.length === 0 && closed === undefined) return [leftOut(move, wrong[0]!.why)];
  const dropped = [...reasons].map(
    ([index, why]): Move => ({
      from: [...move.from, index],
      to: undefined,
      value: (move.value as unknown[])[index],
      why,
    }),
  );
  if (value.length > 0) return [{ ...move, value }, ...dropped];
  return [{ ...move, value: closed, why: "nothing of it is left; closed until you decide" }, ...dropped];
}

/** Leaves a value out whose field we do not have, or which its field does not take. */
function fitOne(move: Move, env: Readonly<Record<string, string | undefined>>): Move[] {
  const { to } = move;
  if (to === undefined) return [move];
  const schema = schemaAt(configSchema, to, undefined);
  if (schema === undefined) return [{ ...move, to: undefined, why: whyUnknown(to) }];
  // The values of an object are moves of their own, so an object that is a move is an empty one.
  const isHolder = isTree(move.value) && ["object", "record"].includes(definitionOf(bare(schema)).type);
  const key = String(to.at(-1));
  const closed = to[0] === "channels" && Object.hasOwn(closedValues, key) ? closedValues[key] : undefined;
  // What a variable holds is known when the gateway runs; who may talk has to be known now.
  const value = closed === undefined ? standIns(move.value, schema, env)[0] : move.value;
  if (isHolder || schema.safeParse(value).success) return [move];
  const why = `this value is not taken here; expected ${describeType(schema)}`;
  if (closed !== undefined) return [{ ...move, value: closed, why: `${why}; closed until you decide` }];
  if (!Array.isArray(value)) return [leftOut(move, why)];
  const wrong = value.flatMap((item, index) =>
    schema.safeParse([item]).success ? [] : [{ path: [...to, index], why }],
  );
  return wrong.length === 0 ? [leftOut(move, why)] : withoutItems(move, wrong);
}

/** Puts the values where they go. */
function assemble(moves: readonly Move[]): Tree {
  const config: Tree = {};
  for (const { to, value } of moves) {
    if (to === undefined) continue;
    // Of two values for one field the one that was translated first holds: the channel's own before a general one.
    if (valueAt(config, to) === undefined) setIn(config, to, structuredClone(value));
  }
  return config;
}

/** Moves entries of lists up where an entry before them was left out. */
function closeGaps<M extends Move>(moves: readonly M[]): M[] {
  const places = new Map<string, Set<number>>();
  const eachPlace = (path: ConfigPath, visit: (list: string, place: number, position: number) => void) => {
    for (const [position, part] of path.entries())
      if (typeof part === "number") visit(JSON.stringify(path.slice(0, position)), part, position);
  };
  for (const { to = [] } of moves)
    eachPlace(to, (list, place) => void places.set(list, (places.get(list) ?? new Set()).add(place)));
  return moves.map((move) => {
    if (move.to === undefined) return move;
    const to = [...move.to];
    eachPlace(move.to, (list, place, position) => {
      to[position] = [...places.get(list)!].filter((other) => other < place).length;
    });
    return { ...move, to };
  });
}

/**
 * @returns what has to be left out to end an error: the field, or where it is missing, the object that should have it
 */
function holderOf(config: Tree, path: string): ConfigPath {
  const parsed = parsePath(path);
  let place: ConfigPath = parsed.ok ? parsed.value : [];
  while (place.length > 1 && valueAt(config, place) === undefined) place = place.slice(0, -1);
  return place;
}

function startsWith(path: ConfigPath, prefix: ConfigPath): boolean {
  return prefix.length <= path.length && prefix.every((part, index) => String(part) === String(path[index]));
}

/**
 * Writes the report, one line per key. What was left out for one reason is told once, at the highest place that went
 * whole.
 */
function reportOf(moves: readonly Move[]): ReportEntry[] {
  // A quiet move is told only where it had to be left out.
  const told = moves.filter(({ quiet, to }) => !quiet || to === undefined);
  const holders = new Map<string, Move>();
  const report = told.map((move): ReportEntry => {
    const { from, to, why, aside } = move;
    const key = formatPath(from);
    const mark = aside ? { aside } : {};
    if (to === undefined)
      return { key, action: "dropped", why: why ?? "it has no counterpart here", ...mark };
    const target = formatPath(to);
    const holder = holders.get(target) ?? move;
    holders.set(target, holder);
    if (!isDeepStrictEqual(holder.value, move.value))
      return { key, action: "dropped", why: `${formatPath(holder.from)} says something else, and holds` };
    if (target === key && why === undefined) return { key, action: "kept", to: target };
    if (why === undefined)
      return { key, action: "translated", to: target, why: "it stands elsewhere here", aside: true };
    return { key, action: "translated", to: target, why, ...mark };
  });
  const seen = new Set<string>();
  return report.filter(({ key, action, to }) => {
    const line = `${key} ${action} ${to}`;
    return !seen.has(line) && seen.add(line);
  });
}
