import { lstatSync, type Stats } from "node:fs";
import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import { cutText } from "../../conversation/index.js";
import { messageOf } from "../../platform/index.js";
import { memoryFile } from "../memory-file.js";
import { isBelow, realOf } from "../real-path.js";
import type { ContextBudget } from "./context-budget.js";

/** Most of the memory, UTF-16 code units: every turn of an owner pays for all of it. */
export const maxMemory = 8000;
/** The files that belong to the system prompt, in its order (behaviour 6.8); what changes most stands last, for caches. */
const files: readonly { name: string; most: number }[] = [
  { name: "AGENTS.md", most: 16_000 },
  { name: "SOUL.md", most: 8000 },
  { name: memoryFile, most: maxMemory },
];
const mark = "\n[… the file goes on; it is too long to be shown …]";
/** How much of what a model takes they may be together. */
const share = 0.5;

/** One file as the model is shown it. */
export interface WorkspaceText {
  name: string;
  text: string;
}

/** What the files of a workspace say; each is read again when it has changed. */
export class WorkspaceTexts {
  readonly #known = new Map<string, { stamp: string; text: string; isCut: boolean }>();

  /** @param folder the workspace, absolute */
  constructor(private readonly folder: string) {}

  /**
   * Reads what is there and has words.
   * @param withMemory whether the turn may see the memory
   * @param budget of the model: a small one is shown less
   * @param note told of what cannot be read, and of what is cut
   */
  async read(
    withMemory: boolean,
    budget: ContextBudget,
    note: (text: string) => void,
  ): Promise<WorkspaceText[]> {
    const texts: WorkspaceText[] = [];
    for (const { name, most } of files) {
      if (name === memoryFile && !withMemory) continue;
      try {
        const { text, isCut } = await this.#read(name, most);
        if (isCut) note(`${name} is longer than ${most} characters: its end is not shown to the model`);
        if (text !== "") texts.push({ name, text });
      } catch (error) {
        note(`${name} is not shown to the model: ${messageOf(error)}`);
      }
    }
    return fitting(texts, budget, note);
  }

  async #read(name: string, most: number): Promise<{ text: string; isCut: boolean }> {
    const found = await findIn(this.folder, name);
    if (found === undefined) return { text: "", isCut: false };
    const { path, stats } = found;
    const stamp = [path, stats.ino, stats.size, stats.mtimeMs, stats.ctimeMs].join();
    const known = this.#known.get(name);
    if (known?.stamp === stamp) return known;
    const whole = await startOf(path, most * 4);
    const fresh = {
      stamp,
      text: cutText(whole.replace(/^\uFEFF/, "").trim(), most, mark),
      isCut: whole.length > most,
    };
    this.#known.set(name, fresh);
    return fresh;
  }
}

/**
 * Where a file of the workspace lies, with links resolved.
 * @returns undefined where there is none
 * @throws where a link leads out of the workspace, and where it is no plain file
 */
export async function inWorkspace(folder: string, name: string): Promise<string | undefined> {
  return (await findIn(folder, name))?.path;
}

/** Looked at before it is opened: opening a pipe waits for whoever writes to it. */
async function findIn(folder: string, name: string): Promise<{ path: string; stats: Stats } | undefined> {
  const path = join(folder, name);
  // Every turn looks, mostly at nothing or at a plain file: looking at once costs a tenth of asking a thread.
  const own = lookAt(path);
  if (!own?.isSymbolicLink()) return own && plain(path, own);
  const [real, root] = await Promise.all([realOf(path), realOf(folder)]);
  if (real === undefined || root === undefined) return undefined;
  if (!isBelow(real, root)) throw new Error("it is a link that leads out of the workspace");
  return plain(real, await stat(real));
}

function plain(path: string, stats: Stats): { path: string; stats: Stats } {
  if (!stats.isFile()) throw new Error("it is not a plain file");
  return { path, stats };
}

/** @returns undefined where nothing is there, or where nobody may look */
function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** @param bytes at most so many @returns the start of a file as UTF-8 */
async function startOf(path: string, bytes: number): Promise<string> {
  const file = await open(path);
  try {
    const buffer = Buffer.alloc(bytes);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, length, bytes - length, length);
      length += bytesRead;
      if (bytesRead === 0 || length === bytes) return buffer.toString("utf8", 0, length);
    }
  } finally {
    await file.close();
  }
}

/** Leaves a small model room for the conversation. */
async function fitting(
  texts: WorkspaceText[],
  budget: ContextBudget,
  note: (text: string) => void,
): Promise<WorkspaceText[]> {
  const all = texts.map(({ text }) => text).join("");
  const room = (await budget.charactersOf(all)) ?? Number.POSITIVE_INFINITY;
  const most = room * share;
  if (all.length <= most) return texts;
  note("the files of the workspace are shown in part: the model takes no more");
  return texts.map(({ name, text }) => ({
    name,
    text: cutText(text, Math.max(mark.length, Math.floor((text.length * most) / all.length)), mark),
  }));
}
