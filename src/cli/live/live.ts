import { existsSync, rmSync, writeFileSync } from "node:fs";
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
 * @throws TapbackError `ACCOUNT_UNKNOWN`; `REPORT_UNWRITABLE` before anything is sent
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
  // Before messages are sent that nobody could keep.
  const place = record === undefined ? undefined : opened(record);
  let file: string | undefined;
  try {
    const { findings, recording } = await proveLive({
      ...{ stateDir, url: config.store.url, home, account, record: record !== undefined },
      onFinding: (finding) => {
        if (!json) tell(finding);
      },
    });
    if (place && recording) file = written(place.file, fixtureOf(recording, findings));
    if (json) printJson({ findings, recorded: file ?? null });
    else if (file !== undefined) printLine(`\nRecorded, without people, names and paths: ${file}`);
    return findings.some(({ level }) => level === "fail") ? exitCodes.refused : exitCodes.done;
  } finally {
    if (place?.isNew && file === undefined) rmSync(place.file, { force: true });
  }
}

/** The file for a recording, which can be written. @throws TapbackError `REPORT_UNWRITABLE` */
function opened(record: string | true): { file: string; isNew: boolean } {
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(":", "-");
  const file = resolve(record === true ? `tapback-live-${stamp}.jsonl` : record);
  const isNew = !existsSync(file);
  written(file, "", "a");
  return { file, isNew };
}

/** @param flag `a`: behind what is there @throws TapbackError `REPORT_UNWRITABLE` */
function written(file: string, text: string, flag: "a" | "w" = "w"): string {
  try {
    writeFileSync(file, text, { mode: 0o600, flag });
    return file;
  } catch (error) {
    throw new TapbackError("REPORT_UNWRITABLE", `the recording cannot be written: ${messageOf(error)}`, {
      hint: "Name another file with --record FILE.",
    });
  }
}
