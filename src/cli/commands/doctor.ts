import { examine, type Finding, proveAlerts } from "../../doctor/index.js";
import { TapbackError } from "../../platform/index.js";
import { type Context, readConfig } from "../context.js";
import { exitCodes, printJson, printLine, styled } from "../output.js";
import { thisProgram } from "../this-program.js";

export interface DoctorOptions {
  fix?: boolean;
  /** Messages are sent, through the running gateway, in place of the checks. */
  live?: boolean;
  /** A test alert is sent, in place of the checks. */
  alert?: boolean;
  account?: string;
  record?: string | true;
}

const marks = { ok: ["green", "ok  "], warn: ["yellow", "warn"], fail: ["red", "fail"] } as const;

/** `tapback doctor`. @returns 1 when a check failed @throws TapbackError `USAGE` */
export async function doctor(context: Context, options: DoctorOptions): Promise<number> {
  // Each is done in the place of the checks, of which alone something is mended.
  const [one, other] = (["live", "alert", "fix"] as const).filter((name) => options[name]);
  if (other) throw new TapbackError("USAGE", `--${one} does not go with --${other}`);
  if (options.live) return (await import("../live/live.js")).live(context, options, tell);
  if (options.record !== undefined || options.account !== undefined)
    throw new TapbackError("USAGE", "--record and --account go with --live");
  const { env, home, stateDir, configOption, json } = context;
  if (options.alert)
    return proved(context, await proveAlerts((await readConfig(context)).config, { env, home }));
  const told = new Set<string>();
  const findings = await examine({
    env,
    home,
    stateDir,
    configOption,
    platform: process.platform,
    now: Date.now(),
    program: thisProgram(context),
    onFinding: (finding) => {
      if (!json) tell(finding, told);
    },
  });
  const mended = options.fix ? findings.filter(({ fix }) => fix) : [];
  for (const { fix } of mended) fix?.();
  if (json)
    printJson(
      findings.map(({ fix, ...rest }) => ({
        ...rest,
        fixable: fix !== undefined,
        fixed: mended.some((one) => one.check === rest.check),
      })),
    );
  else if (mended.length > 0) printLine(`\nMended: ${mended.map(({ check }) => check).join(", ")}`);
  return findings.some(({ level }) => level === "fail") ? exitCodes.refused : exitCodes.done;
}

function proved({ json }: Context, findings: Finding[]): number {
  if (json) printJson(findings);
  else for (const finding of findings) tell(finding);
  return findings.some(({ level }) => level === "fail") ? exitCodes.refused : exitCodes.done;
}

const judges = { service: "service", gateway: "running gateway", terminal: "this terminal" } as const;

/** @param told remedies that stand above already: what helps several is said once */
function tell({ check, level, detail, remedy, whose }: Finding, told = new Set<string>()): void {
  const [colour, word] = marks[level];
  const judge = whose ? styled("dim", ` [${judges[whose]}]`) : "";
  printLine(`${styled(colour, word)}  ${check}${judge}: ${detail}`);
  if (!remedy || level === "ok" || told.has(remedy)) return;
  told.add(remedy);
  printLine(`      ${styled("dim", remedy)}`);
}
