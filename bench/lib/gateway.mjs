// Starts a gateway for a benchmark, in its own state directory, against the fast imsg.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));
export const fastImsg = join(root, "bench/lib/fast-imsg.mjs");
const unbounded = { perChatPerMinute: 100000, perAccountPerHour: 1000000, newRecipientsPerDay: 100000 };
const floors = { bare: "floor.mjs", durable: "durable-floor.mjs" };

/**
 * Starts a program with a plan.
 * @param options.floor.kind starts a floor instead: `bare` or `durable`
 * @param options.floor.model address of a model that the durable floor asks
 * @param options.build folder of the build whose gateway is started; absent: this one's
 * @param options.accounts names of several accounts, instead of one
 * @param options.imsg the program that is the accounts' `imsg`, instead of a Mac of its own for each
 * @param options.variables for it, in the environment
 * @param options.flags of Node; absent: those with which `tapback service install` has it run
 * @param options.channel settings of `channels.imessage` that are to be others
 * @param options.outbound how much the account may send; absent: as much as comes
 * @param options.prepare is given the path of the state database and the environment before the start
 * @param options.settings top-level blocks of the configuration
 * @returns handles to wait for its figures and to end it
 */
export function start(
  plan,
  {
    floor,
    build = root,
    accounts = [],
    imsg = fastImsg,
    variables,
    flags = ["--max-semi-space-size=4"],
    channel,
    outbound = unbounded,
    prepare,
    ...settings
  } = {},
) {
  const folder = mkdtempSync(join(tmpdir(), "tapback-bench-"));
  const out = join(folder, "figures.json");
  const subscribed = join(folder, "subscribed");
  const config = {
    channels: {
      imessage: {
        cliPath: imsg,
        dmPolicy: "open",
        allowFrom: ["*"],
        ...(accounts.length > 0 && {
          defaultAccount: accounts[0],
          accounts: Object.fromEntries(accounts.map((name) => [name, { dbPath: name }])),
        }),
        outbound,
        ...channel,
      },
    },
    agents: { list: [{ id: "main", runtime: { type: "demo" } }], defaults: {} },
    ...settings,
  };
  writeFileSync(join(folder, "tapback.json5"), JSON.stringify(config));
  const env = {
    ...process.env,
    TAPBACK_STATE_DIR: folder,
    TAPBACK_CONFIG: join(folder, "tapback.json5"),
    BENCH_PLAN: JSON.stringify({ senders: 1, ...plan, out, subscribed }),
    ...(floor?.model && { BENCH_MODEL: floor.model }),
    ...variables,
  };
  prepare?.(join(folder, "state.db"), env);
  const gateway = [...flags, join(build, "dist/cli/main.js"), "gateway"];
  const words = floor ? [join(root, "bench/lib", floors[floor.kind]), fastImsg, folder] : gateway;
  const startedAt = Date.now();
  const child = spawn(process.execPath, words, {
    env,
    stdio: ["ignore", "ignore", process.env.BENCH_LOG ? "inherit" : "ignore"],
  });
  const waitFor = async (file, seconds = 120) => {
    for (let tries = 0; tries < seconds * 200; tries++) {
      // It may be there and not written yet.
      const text = existsSync(file) ? readFileSync(file, "utf8") : "";
      if (text) return text;
      if (child.exitCode !== null) throw new Error(`the program ended with ${child.exitCode}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error(`nothing after ${seconds} s`);
  };
  return {
    pid: child.pid,
    env,
    folder,
    startedAt,
    subscribedAt: async (account) => Number(await waitFor(account ? `${subscribed}.${account}` : subscribed)),
    figures: async (account) => JSON.parse(await waitFor(account ? `${out}.${account}` : out)),
    /** @param keep is given the state directory before it is removed */
    async stop({ keep } = {}) {
      child.kill("SIGTERM");
      await new Promise((resolve) => (child.exitCode === null ? child.once("exit", resolve) : resolve()));
      keep?.(folder);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Resident memory of a process, megabytes. */
export function residentMb(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024;
}

/** Processor time of a process so far, seconds (ticks of 10 ms). */
export function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Processor time of a process so far, milliseconds, to the microsecond; that of threads which have ended is not in it. */
export function busyMs(pid) {
  const threads = readdirSync(`/proc/${pid}/task`);
  const times = threads.map((thread) => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8"));
  return times.reduce((sum, text) => sum + Number(text.split(" ", 1)[0]) / 1e6, 0);
}

/** @param share 0 to 1 */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
