/** @returns the id of an agent or account in the form in which ids are compared: lower case, `-` for what is not a letter or digit (behaviour 5.1) */
export function normalizeId(id: string): string {
  return id
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "-");
}
