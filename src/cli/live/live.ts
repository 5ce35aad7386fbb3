import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { defaultAccountId, normalizeId, resolveAccount } from "../../config/index.js";
import { type Finding, proveLive } from "../../doctor/index.js";
import { messageOf, TapbackError } from "../../platform/index.js";
import { type Context, readConfig } from "../context.js";
import { exitCodes, printJson, printLine } from "../output.js";
import { fixtureOf } from "./fixture.js";

export interface LiveOptions {
  account?: string;
  /** A file, or true for one named by the time. */
  record?: string | true;
}

/**
 * `tapback doctor --live`: the round trip on the real Mac (behaviour 13.2).
 * @param tell prints a finding as it is made
 * @returns 1 when a step failed
 */
export async function live(
  context: Context,
  { account: named, record }: LiveOptions,
  tell: (finding: Finding) => void,
): Promise<number> {
  const { config } = await readConfig(context);
  const id = named ? normalizeId(named) : defaultAccountId(config);
  const account = resolveAccount(config, id);
  if (!account) throw new TapbackError("ACCOUNT_UNKNOWN", `there is no account ${id}`);
  const { stateDir, home, json } = context;
  const { findings, recording } = await proveLive({
    ...{ stateDir, url: config.store.url, home, account, record: record !== undefined },
    onFinding: (finding) => {
      if (!json) tell(finding);
    },
  });
  const file = recording && written(fixtureOf(recording, findings), record);
  if (json) printJson({ findings, recorded: file ?? null });
  else if (file !== undefined) printLine(`\nRecorded, without people, names and paths: ${file}`);
  return findings.some(({ level }) => level === "fail") ? exitCodes.refused : exitCodes.done;
}

/** @throws TapbackError `REPORT_UNWRITABLE` */
function written(text: string, record: string | true | undefined): string {
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(":", "-");
  const file = resolve(typeof record === "string" ? record : `tapback-live-${stamp}.jsonl`);
  try {
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  } catch (error) {
    throw new TapbackError("REPORT_UNWRITABLE", `the recording cannot be written: ${messageOf(error)}`, {
      hint: "Name another file with --record FILE.",
    });
  }
}
