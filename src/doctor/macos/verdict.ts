import { type Reach, type RunTool, type SelfCheck, selfCheck } from "../../bridge/index.js";
import { type Account, type Config, lanEndpoints, resolveAccounts } from "../../config/index.js";
import { askGateway } from "../../control/index.js";
import { macOf } from "../../gateway/index.js";
import { descendantsOf, systemClock, TapbackError } from "../../platform/index.js";
import { by, type Finding, type Whose, warn } from "../check.js";

/** Of each question, milliseconds: as long as a person takes to see that a prompt waits. */
export const questionMs = 10_000;
/** A check asks up to two questions one after the other; the rest is the way. Milliseconds. */
export const selfAnswerMs = 2 * questionMs + 3000;

/** What a process found out about itself. */
export interface Verdict {
  whose: Whose;
  found: SelfCheck;
  /** Where the gateway runs and was not heard. */
  trouble: Finding[];
}

/** With what the terminal looks itself where no gateway answers. */
export interface VerdictDeps {
  run: RunTool;
  reach: Reach;
  config: Config;
  home: string;
  stateDir: string;
  /** Process id of what the service manager started; undefined where it runs nothing. */
  servicePid: number | undefined;
}

/** Asks the running gateway what macOS lets it do; where there is none, this process itself (behaviour 13.1). */
export async function verdictOf(deps: VerdictDeps): Promise<Verdict> {
  const trouble: Finding[] = [];
  try {
    const answer = await askGateway(deps.stateDir, "self.check", { timeoutMs: questionMs }, selfAnswerMs);
    if (answer) {
      const found = answer.result;
      return { whose: (await isService(found.pid, deps.servicePid)) ? "service" : "gateway", found, trouble };
    }
  } catch (error) {
    // What else keeps it from answering, the line of the gateway tells.
    if (error instanceof TapbackError && ["UNKNOWN_METHOD", "CONTROL_RESULT"].includes(error.code))
      trouble.push(
        by(
          "terminal",
          warn(
            "gateway.version",
            "the gateway that runs is of another version, and cannot tell what macOS lets it do",
            "Run `tapback service restart`, or start the gateway in its terminal again.",
          ),
        ),
      );
  }
  return { whose: "terminal", found: await ownVerdict(deps), trouble };
}

/** An app of its own, which the service manager starts, has the gateway below it. */
async function isService(pid: number, servicePid: number | undefined): Promise<boolean> {
  if (servicePid === undefined) return false;
  return pid === servicePid || (await descendantsOf(servicePid)).includes(pid);
}

function ownVerdict({ run, reach, config, home }: VerdictDeps): Promise<SelfCheck> {
  const isHere = (account: Account) => account.enabled && macOf(account, home).remote === undefined;
  const accounts = resolveAccounts(config)
    .filter(isHere)
    .map((account) => {
      const mac = macOf(account, home);
      return { id: account.id, look: mac.look.bind(mac), addresses: mac.addresses.bind(mac) };
    });
  return selfCheck({ run, reach, clock: systemClock, endpoints: lanEndpoints(config), accounts }, questionMs);
}
