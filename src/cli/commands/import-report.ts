import type { Imported } from "../../coming-over/index.js";
import { printLine, styled, table } from "../output.js";

type ReportEntry = Imported["report"][number];

/** How many keys fared how, and how many lines say that somebody gains or loses. */
export interface Totals {
  kept: number;
  translated: number;
  dropped: number;
  gained: number;
  lost: number;
  /** Variables that the environment lacks. */
  missing: number;
  /** Approved senders. */
  approved: number;
}

/** @returns the numbers with which the report begins */
export function totalsOf({ report, access, missing, approved }: Imported): Totals {
  const count = (action: ReportEntry["action"]) => report.filter((entry) => entry.action === action).length;
  return {
    kept: count("kept"),
    translated: count("translated"),
    dropped: count("dropped"),
    gained: access.gained.length,
    lost: access.lost.length,
    missing: missing.length,
    approved: approved.length,
  };
}

/**
 * Tells what an import did (behaviour 2.8): totals, then who gains and loses, then what changes behaviour, then what the
 * environment needs, then the rest.
 */
export function tellImport(imported: Imported, target: string, dryRun: boolean): void {
  const { dialect, file, report, access, approved, changed, notes, missing } = imported;
  const totals = totalsOf(imported);
  printLine(`From ${dialect}: ${file}`);
  printLine(
    `${totals.kept} keys kept, ${totals.translated} translated, ${totals.dropped} left out; ` +
      `${counted(totals.gained, "line")} of what opens, ${counted(totals.lost, "line")} of what is lost; ` +
      `${counted(totals.missing, "variable")} to set`,
  );
  heading("Who may talk");
  for (const line of access.gained) printLine(`  ${styled("red", "+")} ${line}`);
  for (const line of access.lost) printLine(`  ${styled("yellow", "-")} ${line}`);
  if (totals.gained + totals.lost === 0) printLine("  the same people as before");
  if (approved.length > 0)
    printLine(`  Approved senders taken over: ${approved.map(({ handle }) => handle).join(", ")}`);
  const changing = report.filter((entry) => entry.action !== "kept" && !entry.aside);
  if (notes.length + changing.length > 0) heading("What changes");
  for (const note of notes) printLine(`  ${note}`);
  if (changing.length > 0) printLine(table(["KEY", "", "BECOMES", "WHY"], changing.map(reportRow)));
  if (missing.length > 0) heading("What the environment needs");
  if (missing.length > 0)
    printLine(`  Set ${missing.join(", ")} for the gateway: it does not start without.`);
  const rest = report.filter((entry) => entry.action === "kept" || entry.aside);
  if (rest.length > 0) heading("The rest");
  if (rest.length > 0) printLine(table(["KEY", "", "BECOMES", "WHY"], rest.map(reportRow)));
  if (dryRun)
    return void printLine(
      "\nNothing was written (--dry-run). Stop the other gateway before you import: catch-up goes on from where it stood then.",
    );
  printLine(changed ? `\n${styled("green", "Wrote")} ${target}` : `\n${target} says all of it already.`);
  printLine("\nNext: `tapback doctor`, `tapback preview`, `tapback gateway`.");
  printLine(
    "Where the other gateway still runs, stop it and import once more before ours starts: what it answers until then would be answered again.",
  );
}

function heading(text: string): void {
  printLine(`\n${styled("bold", text)}`);
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function reportRow({ key, action, to, why }: ReportEntry): string[] {
  const colour = { kept: "green", translated: "cyan", dropped: "yellow" } as const;
  return [key, styled(colour[action], action), to ?? "", why ?? ""];
}
