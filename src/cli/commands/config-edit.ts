import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { type ConfigError, configPath, parseConfig } from "../../config/index.js";
import { makeFolder, TapbackError } from "../../platform/index.js";
import type { Context } from "../context.js";
import { exitCodes, printJson, printLine, styled } from "../output.js";
import { tell } from "./config.js";

/** What a person does with a text that is not valid. */
type Choice = "again" | "keep" | "revert" | "broken off";

/**
 * `tapback config edit`: opens a draft of the file in the person's editor, and puts it in the file's place when it is valid;
 * the file itself is never left invalid (behaviour 2.7).
 * @returns 3 when the draft is not valid, and was kept or thrown away
 * @throws `EDITOR_FAILED`, `CONFIG_CHANGED`, `CONFIG_UNREADABLE`, `CONFIG_UNWRITABLE`
 */
export async function edit(context: Context): Promise<number> {
  const { json, env } = context;
  const file = configPath(context, context.configOption);
  const draft = `${file}.draft`;
  const before = existsSync(file) ? readFileSync(file, "utf8") : undefined;
  openDraft(file, draft, before, json);
  for (;;) {
    try {
      runEditor(context, draft);
    } catch (error) {
      if (readFileSync(draft, "utf8") === (before ?? empty)) rmSync(draft);
      throw error;
    }
    const text = readFileSync(draft, "utf8");
    if (text === (before ?? empty)) {
      rmSync(draft);
      return tellUnchanged(context, file);
    }
    const parsed = await parseConfig(text, env);
    if (parsed.ok) return await take(context, { file, draft, text, before });
    const choice = await chosen(json, draft, parsed.error);
    if (choice === "again") continue;
    if (choice === "revert") rmSync(draft);
    const kept = choice !== "revert" ? `The draft is ${draft}; \`tapback config edit\` goes on with it.` : "";
    if (json) printJson({ ok: false, errors: parsed.error, warnings: [], ...(kept && { draft }) });
    else printLine(`The configuration is as it was. ${kept}`.trim());
    return choice === "broken off" ? exitCodes.interrupted : exitCodes.configInvalid;
  }
}

const empty = "{}\n";

function openDraft(file: string, draft: string, before: string | undefined, json: boolean): void {
  if (!existsSync(draft)) {
    makeFolder(dirname(draft));
    writeFileSync(draft, before ?? empty, { mode: 0o600, flag: "wx" });
    return;
  }
  if (json) return;
  printLine(`Going on with the draft that is kept in ${draft}.`);
  if (before !== undefined && statSync(file).mtimeMs > statSync(draft).mtimeMs)
    printLine(styled("yellow", "The configuration was changed since; the draft replaces that as well."));
}

/** @throws `EDITOR_FAILED` */
function runEditor({ env }: Context, draft: string): void {
  const [program = "vi", ...words] = (env.VISUAL?.trim() || env.EDITOR?.trim() || "vi").split(/\s+/);
  const { error, status } = spawnSync(program, [...words, draft], { stdio: "inherit" });
  if (error)
    throw new TapbackError("EDITOR_FAILED", `${program} could not be started: ${error.message}`, {
      hint: "Set EDITOR to the program that you edit files with.",
    });
  if (status !== 0) throw new TapbackError("EDITOR_FAILED", `${program} ended with ${status}`);
}

interface Taken {
  file: string;
  draft: string;
  text: string;
  before: string | undefined;
}

/** Puts a valid draft in the file's place, unless somebody else changed that meanwhile. */
async function take(context: Context, { file, draft, text, before }: Taken): Promise<number> {
  const { replaceFile } = await import("../../config/edit/index.js");
  const result = await replaceFile(file, text, context.env, before);
  if (!result.ok) {
    const { error } = result.error;
    if (error.code !== "CONFIG_CHANGED") throw error;
    throw new TapbackError("CONFIG_CHANGED", error.message, {
      hint: `Your text is kept in ${draft}: \`tapback config edit\` goes on with it.`,
    });
  }
  rmSync(draft);
  const { warnings } = result.value;
  if (context.json) printJson({ ok: true, errors: [], warnings });
  else {
    tell("yellow", "warning", file, warnings);
    printLine(`${styled("green", "ok")} ${file}`);
  }
  return exitCodes.done;
}

/** What was there is there still, valid or not. */
async function tellUnchanged(context: Context, file: string): Promise<number> {
  if (!context.json) printLine("Nothing was changed.");
  if (!existsSync(file)) {
    if (context.json) printJson({ ok: true, errors: [], warnings: [] });
    return exitCodes.done;
  }
  return (await import("./config.js")).validate(context);
}

async function chosen(json: boolean, draft: string, errors: ConfigError[]): Promise<Choice> {
  if (json) return "keep";
  tell("red", "error", draft, errors);
  if (!process.stdin.isTTY || !process.stdout.isTTY) return "keep";
  const { isCancel, select } = await import("@clack/prompts");
  const answer = await select<Choice>({
    message: "The text is not valid. What now?",
    options: [
      { value: "again", label: "Edit again" },
      { value: "keep", label: "Keep it as a draft, and leave the configuration as it was" },
      { value: "revert", label: "Throw it away" },
    ],
  });
  return isCancel(answer) ? "broken off" : answer;
}
