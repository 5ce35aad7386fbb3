import { join } from "node:path";
import { type Reach, type RunTool, reachByTcp, toolsOf } from "../bridge/index.js";
import { expandHome, formatProblem, loadConfig, resolveAccounts } from "../config/index.js";
import type { ProofPlace } from "../turns/index.js";
import { checkAccount } from "./account.js";
import { checkAgents } from "./agents.js";
import { checkAlerts } from "./alerts.js";
import { type Finding, failed, fine, warn } from "./check.js";
import { checkEnvironment } from "./environment.js";
import { checkLogFile } from "./log-file.js";
import { examineMac } from "./macos/mac.js";
import { checkMcpServers } from "./mcp-servers.js";
import { checkNeighbours } from "./neighbours.js";
import { checkSends } from "./sends.js";
import { checkService, installedService, loadedOf } from "./service.js";
import { checkSharing } from "./sharing.js";
import { checkClock, checkGateway, checkMacClock, checkState } from "./state.js";
import { checkVoice } from "./voice.js";

export interface DoctorOptions {
  env: Record<string, string | undefined>;
  home: string;
  stateDir: string;
  /** The value of `--config`, when given. */
  configOption?: string | undefined;
  platform: NodeJS.Platform;
  /** Milliseconds since the epoch. */
  now: number;
  /** How this program is started once more; absent: nothing is proved of the tools that it serves to ACP agents. */
  program?: ProofPlace["program"] | undefined;
  /** Told of each finding as it is made, in a stable order. */
  onFinding: (finding: Finding) => void;
  /** How tools of macOS are run, and places in the network reached; the machine's own when absent. */
  machine?: { run: RunTool; reach: Reach };
}

/** Runs every check that can be run (behaviour 13). @returns all findings */
export async function examine(options: DoctorOptions): Promise<Finding[]> {
  const { env, home, stateDir, configOption, platform, now, onFinding } = options;
  const { run, reach } = options.machine ?? { run: toolsOf(env), reach: reachByTcp };
  const findings: Finding[] = [];
  const tell = (...some: Finding[]) => {
    for (const finding of some) {
      findings.push(finding);
      onFinding(finding);
    }
  };
  const loaded = await loadConfig({ env, home, path: configOption });
  if (loaded.ok) {
    const { path, source, warnings } = loaded.value;
    if (source !== undefined) tell(fine("config", path));
    for (const problem of warnings)
      tell(warn("config", formatProblem(path, problem), "See docs/reference/configuration.md."));
  } else {
    const { path, errors } = loaded.error;
    for (const problem of errors)
      tell(
        failed(
          "config",
          formatProblem(path, problem),
          "Correct the file; `tapback config validate` checks it.",
        ),
      );
  }
  const service = await installedService({ env, home, stateDir, configOption });
  const launched = service && (await loadedOf(service, run));
  const ownLog = loaded.ok ? loaded.value.config.logging.file : undefined;
  const logs = [
    ...(service?.manager.name === "launchd"
      ? [{ path: join(service.stateDir, "gateway.log"), isService: true }]
      : []),
    ...(ownLog === undefined ? [] : [{ path: expandHome(ownLog, home), isService: false }]),
  ];
  const place = { stateDir, url: loaded.ok ? loaded.value.config.store.url : undefined };
  tell(
    ...(await checkState(place)),
    ...(await checkEnvironment(stateDir, env, loaded.ok ? loaded.value : undefined)),
    checkClock(now),
    ...(await checkGateway(stateDir)),
    ...(service ? await checkService(service, launched, env) : []),
    ...logs.map(checkLogFile),
    await checkNeighbours(),
  );
  if (!loaded.ok) return findings;
  // Where the lists alone tell it, the configuration was warned of above.
  if (!loaded.value.warnings.some(({ path }) => path === "session.dmScope"))
    tell(...(await checkSharing(loaded.value.config, place)));
  const accounts = resolveAccounts(loaded.value.config).filter(({ enabled }) => enabled);
  if (accounts.length === 0)
    tell(
      warn(
        "accounts",
        "no account is enabled",
        "Run `tapback init`, or add channels.imessage to the configuration.",
      ),
    );
  const { config } = loaded.value;
  const here =
    platform === "darwin"
      ? await examineMac({
          run,
          reach,
          config,
          home,
          stateDir,
          service: service && { command: service.command, pid: launched?.pid },
        })
      : undefined;
  tell(...(here?.findings ?? []));
  // Side by side, told in order: a slow Mac must not hold up the others.
  for (const found of accounts.map((account) => checkAccount(account, home, here))) tell(...(await found));
  for (const { id } of accounts) tell(...(await checkMacClock(place, id)));
  tell(
    ...(await checkSends(
      place,
      accounts.map(({ id }) => id),
    )),
  );
  tell(...(await checkAgents(loaded.value.config, { env, home, stateDir, program: options.program })));
  tell(...(await checkMcpServers(loaded.value.config, { env, home, stateDir })));
  tell(...checkAlerts(loaded.value.config, { env, home }));
  tell(...checkVoice(loaded.value.config, accounts, { env, home }));
  return findings;
}
