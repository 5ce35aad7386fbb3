import type { PermissionOption } from "../../agents/index.js";
import { cutText } from "../../conversation/index.js";
import { showable } from "../../outbound/index.js";
import type { NewOutboxItem, QuestionOption } from "../../store/index.js";

/** Most choices that have a number of one digit. */
const maxChoices = 9;
/** Longest question of a poll, and name of a question in a list, UTF-16 code units. */
export const maxTitle = 120;
const order: PermissionOption["kind"][] = ["allow_once", "reject_once", "allow_always", "reject_always"];

/**
 * The choices of a question in their fixed order (behaviour 6.5): once, no, then the lasting ones; so that a number means the
 * same whatever the agent begins with. Where an agent offers no refusal, one is added: it denies.
 */
export function orderedChoices(options: PermissionOption[]): PermissionOption[] {
  const refusal: PermissionOption[] = options.some(({ kind }) => kind === "reject_once")
    ? []
    : [{ id: "", name: "No", kind: "reject_once" }];
  const all = order.flatMap((kind) => [...options, ...refusal].filter((option) => option.kind === kind));
  // Some agents offer two ways to allow once: the second must not stand where "no" is looked for.
  const first = ["allow_once", "reject_once"].map((kind) => all.find((option) => option.kind === kind));
  const leading = first.filter((option) => option !== undefined);
  return [...leading, ...all.filter((option) => !leading.includes(option))].slice(0, maxChoices);
}

/** A choice as people read it: one that holds for later questions too says so. */
export function choiceLine({ name, kind }: Pick<QuestionOption, "name" | "kind">): string {
  return kind.endsWith("_always") ? `${name} (lasting)` : name;
}

/**
 * The choices of a question as a poll (behaviour 18.2).
 * @returns undefined where a vote would not tell which choice it means
 */
export function pollOf(question: string, options: readonly QuestionOption[]): NewOutboxItem["poll"] {
  const lines = options.map(choiceLine);
  if (new Set(lines).size < lines.length) return undefined;
  return { question: showable(cutText(question, maxTitle)), options: lines };
}
