import { chunkText } from "../../../src/outbound/chunk.js";

/** Longest message of the scenarios, so that an answer of three lines becomes several. */
export const chunkLimit = 40;

/** What messages ask for by their second word: `q7 plain`, `q7 parts`, … */
export const kinds = ["plain", "plain", "parts", "same", "silent"] as const;
export type Kind = (typeof kinds)[number];

/** The recording agents' answer to a message: a function of its text alone. */
export function replyTo(text: string): string {
  const [name = "", kind = "plain"] = text.split(" ");
  switch (kind) {
    case "parts":
      return [1, 2, 3].map((part) => `answer to ${name}, and this is part ${part}`).join("\n");
    // Several messages of one chat get the very same answer: only counting tells them apart.
    case "same":
      return "ok";
    case "silent":
      return "";
    default:
      return `answer to ${name}`;
  }
}

/** The bubbles that a message must lead to. */
export function bubblesFor(text: string): string[] {
  return chunkText(replyTo(text), { limit: chunkLimit, mode: "length" });
}
