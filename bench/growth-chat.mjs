// What must not grow with a chat: one of 100,000 messages, in Messages and in our journal, beside one of 1,000. After a build.
// `node bench/growth-chat.mjs [--messages N] [--rounds N] [--build DIR]`: about four minutes. Linux only. The Mac is the simulator, whose own
// time is in what is waited for; processor time is the gateway's alone.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openSimulator } from "../dist/simulator.js";
import { command, inTurns, machine } from "./lib/compare.mjs";
import { openDatabase } from "./lib/database.mjs";
import { busyMs, quantile, residentMb, root, start } from "./lib/gateway.mjs";
import { historyOf } from "./lib/history.mjs";

const { values } = parseArgs({
  options: {
    messages: { type: "string", default: "100000" },
    rounds: { type: "string", default: "2" },
    build: { type: "string", default: root },
  },
});
const { build } = values;
const simulator = join(root, "dist/simulator/main.js");
const sizes = { small: 1000, large: Number(values.messages) };
/** Written while nothing ran, and one after the other then; of those the last have to be looked for in the chat. */
const [missed, single, doubtful] = [10, 60, 3];
const person = "+15550101000";
const folder = mkdtempSync(join(tmpdir(), "tapback-bench-"));
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A Mac and a journal that have the same chat. */
async function make(name, count) {
  const home = join(folder, name);
  mkdirSync(home);
  const env = { ...process.env, IMSG_SIM_HOME: home, IMSG_SIM_VERSION: "0.14.0" };
  const words = ["seed", "--people", "1", "--messages", String(count), "--days", "365"];
  execFileSync(process.execPath, [simulator, ...words], { env, stdio: "ignore" });
  const history = await historyOf(count, 1, 365, home);
  const state = openDatabase(join(home, `${count}-1.db`));
  state.exec(
    `ATTACH '${join(home, "chat.db")}' AS mac;
     UPDATE journal SET row_id = -row_id, guid = (SELECT guid FROM mac.message WHERE ROWID = -journal.row_id), sender = '${person}',
       body = replace(json_set(body, '$.rowId', -row_id, '$.guid', (SELECT guid FROM mac.message WHERE ROWID = -journal.row_id)), '+15550100000', '${person}')
       WHERE guid LIKE 'H-%';
     UPDATE turn SET session_key = replace(session_key, '+15550100000', '${person}');
     INSERT OR IGNORE INTO session (key) SELECT DISTINCT session_key FROM turn;
     UPDATE account SET cursor = ${count}, first = ${count}, stopped_at = ${Date.now()}`,
  );
  state.close();
  return { home, history };
}

async function measure({ home, history }) {
  const mac = join(folder, "mac");
  cpSync(home, mac, { recursive: true });
  const world = openSimulator(mac);
  const imsg = join(mac, "imsg");
  const run = `#!/bin/sh\nIMSG_SIM_HOME='${mac}' IMSG_SIM_VERSION=0.14.0 exec "${process.execPath}" "${simulator}" "$@"\n`;
  writeFileSync(imsg, run, { mode: 0o755 });
  const rows = openDatabase(world.dbPath);
  const answers = rows.prepare("SELECT count(*) AS count FROM message WHERE ROWID > ? AND is_from_me = 1");
  const before = Number(rows.prepare("SELECT max(ROWID) AS last FROM message").get().last);
  const answered = async (count) => {
    const since = performance.now();
    while (Number(answers.get(before).count) < count) {
      if (performance.now() - since > 90_000) throw new Error(`${count} answers were waited for`);
      await pause(4);
    }
  };
  for (let number = 0; number < missed; number++) world.say({ from: person, text: `missed ${number}` });
  const channel = { dbPath: world.dbPath, watchDebounceMs: 0, catchup: { enabled: true } };
  const settings = { imsg, channel, session: { dmScope: "per-peer" }, prepare: history.put, build };
  const started = performance.now();
  const program = start({ mode: "idle" }, settings);
  try {
    await answered(missed);
    const caughtUpMs = performance.now() - started;
    const startCpuMs = busyMs(program.pid);
    const times = [];
    for (let number = 0; number < single; number++) {
      const said = performance.now();
      world.say({ from: person, text: `message ${number}` });
      await answered(missed + number + 1);
      times.push(performance.now() - said);
    }
    const messageCpuMs = (busyMs(program.pid) - startCpuMs) / single;
    const since = busyMs(program.pid);
    const inDoubt = performance.now();
    for (let number = 0; number < doubtful; number++) {
      // Messages says nothing in time, and did not send it: it is looked for, and sent again.
      world.fault({ kind: "send-error", error: -1712, method: "send", times: 1 });
      world.say({ from: person, text: `doubtful ${number}` });
      await answered(missed + single + number + 1);
    }
    const doubtMs = (performance.now() - inDoubt) / doubtful;
    const doubtCpuMs = (busyMs(program.pid) - since) / doubtful;
    const costs = (...words) => command([...words, "--json"], program.env, build).cpuMs;
    return {
      ...{ caughtUpMs, startCpuMs },
      messageP50Ms: quantile(times.slice(10), 0.5),
      ...{ messageCpuMs, doubtMs, doubtCpuMs },
      explainCpuMs: costs("explain", "last"),
      inboxOfChatCpuMs: costs("inbox", "--chat", person),
      peopleShowCpuMs: costs("people", "show", person),
      residentMb: residentMb(program.pid),
    };
  } finally {
    await program.stop();
    rows.close();
    world.close();
    if (existsSync(mac)) rmSync(mac, { recursive: true, force: true });
  }
}

try {
  const cases = {};
  for (const [name, count] of Object.entries(sizes)) {
    const made = await make(name, count);
    cases[name] = () => measure(made);
  }
  const figures = await inTurns(Number(values.rounds), cases);
  console.log(JSON.stringify({ machine: machine(), sizes, figures }, null, 2));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
