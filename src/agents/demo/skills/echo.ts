import { readableFiles } from "../../envelope-files.js";
import type { Skill } from "../skill.js";

/** Says again what it is given, and sends back files that come with it. */
export const echo: Skill = {
  examples: ["echo hello world"],
  answer({ raw }, { turn }) {
    const said = /^(?:echo|say|repeat)(?: after me)?:?(?: (.+))?$/is.exec(raw);
    const media = readableFiles(turn.envelope).map(({ path }) => path);
    if (said === null || (said[1] === undefined && media.length === 0)) return undefined;
    return { text: said[1] ?? "", borrowed: true, ...(media.length > 0 && { media }) };
  },
};
