import type { Row, World } from "../world/world.js";

/**
 * What imsg says of an edited or unsent message since 0.19.0. Nobody has seen the fields' names (protocol reference 25): two
 * plausible shapes are played.
 */
export function changeFields(
  world: World,
  { was_edited, was_unsent, edited_at }: Row,
): Record<string, unknown> {
  if (was_edited !== 1) return {};
  const at = new Date(Number(edited_at)).toISOString();
  const isUnsent = was_unsent === 1;
  if (world.settings().unseen === "second")
    return isUnsent ? { retracted: true, retracted_at: at } : { edited_at: at };
  return isUnsent ? { is_unsent: true, date_retracted: at } : { is_edited: true, date_edited: at };
}
