import type { Question, QuestionOption } from "../../store/index.js";
import { choiceLine } from "./choices.js";

/** What somebody answers with. */
export type Given =
  | string
  /** A tapback; of a keycap its number. */
  | { kind: string; added: boolean; number?: number }
  /** A vote in the poll that asks, by the text of its option; `option` is its id in Messages. */
  | { vote: string; option: string; added: boolean };

/** Words that allow and refuse. */
const yes = ["allow", "yes", "y", "ok", "approve"];
const no = ["deny", "no", "n", "reject"];

/**
 * Which choice of a permission request (behaviour 6.5) or of an agent's own question (18.2) an answer means: its number or its
 * keycap, its own words, or yes or no where there is such a choice.
 * @returns `deny` where nothing but a refusal fits; undefined when it is no answer
 */
export function chosenIn(
  { kind, options }: Pick<Question, "kind" | "options">,
  given: Given,
): QuestionOption | "deny" | undefined {
  if (typeof given !== "string") {
    if ("vote" in given) return options.find((option) => choiceLine(option) === given.vote);
    if (given.number !== undefined) return options[given.number - 1];
    return chosenIn({ kind, options }, given.kind === "like" ? "yes" : "no");
  }
  const text = plain(given);
  // The refusal that is added where the agent offers none has no id, which nobody names by saying nothing.
  if (text === "") return undefined;
  const isNumber = /^\d+$/.test(text);
  const placed = isNumber ? options[Number(text) - 1] : undefined;
  const named =
    placed ??
    options.find(({ name, id }) => plain(name) === text || (!isNumber && id.toLowerCase() === text));
  if (isNumber) return named;
  if (named || kind === "ask") return named ?? sameIn(options, text);
  const of = (kind: QuestionOption["kind"]) => options.find((option) => option.kind === kind);
  if (yes.includes(text)) return of("allow_once");
  if (["always", "allow always"].includes(text)) return of("allow_always");
  return no.includes(text) ? (of("reject_once") ?? "deny") : undefined;
}

/** Yes and no in other words. */
function sameIn(options: QuestionOption[], text: string): QuestionOption | undefined {
  const same = [yes, no].find((words) => words.includes(text)) ?? [];
  const meant = options.filter(({ name }) => same.includes(plain(name)));
  return meant.length === 1 ? meant[0] : undefined;
}

/** In lower case, without what ends a sentence. */
function plain(text: string): string {
  const all = text.trim().toLowerCase();
  let end = all.length;
  while (end > 0 && ".)!".includes(all[end - 1]!)) end--;
  return all.slice(0, end);
}
