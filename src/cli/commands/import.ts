import { existsSync, readFileSync } from "node:fs";
import { writeConfigFile } from "../../config/edit/index.js";
import {
  type ApprovedSender,
  type Dialect,
  type Imported,
  importedRegion,
  importFrom,
  type KnownChat,
  type ReportEntry,
} from "../../config/import/index.js";
import { configPath, parseConfig, resolveAccounts } from "../../config/index.js";
import { normalizeHandle } from "../../conversation/index.js";
import { cursorPath, readCursor, writeCursor } from "../../inbound/index.js";
import { TapbackError } from "../../platform/index.js";
import { openStore } from "../../store/index.js";
import { type Context, statePath } from "../context.js";
import { printJson, printLine, styled, table } from "../output.js";

export interface ImportOptions {
  dryRun?: boolean;
  force?: boolean;
}

const dialects: readonly string[] = ["openclaw", "remoteclaw", "clawdbot", "bluebubbles"];

/** `tapback import` (behaviour 2.8, 17.8). */
export async function importConfiguration(
  context: Context,
  options: ImportOptions,
  dialect: string | undefined,
  file: string | undefined,
): Promise<undefined> {
  if (dialect !== undefined && !dialects.includes(dialect))
    throw new TapbackError("USAGE", `unknown dialect ${dialect}; known are ${dialects.join(", ")}`);
  const target = configPath(context, context.configOption);
  const current = existsSync(target) ? readFileSync(target, "utf8") : undefined;
  const { env, home } = context;
  const result = await importFrom({
    env,
    home,
    current,
    findChats: (text) => chatsOf(text, context),
    ...(dialect !== undefined && { dialect: dialect as Dialect }),
    file,
  });
  if (!result.ok) throw result.error;
  const imported = { ...result.value, approved: inNormalForm(result.value, env) };
  if (!options.dryRun) await write(context, imported, target, current, options.force ?? false);
  const { config, report, access, changed, notes } = imported;
  if (context.json) return void printJson({ config, report, access, changed, notes });
  tell(imported, target, options.dryRun ?? false);
}

/** More chats than any phone has. */
const mostChats = 10_000;

/**
 * The chats of the account that the new configuration serves, to find the numbers of groups that are named by GUID.
 * @returns none where no account can be reached, or where there are several: each counts its chats by itself
 */
async function chatsOf(text: string, { env, home }: Context): Promise<KnownChat[]> {
  const parsed = await parseConfig(text, env);
  if (!parsed.ok) return [];
  const { macOf } = await import("../../gateway/index.js");
  const accounts = resolveAccounts(parsed.value.config).filter(({ enabled }) => enabled);
  if (accounts.length !== 1) return [];
  try {
    return await macOf(accounts[0]!, home).look((reader) => reader.chats(mostChats));
  } catch (error) {
    if (error instanceof TapbackError) return [];
    throw error;
  }
}

/** Numbers without `+` are read in the region that the gateway will read their senders in, account by account. */
function inNormalForm({ config, approved }: Imported, env: Context["env"]): ApprovedSender[] {
  return approved.map(({ account, handle }) => ({
    account,
    handle: normalizeHandle(handle, importedRegion(config, account, env)),
  }));
}

async function write(
  context: Context,
  imported: Imported,
  target: string,
  current: string | undefined,
  force: boolean,
): Promise<void> {
  if (current !== undefined && imported.changed && !force)
    throw new TapbackError("CONFIG_EXISTS", `${target} exists already`, {
      hint: "See what would change with --dry-run; --force replaces it and keeps the old one beside it.",
    });
  if (imported.changed) writeConfigFile(target, imported.text);
  // Where catch-up stood, so that nothing is answered twice nor passed over (behaviour 9.4).
  for (const { account, ...cursor } of imported.cursors)
    if (!readCursor(cursorPath(context.stateDir, account)))
      writeCursor(cursorPath(context.stateDir, account), cursor);
  if (imported.approved.length === 0) return;
  const store = openStore(statePath(context));
  try {
    for (const { account, handle } of imported.approved)
      await store.pairing.admit(account, handle, Date.now());
  } finally {
    await store.close();
  }
}

function tell(imported: Imported, target: string, dryRun: boolean): void {
  const { dialect, file, report, access, approved, changed, notes } = imported;
  printLine(`From ${dialect}: ${file}\n`);
  printLine(table(["KEY", "", "BECOMES", "WHY"], report.map(reportRow)));
  if (approved.length > 0)
    printLine(`\nApproved senders taken over: ${approved.map(({ handle }) => handle).join(", ")}`);
  printLine(`\n${styled("bold", "Who may talk")}`);
  for (const line of access.gained) printLine(`  ${styled("red", "+")} ${line}`);
  for (const line of access.lost) printLine(`  ${styled("yellow", "-")} ${line}`);
  if (access.gained.length + access.lost.length === 0) printLine("  the same people as before");
  if (notes.length > 0)
    printLine(`\n${styled("bold", "To know")}\n${notes.map((note) => `  ${note}`).join("\n")}`);
  if (dryRun) return void printLine("\nNothing was written (--dry-run).");
  printLine(changed ? `\n${styled("green", "Wrote")} ${target}` : `\n${target} says all of it already.`);
  printLine("\nNext: stop the other gateway, then `tapback doctor`, `tapback preview`, `tapback gateway`.");
}

function reportRow({ key, action, to, why }: ReportEntry): string[] {
  const colour = { kept: "green", translated: "cyan", dropped: "yellow" } as const;
  return [key, styled(colour[action], action), to ?? "", why ?? ""];
}
