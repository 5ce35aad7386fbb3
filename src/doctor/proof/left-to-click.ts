import type { MessagesAnswer, Reach, RunTool, SelfCheck } from "../../bridge/index.js";
import type { Finding } from "../check.js";
import { checkLocalNetwork } from "../macos/local-network.js";
import { checkMessages } from "../macos/messages.js";
import { checkAutomation, checkDatabase } from "../macos/permissions.js";
import { signatureOf } from "../macos/signature.js";
import { automationClicks, grantClicks, nameOf, type Standing } from "../macos/standing.js";

/** One thing that is left to do before the service works. */
export interface LeftToDo {
  /** As `tapback doctor` names it. */
  check: string;
  /** What is wrong, as the service itself found it. */
  detail: string;
  /** Where to click, or what to run. */
  remedy: string;
  /** What macOS shows or asks meanwhile; null where it shows nothing. */
  screen: string | null;
  /** Whether it holds only for what starts after it. */
  needsRestart: boolean;
}

/** What the clicks are found with. */
export interface ClickParts {
  found: SelfCheck;
  /** The file that macOS judges: the app, or Node. */
  judged: string;
  run: RunTool;
  reach: Reach;
}

/**
 * What a person has to click on a Mac before the service may do its work, by what the service itself was refused, in the order
 * in which it is done: Messages itself, Full Disk Access, Automation, Local Network.
 */
export async function leftToClick({ found, judged, run, reach }: ClickParts): Promise<LeftToDo[]> {
  const standing: Standing = { whose: "service", judged };
  const [database] = found.databases;
  const ofMessages = found.messages
    ? left(await checkMessages("messages", { whose: "service", answer: found.messages, database }, run))
    : [];
  const network = await checkLocalNetwork(found.network, standing, reach);
  return [
    ...ofMessages,
    ...found.databases.flatMap((one) => databaseLeft(one, standing)),
    ...(found.messages ? await automationLeft(found.messages, standing, run) : []),
    ...network
      .filter(({ level }) => level === "fail")
      .flatMap((finding) =>
        left(finding, {
          remedy: grantClicks(standing, "Local Network"),
          screen: `Allow "${nameOf(judged)}" to find devices on local networks?`,
          needsRestart: true,
        }),
      ),
  ];
}

function databaseLeft(verdict: SelfCheck["databases"][number], standing: Standing): LeftToDo[] {
  const finding = checkDatabase(`database/${verdict.id}`, verdict, standing);
  // What else went wrong on the way to the rows, the gateway's own stages tell better; without a code a dialog may wait.
  if (verdict.code === null) return left(finding);
  if (verdict.code !== "PERMISSION_FULL_DISK_ACCESS") return [];
  return left(finding, {
    remedy: grantClicks(standing, "Full Disk Access"),
    screen: `"${nameOf(standing.judged ?? "")}" will not have full disk access until it is quit. Either answer will do.`,
    needsRestart: true,
  });
}

async function automationLeft(answer: MessagesAnswer, standing: Standing, run: RunTool): Promise<LeftToDo[]> {
  const judged = standing.judged ?? "";
  const signature = answer.state === "refused" ? await signatureOf(run, judged) : undefined;
  const findings = checkAutomation("automation", answer, signature, standing);
  const asks = `"${nameOf(judged)}" wants access to control "Messages". Click OK (newer macOS: Allow).`;
  if (answer.state === "waiting")
    return findings.flatMap((finding) =>
      left(finding, {
        remedy: "Answer it at the Mac's own screen, or by Screen Sharing, in the session of this user.",
        screen: asks,
        needsRestart: true,
      }),
    );
  // Another Node, and not a switch, helps one that can never be permitted.
  if (answer.state !== "refused" || signature?.kind === "hopeless")
    return findings.flatMap((finding) => left(finding));
  return findings.flatMap((finding) =>
    left(finding, { remedy: automationClicks(standing), screen: asks, needsRestart: true }),
  );
}

function left({ check, level, detail, remedy = "" }: Finding, more: Partial<LeftToDo> = {}): LeftToDo[] {
  return level === "fail" ? [{ check, detail, remedy, screen: null, needsRestart: false, ...more }] : [];
}
