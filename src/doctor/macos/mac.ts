import type { Reach, RunTool } from "../../bridge/index.js";
import type { Config } from "../../config/index.js";
import { readGatewayInfo } from "../../control/index.js";
import type { Finding } from "../check.js";
import { checkLocalNetwork } from "./local-network.js";
import { checkPower } from "./power.js";
import { checkSessions } from "./sessions.js";
import { checkSignature, type Signature, signatureOf } from "./signature.js";
import { judgedFile, type Standing } from "./standing.js";
import { type Verdict, verdictOf } from "./verdict.js";

/** The Mac that the gateway runs on, as it was found; what concerns one account is told with that account. */
export interface ExaminedMac {
  run: RunTool;
  verdict: Verdict;
  standing: Standing;
  /** Of the file that is judged when the gateway runs as a service. */
  signature: Signature | undefined;
  /** What concerns all accounts. */
  findings: Finding[];
}

/** What the examination is made with. */
export interface MacParts {
  run: RunTool;
  reach: Reach;
  config: Config;
  home: string;
  stateDir: string;
  /** The installed service: the command line in its file, and what runs of it; undefined where there is none. */
  service: { command: readonly string[]; pid: number | undefined } | undefined;
}

/** Looks at this Mac, and asks the running gateway for its own verdict (behaviour 13.1). */
export async function examineMac(parts: MacParts): Promise<ExaminedMac> {
  const { run, reach, service } = parts;
  const judged = service && judgedFile(service.command);
  const file = judged ?? process.execPath;
  const [verdict, signature, power] = await Promise.all([
    verdictOf({ ...parts, servicePid: service?.pid }),
    signatureOf(run, file),
    checkPower(run, parts.config.gateway.keepAwake),
  ]);
  const { whose, found, trouble } = verdict;
  const standing: Standing = { whose, judged };
  // What answers a service needs no prophecy.
  const isProved = whose === "service" && found.messages?.state === "answered";
  return {
    run,
    verdict,
    standing,
    signature,
    findings: [
      ...trouble,
      ...checkSignature(signature, file, { isService: judged !== undefined, isProved }),
      ...power,
      ...(await checkLocalNetwork(found.network, standing, reach)),
      ...(await checkSessions(readGatewayInfo(parts.stateDir)?.pid, run)),
    ],
  };
}
