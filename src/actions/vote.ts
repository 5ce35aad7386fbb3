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
 * @returns undefined when no option is named
 */
export function voteFor(
  given: { option?: string | undefined; optionId?: string | undefined; optionIndex?: number | undefined },
  poll: Record<string, unknown> | undefined,
): Vote | undefined {
  const options = optionsOf(poll);
  if (given.optionId !== undefined) return { id: given.optionId };
  if (given.optionIndex !== undefined) {
    const id = options[given.optionIndex - 1]?.id;
    return id === undefined ? { index: given.optionIndex } : { id };
  }
  if (given.option === undefined) return undefined;
  const wanted = given.option.trim().toLowerCase();
  const found = options.find(({ id, text }) => id === given.option || text.trim().toLowerCase() === wanted);
  if (found) return { id: found.id };
  return /^\d+$/.test(wanted) ? { index: Number(wanted) } : { text: given.option };
}
