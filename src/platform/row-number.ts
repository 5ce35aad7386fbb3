/** Whether a text may be the number of a row of the state: a longer one is none, and some databases take it for a fault. */
export function isRowNumber(text: string): boolean {
  return /^\d{1,15}$/.test(text);
}
