import { type Dialect, type Imported, importFrom } from "../../coming-over/index.js";
import { configText, writeConfigFile } from "../../config/edit/index.js";
import { configPath } from "../../config/index.js";
import { cursorPath, importCursor } from "../../inbound/index.js";
import { TapbackError } from "../../platform/index.js";
import { openStateAt } from "../../store/index.js";
import type { Context } from "../context.js";
import { printJson } from "../output.js";
import { tellImport, totalsOf } from "./import-report.js";

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
  const current = configText(target);
  const { env, home } = context;
  const dryRun = options.dryRun ?? false;
  const result = await importFrom({
    env,
    home,
    current,
    findChats: async (config) => (await import("../known-chats.js")).knownChats(config, context),
    ...(dialect !== undefined && { dialect: dialect as Dialect }),
    file,
  });
  if (!result.ok) throw result.error;
  const imported = result.value;
  if (!dryRun) await write(context, imported, target, current, options.force ?? false);
  const { config, report, access, changed, notes, missing } = imported;
  if (context.json)
    return void printJson({ totals: totalsOf(imported), access, notes, missing, report, config, changed });
  tellImport(imported, target, dryRun);
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
  // The configuration comes last: where something fails before it, nothing looks done, and the next import does all of it.
  await takeApproved(context, imported);
  // Where catch-up stood, so that nothing is answered twice nor passed over (behaviour 9.4).
  for (const { account, ...cursor } of imported.cursors)
    importCursor(cursorPath(context.stateDir, account), cursor);
  if (imported.changed) await writeConfigFile(target, imported.text, current);
}

/** No other system has a `store`, so the state is in its file, and a configuration that lacks variables is not judged for it. */
async function takeApproved({ stateDir }: Context, { approved }: Imported): Promise<void> {
  if (approved.length === 0) return;
  const store = await openStateAt({ stateDir });
  try {
    for (const { account, handle } of approved) await store.pairing.admit(account, handle, Date.now());
  } finally {
    await store.close();
  }
}
