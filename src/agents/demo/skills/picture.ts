import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { encodePng } from "../png.js";
import { type Skill, say } from "../skill.js";

const size = 240;

/** Paints a picture and sends it, to show how files go out. */
export const picture: Skill = {
  examples: ["send me a picture"],
  async answer({ plain }, { turn }) {
    const asked = /^(?:please )?(?:send|show|paint|draw)(?: me)?(?: a| the)? (?:picture|photo|image|sunset)$/;
    if (!asked.test(plain)) return undefined;
    const folder = turn.temporaryFolder;
    if (folder === undefined) return say("There is no place here to paint one.");
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, "sunset.png");
    await writeFile(path, encodePng(size, size, sunset));
    return { text: "", media: [path] };
  },
};

/** The colour of a pixel of a sun over the sea; red, green and blue of 0 to 255. */
function sunset(x: number, y: number): [number, number, number] {
  const horizon = size * 0.65;
  if (y > horizon) {
    const glitter = Math.abs(x - size / 2) < 24 && y % 12 < 5;
    return glitter ? [255, 190, 110] : [40, 60 + Math.floor(y / 8), 110];
  }
  if (Math.hypot(x - size / 2, y - horizon) < size / 5) return [255, 214, 120];
  const height = y / horizon;
  return [90 + Math.floor(150 * height), 60 + Math.floor(60 * height), 130 - Math.floor(50 * height)];
}
