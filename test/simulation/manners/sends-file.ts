import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Manner } from "./manner.js";

/** A file goes with its answer. */
export const sendsFile: Manner = {
  name: "sends-file",
  weight: 6,
  act({ turn: { temporaryFolder, attempt }, name }) {
    if (temporaryFolder === undefined) return undefined;
    mkdirSync(temporaryFolder, { recursive: true });
    const path = join(temporaryFolder, `t${name}.${attempt}.txt`);
    writeFileSync(path, `of t${name}`);
    return { files: [path] };
  },
};
