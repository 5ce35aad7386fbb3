import { randomInt } from "node:crypto";
import type { Account } from "../../config/index.js";
import { askGateway, type ControlResult } from "../../control/index.js";
import type { GatewayStatus } from "../../gateway/index.js";
import { remedyOf } from "../../platform/error-codes/index.js";
import { systemClock, TapbackError } from "../../platform/index.js";
import { openExistingStateAt, type StatePlace, type Store } from "../../store/index.js";
import { type Finding, failed, fine } from "../check.js";
import { runningGateway } from "../proof/service-up.js";
import { LiveRun, StepTrouble } from "./live-run.js";
import { type LiveStep, liveSteps } from "./live-steps.js";

/** How long all of it may take, milliseconds (behaviour 13). */
const limitMs = 60_000;
/** Of each question for the own address, milliseconds. */
const addressMs = 4000;

/** What a live run is made with. */
export interface LiveOptions extends StatePlace {
  home: string;
  account: Account;
  /** Whether what imsg said of it is wanted. */
  record: boolean;
  /** Told of each finding as it is made. */
  onFinding: (finding: Finding) => void;
}

/** What was said with imsg of a live run, as it is. */
export interface Recording {
  /** Stands in every text and name that the run made. */
  mark: string;
  /** The account's own. */
  address: string;
  frames: ControlResult<"imsg.recorded">;
  /** What the Mac can do, as the gateway's last probe found it. */
  account: Pick<GatewayStatus["accounts"][number], "privateApi" | "stages">;
}

/** What a live run found; the recording only where one was wanted and something was sent. */
export interface LiveProof {
  findings: Finding[];
  recording?: Recording;
}

/**
 * Proves the whole way on the real Mac, within a minute, through the running gateway, whose permissions count, in a chat of the
 * account with itself (behaviour 13.2).
 * @throws TapbackError `GATEWAY_UNREACHABLE` where no gateway runs
 */
export async function proveLive(options: LiveOptions): Promise<LiveProof> {
  const { stateDir, account, onFinding } = options;
  const findings: Finding[] = [];
  const tell = (finding: Finding) => {
    findings.push(finding);
    onFinding(finding);
    return finding.level !== "fail";
  };
  const { finding: way, account: served } = await gatewayOf(options);
  if (!tell(way) || !served) return { findings };
  const store = await openExistingStateAt(options);
  if (!store) throw unreachable();
  try {
    const address = await addressOf(options, store);
    if (address === undefined) {
      tell(noAddress);
      return { findings };
    }
    const mark = newMark();
    const run = new LiveRun({
      ...options,
      address,
      store,
      clock: systemClock,
      hasPrivateApi: served.privateApi?.available ?? false,
      until: systemClock.now() + limitMs,
    });
    if (options.record) await askGateway(stateDir, "imsg.record", { account: account.id, mark });
    for (const step of liveSteps(run, mark))
      if (!tell(run.isOver ? notTried(step) : await findingOf(step)) && step.isNeeded) break;
    if (!options.record) return { findings };
    const heard = await askGateway(stateDir, "imsg.recorded", { account: account.id });
    if (!heard) return { findings };
    return { findings, recording: { mark, address, frames: heard.result, account: served } };
  } finally {
    await store.close();
  }
}

/** Letters and digits that stand in no text of before, and in no word. */
function newMark(): string {
  return Array.from({ length: 8 }, () => "bcdfghjkmnpqrstvwxz23456789"[randomInt(27)]).join("");
}

function notTried({ check }: LiveStep): Finding {
  return failed(check, "not tried: the minute was over", "Mend what failed above, then run it again.");
}

async function findingOf({ check, prove }: LiveStep): Promise<Finding> {
  try {
    return fine(check, await prove());
  } catch (error) {
    if (error instanceof StepTrouble) return failed(check, error.message, error.remedy);
    if (!(error instanceof TapbackError)) throw error;
    const remedy = error.hint ?? remedyOf(error.code) ?? "Look at `tapback channels status`.";
    return failed(check, error.message, remedy);
  }
}

/** The gateway that the run goes through, and whether its account is connected. */
async function gatewayOf({
  stateDir,
  account: { id },
}: LiveOptions): Promise<{ finding: Finding; account?: GatewayStatus["accounts"][number] | undefined }> {
  const status = await runningGateway(stateDir);
  if (!status) throw unreachable();
  const account = status.accounts.find((one) => one.id === id);
  const { pid } = status.gateway;
  const check = "live.gateway";
  if (account?.connected)
    return {
      account,
      finding: fine(check, `pid ${pid} serves the account ${id}, and is connected to Messages`),
    };
  const broken = account?.stages.find(({ ok }) => !ok);
  return {
    finding: failed(
      check,
      `the account ${id} is not connected to Messages: ${account?.verdict ?? "it is not served"}`,
      broken?.remedy ?? "Run `tapback doctor`.",
    ),
  };
}

/** What somebody typed is not taken: a test goes to nobody else. */
async function addressOf({ stateDir, account }: LiveOptions, store: Store): Promise<string | undefined> {
  const [known] = await store.journal.ownAddresses(account.id);
  if (known !== undefined) return known;
  const asked = await askGateway(stateDir, "self.address", { account: account.id, timeoutMs: addressMs });
  return asked?.result.address ?? undefined;
}

const noAddress = failed(
  "live.address",
  "nothing tells the account's own address yet, and a test goes to no other",
  "Write one message to the account from your phone (tapback pair shows how), then run it again.",
);

function unreachable(): TapbackError {
  return new TapbackError(
    "GATEWAY_UNREACHABLE",
    "the live run goes through the running gateway, whose permissions count, and none runs here",
    { hint: "Start it with `tapback service restart`, or in a terminal with `tapback gateway`." },
  );
}
