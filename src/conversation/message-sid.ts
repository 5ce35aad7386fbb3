/** A journal id as the short id of a message that agents use (behaviour 11.2). */
export function sidOf(id: number): string {
  return id.toString(36);
}
