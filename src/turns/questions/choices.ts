import type { PermissionOption } from "../../agents/index.js";

/** Most choices that have a number of one digit. */
const maxChoices = 9;
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
export function choiceLine({ name, kind }: PermissionOption): string {
  return kind.endsWith("_always") ? `${name} (lasting)` : name;
}
