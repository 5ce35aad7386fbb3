import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { commandAsProgram, commandHere } from "../support/command-here.js";

const cli = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
let home: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "tapback-import-"));
  const old = join(home, ".openclaw");
  mkdirSync(join(old, "imessage/catchup"), { recursive: true });
  mkdirSync(join(old, "credentials"));
  writeFileSync(
    join(old, "openclaw.json"),
    `{ channels: { imessage: { enabled: true, dmPolicy: "pairing", allowFrom: ["+1 555 010 0123"], catchup: { enabled: true }, nonsense: 1 } } }`,
  );
  writeFileSync(
    join(old, "credentials/imessage-allowFrom.json"),
    `{ "version": 1, "allowFrom": ["kim@example.com"] }`,
  );
  writeFileSync(
    join(old, "imessage/catchup/default__0123456789ab.json"),
    `{ "lastSeenMs": 1717900800000, "lastSeenRowid": 482910, "updatedAt": 1717900801234, "failureRetries": {} }`,
  );
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const shell = () => ({ ...process.env, HOME: home, IMSG_SIM_HOME: join(home, "mac") });

/** In this process; the offer, the import itself and the imsg that is asked are programs. */
const tapback = (...words: string[]) => commandHere(words, shell());
const program = (...words: string[]) => commandAsProgram(cli, words, shell());

it("offers the import before anything is configured", async () => {
  expect((await program()).stdout).toMatch(
    /tapback import openclaw +take over the configuration that is here/,
  );
});

it("shows what an import would do, does it, and keeps who may talk and where catch-up stood", async () => {
  const dry = await tapback("import", "openclaw", "--dry-run", "--json");
  expect(dry.code).toBe(0);
  const told = JSON.parse(dry.stdout);
  expect(told).toMatchObject({ access: { gained: [], lost: [] }, changed: true });
  expect(told.report).toContainEqual(
    expect.objectContaining({ key: "channels.imessage.nonsense", action: "dropped" }),
  );
  expect(existsSync(join(home, ".tapback"))).toBe(false);

  expect((await program("import", "openclaw")).code).toBe(0);
  expect(JSON.parse((await tapback("config", "validate", "--json")).stdout)).toMatchObject({ ok: true });
  const cursors = join(home, ".tapback/imessage/catchup");
  const [cursor] = readdirSync(cursors);
  expect(JSON.parse(readFileSync(join(cursors, cursor!), "utf8"))).toMatchObject({ lastSeenRowid: 482910 });
  expect((await tapback("pairing", "list")).stdout).toContain("kim@example.com");

  // The second time there is nothing left to do, and a changed file is not overwritten unasked.
  expect(JSON.parse((await tapback("import", "openclaw", "--json")).stdout).changed).toBe(false);
  await tapback("config", "set", "channels.imessage.dmPolicy", "allowlist");
  expect((await tapback("import", "openclaw")).code).toBe(1);
});

it("tells every setting that holds and where it comes from", async () => {
  const { accounts } = JSON.parse((await tapback("channels", "status", "--effective", "--json")).stdout);
  const find = (key: string) => accounts[0].effective.find((one: { key: string }) => one.key === key);
  expect(find("dmPolicy")).toMatchObject({
    value: "allowlist",
    origin: "channel",
    path: "channels.imessage.dmPolicy",
  });
  expect(find("historyLimit")).toMatchObject({ value: 50, origin: "default" });
});

it("writes a configuration whose variables are not set yet, and says that they have to be", async () => {
  const file = join(home, "named.json5");
  writeFileSync(
    file,
    `{ channels: { imessage: { cliPath: "\${IMSG_BIN}", allowFrom: ["\${ME}"] } }, env: { vars: { ME: "+15550100123" } } }`,
  );
  const target = join(home, "named-out/tapback.json5");
  const ran = await tapback("--config", target, "import", "openclaw", file);
  expect([ran.code, ran.stderr]).toEqual([0, ""]);
  expect(ran.stdout).toContain("Set IMSG_BIN for the gateway");
  expect(ran.stdout).toContain("The demo agent answers");
  const parts = ["keys kept", "Who may talk", "What changes", "What the environment needs", "The rest"];
  const places = parts.map((part) => ran.stdout.indexOf(part));
  expect(places).toEqual([...places].filter((place) => place >= 0).sort((a, b) => a - b));
  expect(readFileSync(target, "utf8")).toContain('allowFrom: ["+15550100123"]');
});

it("asks the Mac which groups BlueBubbles named by GUID", { tags: ["long"] }, async () => {
  const imsg = join(home, "imsg");
  const simulator = fileURLToPath(new URL("../../dist/simulator/main.js", import.meta.url));
  writeFileSync(imsg, `#!/bin/sh\nexec "${process.execPath}" "${simulator}" "$@"\n`, { mode: 0o755 });
  const env = { ...process.env, IMSG_SIM_HOME: join(home, "mac") };
  const sim = (...words: string[]) => spawnSync(imsg, words, { env, encoding: "utf8" }).stdout;
  const made = sim("group", "create", "--name", "Climbing", "--members", "+15550100124");
  const [, id, guid] = /^chat (\d+) (\S+)/.exec(made)!;
  sim("say", "--from", "+15550100124", "--group", "Climbing", "--text", "hi");
  const file = join(home, "blue.json5");
  const groups = { [guid!]: { requireMention: false }, "iMessage;+;chat404": {} };
  // The server has no cliPath; here it is written by hand, as the import of a machine without Messages needs it.
  const block = { password: "s3cret", groupPolicy: "open", groups, cliPath: imsg };
  writeFileSync(file, JSON.stringify({ channels: { bluebubbles: block } }));
  const dry = await tapback("import", "bluebubbles", file, "--dry-run", "--json");
  const { config, report } = JSON.parse(dry.stdout);
  expect(config.channels.imessage.groups).toEqual({ [id!]: { requireMention: false } });
  expect(config.channels.imessage.groupPolicy).toBe("open");
  const gone = report.find(({ key }: { key: string }) => key.includes("chat404"));
  expect(gone).toMatchObject({ action: "dropped", why: expect.stringContaining("chat_id is not known") });

  // Where nobody can be asked, nothing opens.
  writeFileSync(file, JSON.stringify({ channels: { bluebubbles: { ...block, cliPath: "/nowhere/imsg" } } }));
  const alone = JSON.parse((await tapback("import", "bluebubbles", file, "--dry-run", "--json")).stdout);
  expect(alone.config.channels.imessage).toMatchObject({ groupPolicy: "disabled" });
});
