import type { Reach, RunTool } from "../../bridge/index.js";
import { askGateway } from "../../control/index.js";
import { judgedFile } from "../macos/standing.js";
import { questionMs, selfAnswerMs } from "../macos/verdict.js";
import { type LeftToDo, leftToClick } from "./left-to-click.js";
import { accountsSettled, type RunningGateway, type ServiceWatch, serviceUp } from "./service-up.js";

/** What is asked beside the gateway itself. */
export interface ProofParts {
  watch: ServiceWatch;
  /** The command line that the service manager starts; undefined where macOS does not judge (systemd). */
  judgedCommand: readonly string[] | undefined;
  run: RunTool;
  reach: Reach;
}

/** What a service that was just begun proved of itself (behaviour 1.6f). */
export interface ServiceProof {
  gateway: Pick<RunningGateway["gateway"], "pid" | "version">;
  accounts: { id: string; connected: boolean; verdict: string }[];
  /** What is left to do before it works, in order; empty where it works. */
  left: LeftToDo[];
  /** The command to run when that is done; null where nothing is left. */
  next: string | null;
}

/**
 * Waits until the gateway of a service that was just begun answers, and has it tell what keeps it from its work: on a Mac what
 * macOS refuses to it, everywhere what is wrong with the way to Messages.
 * @throws TapbackError `SERVICE_NOT_UP`
 */
export async function proveService(parts: ProofParts): Promise<ServiceProof> {
  const { watch, judgedCommand, run, reach } = parts;
  const { gateway, accounts } = await accountsSettled(await serviceUp(watch), watch);
  const enabled = accounts.filter((account) => account.enabled);
  const judged = judgedCommand && judgedFile(judgedCommand);
  const checked = judged === undefined || enabled.length === 0 ? undefined : await checkedItself(watch);
  const clicks =
    checked && judged !== undefined ? await leftToClick({ found: checked, judged, run, reach }) : [];
  const left = [
    ...(accounts.some((account) => account.enabled) ? [] : [noAccount]),
    ...clicks,
    ...enabled.flatMap((account) => wayLeft(account, clicks)),
  ];
  return {
    gateway: { pid: gateway.pid, version: gateway.version },
    accounts: enabled.map(({ id, connected, verdict }) => ({ id, connected, verdict })),
    left,
    next:
      left.length === 0
        ? null
        : left.some(({ needsRestart }) => needsRestart)
          ? "tapback service restart"
          : "tapback doctor",
  };
}

const noAccount: LeftToDo = {
  check: "accounts",
  detail: "no account is enabled, so nothing is served",
  remedy: "Run `tapback init`, or add channels.imessage to the configuration; the service takes it over.",
  screen: null,
  needsRestart: false,
};

/** @returns undefined where it does not tell in time: then what its accounts tell has to do */
async function checkedItself({ stateDir }: ServiceWatch) {
  try {
    const asked = await askGateway(stateDir, "self.check", { timeoutMs: questionMs }, selfAnswerMs);
    return asked?.result;
  } catch {
    return undefined;
  }
}

/** What is wrong with the way to Messages; not again what a click mends. */
function wayLeft(account: RunningGateway["accounts"][number], clicks: readonly LeftToDo[]): LeftToDo[] {
  const broken = account.stages.find(({ name, ok }) => !ok && ways.has(name));
  if (!broken || clicks.some(({ check }) => check === `database/${account.id}`)) return [];
  const { name, detail, remedy } = broken;
  return [
    {
      check: `${name}/${account.id}`,
      detail,
      remedy: remedy ?? "Look at `tapback channels status --probe`.",
      screen: null,
      needsRestart: false,
    },
  ];
}

/** The stages of the way to Messages; an agent or a send that failed before is not part of it. */
const ways: ReadonlySet<string> = new Set(["ssh", "child", "rpc", "database", "watch"]);
