/** Writes a message's id in the journal as the short id that agents use (behaviour 11.2). */
export function sidOf(id: number): string {
  return id.toString(36);
}
