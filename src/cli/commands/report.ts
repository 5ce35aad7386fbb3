import { randomBytes } from "node:crypto";
import { release } from "node:os";
import { resolve } from "node:path";
import { type ConfigFailure, type LoadedConfig, loadConfig } from "../../config/index.js";
import { maskSecrets } from "../../config/inspect/index.js";
import { askGateway } from "../../control/index.js";
import { messageOf, type Result, TapbackError, version, writeFileAtomic } from "../../platform/index.js";
import type { Store } from "../../store/index.js";
import type { Context } from "../context.js";
import { printJson, printLine } from "../output.js";
import { redactConfig } from "../report/configuration.js";
import { redactHealth } from "../report/health.js";
import { reportEntry, reportSend } from "../report/journal.js";
import { knownNames } from "../report/known-names.js";
import { StandIns } from "../report/stand-ins.js";
import { withStateIfAny } from "../state.js";

export interface ReportOptions {
  out?: string;
  /** Of a test that is made of a report; here an error. */
  wrong?: string[];
}

/** Messages and sends in a report; enough for the story of a day or two. */
const most = 1000;

/**
 * `tapback report`: writes what a bug report needs into one file: versions, configuration, health, journal, with people,
 * text and paths replaced by stand-ins (behaviour 16.3).
 * @throws `USAGE`, `REPORT_UNWRITABLE`
 */
export async function report(context: Context, options: ReportOptions): Promise<undefined> {
  if (options.wrong !== undefined) throw new TapbackError("USAGE", "--wrong goes with --as-test");
  const loaded = await loadConfig({ env: context.env, home: context.home, path: context.configOption });
  const standIns = new StandIns(randomBytes(32), loaded.ok ? knownNames(loaded.value.config, context) : []);
  const bundle = {
    report: 1,
    madeAt: new Date().toISOString(),
    versions: {
      tapback: version,
      node: process.version,
      platform: process.platform,
      arch: process.arch,
      release: release(),
    },
    configuration: configuration(context, loaded, standIns),
    health: await health(context, standIns),
    ...(await withStateIfAny(context, (store) =>
      store ? state(store, standIns) : { journal: [], sends: [] },
    )),
  };
  const stamp = bundle.madeAt.slice(0, 19).replace(/[:T]/g, "-");
  const file = resolve(options.out ?? `tapback-report-${stamp}.json`);
  try {
    writeFileAtomic(file, `${JSON.stringify(bundle, null, 1)}\n`);
  } catch (error) {
    throw new TapbackError("REPORT_UNWRITABLE", `${file} cannot be written: ${messageOf(error)}`, {
      hint: "Name another file with --out.",
    });
  }
  if (context.json) return void printJson({ path: file, messages: bundle.journal.length });
  printLine(`Wrote ${file}: ${bundle.journal.length} messages, without people, texts, paths and secrets.`);
  printLine("Look through it before you send it to anybody.");
}

function configuration(
  context: Context,
  loaded: Result<LoadedConfig, ConfigFailure>,
  standIns: StandIns,
): unknown {
  if (loaded.ok)
    return redactConfig(maskSecrets(loaded.value.config, [], Object.values(context.variables)), standIns);
  // A value may stand in the message; where and what was expected is enough.
  const { errors } = loaded.error;
  return {
    invalid: errors.map(({ path, line, column, expected }) => ({
      path: standIns.sentence(path),
      line,
      column,
      expected,
    })),
  };
}

async function health(context: Context, standIns: StandIns): Promise<unknown> {
  const answer = await askGateway(context.stateDir, "status", {}).catch((error: unknown) => ({
    result: { unreachable: messageOf(error) },
  }));
  return answer ? redactHealth(answer.result, standIns) : null;
}

async function state(store: Store, standIns: StandIns) {
  const entries = await store.journal.list({ limit: most, own: true });
  const sends = await store.outbox.list({ limit: most });
  return {
    journal: await Promise.all(entries.map((entry) => reportEntry(entry, store, standIns))),
    sends: sends.filter(({ turnId }) => turnId === undefined).map((item) => reportSend(item, standIns)),
  };
}
