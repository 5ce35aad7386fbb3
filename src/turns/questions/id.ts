import { randomBytes } from "node:crypto";

/** Letters and digits that are not mistaken for each other. */
const alphabet = "abcdefghjkmnpqrstuvwxyz23456789";

/** The name of a question or a draft, as people type it: four letters or digits, drawn anew where it is taken. */
export function newId(): string {
  return [...randomBytes(4)].map((byte) => alphabet[byte % alphabet.length]).join("");
}
