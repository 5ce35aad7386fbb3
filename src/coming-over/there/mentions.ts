import type { Tree } from "../../config/fitting/index.js";

/** @returns the expressions that the other systems could use; they passed over the others */
export function writtenPatterns(patterns: readonly unknown[]): RegExp[] {
  return patterns.flatMap((pattern) => {
    try {
      return typeof pattern === "string" ? [new RegExp(pattern, "i")] : [];
    } catch {
      return [];
    }
  });
}

/** The patterns that were made of an agent's identity where none are written: its name between borders, and its emoji. */
export function identityPatterns({ name, emoji }: Tree): RegExp[] {
  const patterns: RegExp[] = [];
  if (typeof name === "string" && name.trim() !== "") {
    const words = name.trim().split(/\s+/).map(quote).join("\\s+");
    patterns.push(new RegExp(`(?:@|(?<![\\p{L}\\p{M}\\p{N}_]))${words}(?![\\p{L}\\p{M}\\p{N}_])`, "iu"));
  }
  if (typeof emoji === "string" && emoji.trim() !== "") patterns.push(new RegExp(quote(emoji.trim()), "iu"));
  return patterns;
}

function quote(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
