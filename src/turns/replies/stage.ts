import { maxFiles } from "../../conversation/index.js";
import { type StagedFile, stageBytes, stageFile } from "../../outbound/index.js";
import { ok, type Result, type TapbackError } from "../../platform/index.js";
import type { KeptBlock, ReplyBlock } from "../running/answer.js";

/** What people see of the rest of an answer that is too long for messages. */
export const restName = "answer.txt";

/** Keeps the rest of an answer as a file that waits to be sent. @param folder of files that wait */
export function stageRest(
  rest: string,
  folder: string,
  maxMb: number,
): Promise<Result<StagedFile, TapbackError>> {
  return stageBytes(Buffer.from(rest), restName, folder, maxMb);
}

/**
 * Copies the files of a block as they are now: what is said of them later may find them changed, or gone.
 * @param folder of the turn
 * @param room so many are copied; the rest is more than one answer may have, and is left as it was named
 * @returns the block with the copies, and why files were left out
 */
export async function keepFiles(
  { media = [], ...said }: ReplyBlock,
  folder: string,
  maxMb: number,
  room: number,
): Promise<KeptBlock> {
  const notes: string[] = [];
  const kept: string[] = [];
  for (const [index, path] of media.entries()) {
    const done = index < room ? await stageFile(path, folder, maxMb) : ok({ path });
    if (done.ok) kept.push(done.value.path);
    else notes.push(`${done.error.code}: ${done.error.message}`);
  }
  return { block: kept.length > 0 ? { ...said, media: kept } : said, notes };
}

/**
 * Copies the files of an answer to where they wait to be sent. One that cannot be sent is left out, the text stays.
 * @param folder of files that wait
 * @returns the blocks with the copies, and why files were left out
 */
export async function stageReplies(
  blocks: ReplyBlock[],
  folder: string,
  maxMb: number,
): Promise<{ blocks: ReplyBlock[]; notes: string[] }> {
  const notes: string[] = [];
  let files = 0;
  let left = 0;
  const staged: ReplyBlock[] = [];
  for (const { media = [], ...said } of blocks) {
    const copies: string[] = [];
    for (const path of media) {
      if (++files > maxFiles) {
        left++;
        continue;
      }
      const done = await stageFile(path, folder, maxMb);
      if (done.ok) copies.push(done.value.path);
      else notes.push(`${done.error.code}: ${done.error.message}`);
    }
    staged.push(copies.length > 0 ? { ...said, media: copies } : said);
  }
  if (left > 0) notes.push(`TOO_MANY_FILES: ${left} files beyond the ${maxFiles} of one answer are not sent`);
  return { blocks: staged, notes };
}
