import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { commandAsProgram, commandHere } from "../support/command-here.js";
import { removeFolder } from "../support/remove-folder.js";

const main = join(import.meta.dirname, "../../dist/cli/main.js");
let home: string;
const state = () => join(home, ".tapback");

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "tapback-upkeep-"));
  mkdirSync(join(state(), "workspaces/main"), { recursive: true, mode: 0o700 });
  const config = { channels: { imessage: {} }, logging: { file: join(home, "gateway.log") } };
  writeFileSync(join(state(), "tapback.json5"), JSON.stringify(config));
  const ours = ["state.db", "state.db-wal", "env", "env.lock", "alerts.json", "console.key"];
  for (const name of [...ours, "mine.txt", "backup-2026-07.tar.gz", "backup-260731"])
    writeFileSync(join(state(), name), "", { mode: 0o600 });
});
afterEach(() => removeFolder(home));

const program: typeof commandHere = (words, env) => commandAsProgram(main, words, env);

/** Runs a command in this process where no service manager, and no npm but this one, is found; as a program where its version counts. */
function tapback(words: string[], npm = "exit 1", run = commandHere) {
  const bin = join(home, "bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "npm"), `#!/bin/sh\n${npm}\n`, { mode: 0o755 });
  for (const name of ["systemctl", "launchctl"])
    writeFileSync(join(bin, name), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
  const env = { HOME: home, PATH: `${bin}:/usr/bin:/bin` };
  return run([...words, "--json"], env);
}

it("asks npm for the newest version, and says when it does not answer", async () => {
  const newer = await tapback(["update", "--check"], `echo '"999.1.0"'`);
  expect([newer.code, JSON.parse(newer.stdout)]).toEqual([
    0,
    expect.objectContaining({ newest: "999.1.0", newer: true }),
  ]);
  const older = await tapback(["update"], `echo '"0.0.1"'`, program);
  expect(JSON.parse(older.stdout).newer).toBe(false);
  const offline = await tapback(["update"], "echo offline >&2; exit 1");
  expect([offline.code, JSON.parse(offline.stdout).error.code]).toEqual([1, "UPDATE_UNKNOWN"]);
});

it("prints the newest lines of the log that the configuration names", async () => {
  writeFileSync(join(home, "gateway.log"), "one\ntwo\nthree\n");
  expect(JSON.parse((await tapback(["logs", "--lines", "2"])).stdout)).toEqual({ lines: ["two", "three"] });
});

it("uninstalls what it is told to, and nothing that it does not know", async () => {
  expect(JSON.parse((await tapback(["uninstall"])).stdout).removed).toEqual([]);
  expect(existsSync(join(state(), "state.db"))).toBe(true);
  expect((await tapback(["uninstall", "--purge"])).code).toBe(0);
  expect(readdirSync(state())).toEqual(["backup-2026-07.tar.gz", "backup-260731", "mine.txt"]);
});

it("exits with 4 where an account is to be served and no gateway runs", async () => {
  writeFileSync(join(state(), "state.db"), "");
  const { code, stdout } = await tapback(["channels", "status"]);
  expect([code, JSON.parse(stdout).gateway]).toEqual([4, null]);
});
