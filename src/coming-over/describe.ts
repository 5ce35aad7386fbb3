import { type Tree, treeOf } from "../config/fitting/index.js";
import type { Change } from "./compare.js";

/** Who may talk that could not before, and who no longer may; one line each. */
export interface AccessDifference {
  gained: string[];
  lost: string[];
}

/**
 * Tells changes in lines that name the account, the person and the place.
 * @param names what stands for a handle in the report, e.g. the variable that holds it
 */
export function describe(
  changes: readonly Change[],
  config: Tree,
  names: ReadonlyMap<string, string>,
): AccessDifference {
  const list = treeOf(config.agents).list;
  const several = Array.isArray(list) && list.length > 1;
  const gained = linesOf(
    changes.filter(({ kind }) => kind !== "closed"),
    { names, several },
  );
  const lost = linesOf(
    changes.filter(({ kind }) => kind === "closed"),
    { names, several },
  );
  return { gained, lost };
}

interface Wording {
  names: ReadonlyMap<string, string>;
  /** Whether it has to be said which agent answers. */
  several: boolean;
}

function linesOf(changes: readonly Change[], wording: Wording): string[] {
  const lines = new Map<string, Change[]>();
  const ofEveryone = new Set(changes.filter(({ question }) => question.person === undefined).map(keyOf));
  for (const change of changes) {
    if (change.question.person !== undefined && ofEveryone.has(keyOf(change))) continue;
    const line = lineOf(change, wording);
    lines.set(line, [...(lines.get(line) ?? []), change]);
  }
  return [...lines].map(([line, own]) => `${line}${waysOf(own)}`);
}

/** Who is still answered when they mention the agent, or in another way, has not lost everything. */
function waysOf(changes: readonly Change[]): string {
  if (changes.every(({ question }) => question.isPlain)) return ", without a mention";
  const texts = new Set(changes.map(({ question }) => question.text));
  const isPart =
    texts.size < changes[0]!.question.mentions && !changes.some(({ question }) => question.isPlain);
  return isPart ? `, writing ${[...texts].map((text) => JSON.stringify(text)).join(" or ")}` : "";
}

/** What changes in the same way for everybody is told once. */
function keyOf({ question, before, after }: Change): string {
  const { account, place, text, chat } = question;
  return JSON.stringify([account, place, text, place.kind === "direct" ? "" : chat.guid, before, after]);
}

function lineOf({ question, before, after, kind }: Change, { names, several }: Wording): string {
  const { account, person, place, respelled } = question;
  const isOffer =
    kind === "opened" ? after.kind === "code" : after.kind === "refused" && before.kind === "code";
  if (isOffer && person === undefined) return `${account}: whoever asks is offered a pairing code`;
  const who = person === undefined ? "everyone" : (names.get(person) ?? person);
  const where =
    place.kind === "direct"
      ? "in direct chats"
      : place.kind === "group"
        ? `in group ${place.name}`
        : "in any group";
  const offer = isOffer ? " is offered a pairing code" : "";
  const spelling = respelled === undefined ? "" : ` (${respelled} names the chat under every service here)`;
  return `${account}: ${who} ${where}${offer}${agentOf(before, after, several)}${spelling}`;
}

function agentOf(before: Change["before"], after: Change["after"], several: boolean): string {
  if (after.kind !== "answered") return "";
  if (before.kind === "answered") return `, answered by agent ${after.agent} instead of ${before.agent}`;
  return several ? `, answered by agent ${after.agent}` : "";
}
