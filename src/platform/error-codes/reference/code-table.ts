import type { ErrorTexts } from "../error-text.js";

/**
 * Renders words of the reference as a table in Markdown.
 * @param heading of the first column
 * @param texts what stands behind each word
 * @returns its lines
 */
export function codeTable(heading: string, texts: ErrorTexts): string[] {
  return [
    `| ${heading} | what happened | what to do |`,
    "| --- | --- | --- |",
    ...Object.entries(texts).map(
      ([code, { happened, remedy }]) => `| \`${code}\` | ${cell(happened)} | ${cell(remedy)} |`,
    ),
  ];
}

/** Text outside of code may hold what Markdown would take for a tag. */
function cell(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith("`") ? part : part.replace(/</g, "&lt;")))
    .join("")
    .replace(/\|/g, "\\|");
}
