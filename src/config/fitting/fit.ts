import { isDeepStrictEqual } from "node:util";
import { checkSource } from "../check/check.js";
import { valueAt } from "../check/issues.js";
import { setIn } from "../edit/model.js";
import { type ConfigPath, formatPath, parsePath } from "../path.js";
import { type Config, configSchema } from "../schema/config.js";
import { describeType } from "../schema/describe.js";
import { bare, definitionOf, schemaAt } from "../schema/walk.js";
import { closedValues, isTree, type Move, neverMentioned, type ReportEntry, type Tree } from "./moves.js";
import { literally, standIn } from "./variables.js";
import { whyUnknown } from "./why-unknown.js";

/** How often values are left out. Each round may make another value invalid, which the next one leaves out. */
const rounds = 20;

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
  const asItWillBe = (move: Move): Move => ({
    ...move,
    value: literally(standIn(move.value, schemaAt(configSchema, move.to ?? [], undefined), env)),
  });
  let current = closeGaps(moves.flatMap((move) => fitOne(move, env)));
  for (let round = 0; round < rounds; round++) {
    const config = assemble(current);
    const filled = assemble(current.map(asItWillBe));
    const { errors, config: checked } = await checkSource(JSON.stringify(filled), env);
    if (checked !== undefined) return { config, filled, checked, report: reportOf(current) };
    const reasons = errors.map(({ path, message, expected }) => ({
      path: holderOf(config, path),
      why: expected === null ? message : `${message}; expected ${expected}`,
    }));
    current = closeGaps(
      current.flatMap((move) => {
        const { to } = move;
        if (to === undefined) return [move];
        const around = reasons.find(({ path }) => startsWith(to, path));
        if (around !== undefined) return [leftOut(move, around.why)];
        const inside = reasons.filter(({ path }) => startsWith(path, to));
        return inside.length === 0 ? [move] : withoutItems(move, inside);
      }),
    );
  }
  const nothing = { config: {}, filled: {}, checked: (await checkSource("{}", env)).config! };
  return { ...nothing, report: reportOf(current.map((move) => ({ ...move, to: undefined }))) };
}

/**
 * What stands for a list that is lost whole: without one, another list or none would say who is let in, or every message
 * would count as a mention.
 */
const closedLists: Readonly<Record<string, readonly string[]>> = {
  allowFrom: [],
  groupAllowFrom: [],
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
  const value = closed === undefined ? standIn(move.value, schema, env) : move.value;
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
function closeGaps(moves: readonly Move[]): Move[] {
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
