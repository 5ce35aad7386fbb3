import { maxFiles } from "../../conversation/index.js";
import { type StagedFile, stageBytes, stageFile } from "../../outbound/index.js";
import type { Result, TapbackError } from "../../platform/index.js";
import type { ReplyBlock } from "../running/answer.js";

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
