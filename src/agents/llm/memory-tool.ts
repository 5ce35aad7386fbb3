import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { TapbackError, writeFileAtomic } from "../../platform/index.js";
import { memoryFile } from "../memory-file.js";
import { defineTool, type Tool } from "../tools/tool.js";
import { inWorkspace, maxMemory } from "./workspace-texts.js";

/**
 * Writes the memory of a workspace (behaviour 6.8), for the turns that may see it. Changes follow one another, whatever
 * turns run side by side; what is noted already is not noted twice, so a turn that runs again changes nothing.
 * @param folder the workspace, absolute
 */
export function memoryTool(folder: string): Tool {
  const schema = z.object({ add: z.string().optional(), remove: z.string().optional() });
  const description = `Your lasting notes, ${memoryFile}, which you see in the private chats of your owners: add a line; remove a passage, word for word; both: replace it.`;
  let last: Promise<unknown> = Promise.resolve();
  return defineTool("memory", description, schema, (input) => {
    const change = last.then(() => changeMemory(folder, input));
    last = change.catch(() => {});
    return change;
  });
}

async function changeMemory(
  folder: string,
  { add = "", remove = "" }: { add?: string; remove?: string },
): Promise<unknown> {
  const line = add.trim();
  if (line === "" && remove === "") throw refused("add or remove is needed");
  const path = await inWorkspace(folder, memoryFile);
  const before = path === undefined ? "" : await readFile(path, "utf8");
  const isNoted = line !== "" && `\n${before}\n`.includes(`\n${line}\n`);
  if (remove !== "" && !before.includes(remove)) {
    if (isNoted) return { ok: true };
    throw refused(`${memoryFile} has no such passage`);
  }
  const after = remove === "" ? appended(before, isNoted ? "" : line) : before.replace(remove, () => line);
  if (after.length > maxMemory && after.length > before.length)
    throw refused(
      `${memoryFile} would be longer than ${maxMemory} characters: remove what is needed no more`,
    );
  if (after !== before) writeFileAtomic(path ?? join(folder, memoryFile), after);
  return { ok: true };
}

function appended(before: string, line: string): string {
  if (line === "") return before;
  return `${before}${before === "" || before.endsWith("\n") ? "" : "\n"}${line}\n`;
}

function refused(why: string): TapbackError {
  return new TapbackError("ACTION_PARAMETERS", why);
}
