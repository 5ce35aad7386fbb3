import type { EnvelopeMessage } from "../../conversation/index.js";
import type { Said } from "./skill.js";

/** Longest text that is looked at, UTF-16 code units; what follows is cut off. */
const maxLength = 2000;

/** Makes a message easy to match: U+FFFC of attachments and an `@name` in front are taken off. */
export function listen(message: EnvelopeMessage): Said {
  const raw = message.text
    .slice(0, maxLength)
    .replaceAll("\ufffc", "")
    .trim()
    .replace(/^@\S+[,:]?\s+/, "");
  const plain = raw
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[\u201c\u201d]/g, '"')
    .replace(/\s+/g, " ")
    .replace(/[\s.!?]+$/, "")
    .toLowerCase();
  return { raw, plain: plain === "" ? raw : plain, message };
}
