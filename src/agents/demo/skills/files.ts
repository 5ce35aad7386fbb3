import type { EnvelopeAttachment } from "../../../conversation/index.js";
import { count } from "../person.js";
import { type Skill, say } from "../skill.js";

const maxListed = 10;

/** Says what files came with a message that holds nothing else. */
export const files: Skill = {
  examples: [],
  answer({ raw, message }) {
    if (raw !== "" || message.attachments.length === 0) return undefined;
    const lines = message.attachments.slice(0, maxListed).map(describe);
    return say([`I got ${count(message.attachments.length, "file")}:`, ...lines].join("\n"));
  },
};

function describe({ name, mimeType, bytes, path, note }: EnvelopeAttachment): string {
  const why = note === undefined ? "" : `: ${note}`;
  return `- ${name} (${mimeType}, ${size(bytes)})${path === undefined ? `, which I could not open${why}` : ""}`;
}

function size(bytes: number): string {
  if (bytes < 1000) return count(bytes, "byte");
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
