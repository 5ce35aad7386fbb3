import { ok, type Result, type TapbackError } from "../platform/index.js";
import { refuse } from "./refuse.js";

/** One way to name an option of a poll. */
export type Vote = { id: string } | { index: number } | { text: string };

/** Options as imsg reports them with the poll's row (protocol reference 4.5). */
function optionsOf(poll: Record<string, unknown> | undefined): { id: string; text: string }[] {
  const options = Array.isArray(poll?.options) ? poll.options : [];
  return options.flatMap((option: { id?: unknown; text?: unknown }) =>
    typeof option?.id === "string" && typeof option.text === "string"
      ? [{ id: option.id, text: option.text }]
      : [],
  );
}

/**
 * The vote for an option by its text, number or id. It goes by id where the poll is known: builds before 0.14 take
 * nothing else.
 * @param poll as its row tells of it; undefined when the row is not known
 * @returns `ACTION_PARAMETERS` when no option is named, or one that this poll does not have
 */
export function voteFor(
  given: { option?: string | undefined; optionId?: string | undefined; optionIndex?: number | undefined },
  poll: Record<string, unknown> | undefined,
): Result<Vote, TapbackError> {
  const options = optionsOf(poll);
  const { optionId, option } = given;
  const wanted = option?.trim().toLowerCase();
  if (optionId === undefined && given.optionIndex === undefined && wanted === undefined)
    return refuse("poll-vote needs option, optionId or optionIndex");
  const isNumber = wanted !== undefined && /^\d+$/.test(wanted);
  const found =
    options.find(({ id, text }) => id === (optionId ?? option) || text.trim().toLowerCase() === wanted) ??
    options[(given.optionIndex ?? (isNumber ? Number(wanted) : 0)) - 1];
  if (found) return ok({ id: found.id });
  if (options.length > 0) {
    const named = optionId ?? given.optionIndex ?? option;
    return refuse(`this poll has no option ${named}; it has ${options.map(({ text }) => text).join(", ")}`);
  }
  if (optionId !== undefined) return ok({ id: optionId });
  const index = given.optionIndex ?? (isNumber ? Number(wanted) : undefined);
  return ok(index === undefined ? { text: option! } : { index });
}
