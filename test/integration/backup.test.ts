import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type PackedFile, packed } from "../../src/cli/backup/tar.js";
import { outgoingFolder, stageFile } from "../../src/outbound/index.js";
import { checkStaged } from "../../src/outbound/staging.js";
import { openSimulator } from "../../src/simulator.js";
import { openStore } from "../../src/store/index.js";
import { House } from "../faults/harness/house.js";
import { directMessage } from "../support/message.js";

const mia = "+15550100001";
const sam = "+15550100002";
const house = new House();
const file = join(house.folder, "backup.tar.gz");
const other = join(house.folder, "other");
const elsewhere = { TAPBACK_STATE_DIR: other, TAPBACK_CONFIG: join(other, "tapback.json5") };
const memory = (state: string) => join(state, "workspaces/main/MEMORY.md");

/** Writes a backup of the house's state, with a configuration and a manifest that say something else. */
async function packBackup(
  configuration: string,
  manifest: Record<string, unknown> = {},
  more: PackedFile[] = [],
) {
  const says = { backup: 1, takenAt: Date.now(), stateDir: house.stateDir, withEnv: false, outgoing: [] };
  const pieces: Buffer[] = [];
  for await (const piece of packed([
    { name: "backup.json", from: { text: JSON.stringify({ ...says, ...manifest }) } },
    { name: "state.db", from: { path: join(house.stateDir, "state.db") } },
    { name: "tapback.json5", from: { text: configuration } },
    ...more,
  ]))
    pieces.push(piece);
  writeFileSync(file, gzipSync(Buffer.concat(pieces)));
}
const codeOf = ({ stdout }: { stdout: string }) => JSON.parse(stdout).error?.code;

/** A state that knows one message, under a number that it does not have in Messages. */
beforeAll(async () => {
  await house.configure();
  const sentAt = Date.now();
  const guid = house.mac.say(mia, "hello", undefined, sentAt);
  const store = openStore(join(house.stateDir, "state.db"));
  const { claim } = await store.accounts.claim("default", "node");
  const row = directMessage({ guid, rowId: 500, sentAt, text: "hello", sender: mia });
  row.chat = { ...row.chat, id: house.mac.chatId(mia), guid: "iMessage;-;sam@example.com" };
  await store.journal.admit(claim, [row], "live", Date.now());
  await store.accounts.release(claim, Date.now());
  await store.close();
  mkdirSync(join(house.stateDir, "workspaces/main"), { recursive: true });
  writeFileSync(memory(house.stateDir), "likes tea");
  writeFileSync(join(house.stateDir, "env"), "A_KEY=secret\n", { mode: 0o600 });
});
afterAll(() => house.close());

it("writes one file that is its owner's alone, with keys only when asked", async () => {
  const { code, stdout } = await house.tapback(["backup", file]);
  expect([code, stdout]).toEqual([0, expect.stringContaining("--with-keys takes them along")]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(codeOf(await house.tapback(["backup", file, "--json"]))).toBe("BACKUP_EXISTS");
  const again = await house.tapback(["backup", file, "--with-keys", "--force", "--json"]);
  expect(JSON.parse(again.stdout)).toEqual({ path: file, running: false, keys: true, memory: 1 });
  expect(readdirSync(house.stateDir).filter((name) => name.startsWith(".backup-"))).toEqual([]);
});

it("removes what a run that was killed left, and no backup that somebody keeps there", async () => {
  const longAgo = new Date(Date.now() - 2 * 3600_000);
  const names = [".backup-aB3xYz", "backup-260731", ".restore-260731"];
  for (const name of names.slice(0, 2)) mkdirSync(join(house.stateDir, name));
  writeFileSync(join(house.stateDir, names[2]!), "");
  for (const name of names) utimesSync(join(house.stateDir, name), longAgo, longAgo);
  expect((await house.tapback(["backup", file, "--with-keys", "--force"])).code).toBe(0);
  expect(names.filter((name) => existsSync(join(house.stateDir, name)))).toEqual(names.slice(1));
});

it("puts it in place elsewhere, and tells where numbers of chats mean somebody else", async () => {
  const { code, stdout } = await house.tapback(["restore", file, "--json"], elsewhere);
  const chatId = house.mac.chatId(mia);
  expect([code, JSON.parse(stdout)]).toEqual([
    0,
    expect.objectContaining({
      accounts: [
        {
          account: "default",
          generation: "other",
          moved: [{ chatId, was: "sam@example.com", now: mia }],
          aside: 0,
          catchup: false,
        },
      ],
      aside: [],
    }),
  ]);
  expect(readFileSync(memory(other), "utf8")).toBe("likes tea");
  expect(readFileSync(join(other, "env"), "utf8")).toBe("A_KEY=secret\n");
  expect(readdirSync(other).filter((name) => name.startsWith(".restore-"))).toEqual([]);
});

it("replaces nothing unless it is told to, and keeps what was there", async () => {
  expect(codeOf(await house.tapback(["restore", file, "--json"], elsewhere))).toBe("RESTORE_EXISTS");
  const { code, stdout } = await house.tapback(["restore", file, "--force"], elsewhere);
  expect([code, stdout]).toEqual([0, expect.stringContaining("another one than the backup's")]);
  expect(readdirSync(other).filter((name) => name.startsWith("state.db.before-")).length).toBeGreaterThan(0);
});

it("holds to a STOP that was said and confirmed since (behaviour 3.7)", async () => {
  const sim = openSimulator(house.folder);
  house.mac.say(mia, "STOP");
  sim.say({ from: "me", chat: mia, text: "You get no more messages." });
  sim.close();
  expect((await house.tapback(["restore", file, "--force"], elsewhere)).code).toBe(0);
  const store = openStore(join(other, "state.db"));
  expect((await store.pairing.optedOut("default")).map(({ handle }) => handle)).toEqual([mia]);
  await store.close();
});

it("changes nothing where Messages cannot be asked, and answers nothing old where it is not", async () => {
  rmSync(other, { recursive: true });
  await house.configure({ cliPath: join(house.folder, "no-imsg") });
  await house.tapback(["backup", file, "--force"]);
  expect(codeOf(await house.tapback(["restore", file, "--json"], elsewhere))).toBe("RESTORE_UNASKED");
  expect(existsSync(join(other, "state.db"))).toBe(false);
  const { code } = await house.tapback(["restore", file, "--without-messages"], elsewhere);
  expect(code).toBe(0);
  const store = openStore(join(other, "state.db"));
  expect(await store.journal.list({ reason: "restored", limit: 9 })).toHaveLength(1);
  await store.close();
});

it("puts aside also what nobody can ask about: an account that is not served, and all where the configuration is invalid", async () => {
  const store = openStore(join(house.stateDir, "state.db"));
  const { claim } = await store.accounts.claim("work", "node");
  const basta = { guid: "BASTA", rowId: 7, sentAt: Date.now(), text: "basta", sender: sam };
  await store.journal.admit(claim, [directMessage(basta)], "live", Date.now());
  await store.close();
  const unset = "$" + "{NOT_HERE}";
  await house.configure({}, { messages: { responsePrefix: unset }, optOut: { words: ["BASTA"] } });
  await house.tapback(["backup", file, "--force"], { NOT_HERE: "x" });
  const restore = (env: Record<string, string>, ...words: string[]) =>
    house.tapback(["restore", file, "--json", ...words], { ...elsewhere, ...env });
  rmSync(other, { recursive: true });
  const work = { account: "work", generation: "unasked", aside: 1, catchup: false };
  const named = JSON.parse((await restore({ NOT_HERE: "x" })).stdout);
  expect(named.accounts).toMatchObject([{ account: "default", generation: "other" }, work]);
  rmSync(other, { recursive: true });
  expect(codeOf(await restore({}))).toBe("RESTORE_UNASKED");
  const unread = JSON.parse((await restore({}, "--without-messages")).stdout);
  expect(unread).toMatchObject({
    accounts: [
      { account: "default", generation: "unasked", aside: 1 },
      { account: "work", generation: "unasked", aside: 1 },
    ],
    memory: [memory(other)],
  });
  expect(readFileSync(memory(other), "utf8")).toBe("likes tea");
  const restored = openStore(join(other, "state.db"));
  expect(await restored.journal.list({ reason: "restored", limit: 9 })).toHaveLength(2);
  // What came since counts as missed, and a STOP in the words of the configuration holds.
  expect((await restored.accounts.claim("work", "node")).facts.stoppedAt).toBe(Date.parse(unread.takenAt));
  expect(await restored.pairing.optedOut("work")).toMatchObject([{ handle: sam }]);
  expect(await restored.pairing.optedOut("default")).toEqual([]);
  await restored.close();
});

it("ends what was due by now also where it was due before the backup, and waited", async () => {
  const store = openStore(join(house.stateDir, "state.db"));
  const hour = 3600_000;
  const at = (id: string, dueAt: number, repeat?: { cron: string; zone: string }) =>
    store.schedule.add({
      ...{ id, dueAt, repeat, account: "default", sessionKey: "s", createdAt: 1 },
      item: {
        target: { kind: "handle", handle: mia, service: "auto" },
        chatKey: mia,
        text: id,
        origin: "turn",
      },
    });
  await at("quiet", Date.now() - hour);
  await at("daily", Date.now() - hour, { cron: "0 8 * * *", zone: "UTC" });
  await at("later", Date.now() + hour);
  await store.close();
  await house.tapback(["backup", file, "--force"]);
  expect((await house.tapback(["restore", file, "--force", "--without-messages"], elsewhere)).code).toBe(0);
  const restored = openStore(join(other, "state.db"));
  const waiting = await restored.schedule.list();
  expect(waiting.map(({ id, dueAt }) => [id, dueAt > Date.now()]).sort()).toEqual([
    ["daily", true],
    ["later", true],
  ]);
  await restored.close();
});

it("brings files that wait to be sent also where links lead to the state directories", async () => {
  rmSync(other, { recursive: true });
  const [there, here] = [join(house.folder, "link"), join(house.folder, "other-link")];
  symlinkSync(house.stateDir, there);
  mkdirSync(other);
  symlinkSync(other, here);
  const plan = join(house.folder, "plan.pdf");
  writeFileSync(plan, "the plan");
  const staged = await stageFile(realpathSync(plan), outgoingFolder(there), 1);
  if (!staged.ok) throw staged.error;
  const store = openStore(join(house.stateDir, "state.db"));
  const target = { kind: "handle" as const, handle: mia, service: "auto" as const };
  const waits = { target, chatKey: `handle:${mia}`, file: staged.value.path, origin: "turn" as const };
  const id = await store.outbox.add("default", waits, Date.now());
  await store.close();
  const from = await house.tapback(["backup", file, "--force"], { TAPBACK_STATE_DIR: there });
  const to = { TAPBACK_STATE_DIR: here, TAPBACK_CONFIG: join(other, "tapback.json5") };
  const into = await house.tapback(["restore", file, "--without-messages"], to);
  expect([from.code, into.code]).toEqual([0, 0]);
  const restored = openStore(join(other, "state.db"));
  const path = (await restored.outbox.get(id))!.file!;
  await restored.close();
  expect(await checkStaged(path, outgoingFolder(here), 1)).toBeUndefined();
  expect(readFileSync(path, "utf8")).toBe("the plan");
});

it("puts no configuration in place that names a server: the state would not count", async () => {
  const restore = async (configuration: string) => {
    rmSync(other, { recursive: true });
    await packBackup(configuration);
    const { stdout } = await house.tapback(["restore", file, "--json", "--without-messages"], elsewhere);
    return [JSON.parse(stdout).server, readFileSync(join(other, "tapback.json5"), "utf8")];
  };
  const url = 'url: "postgres://x@127.0.0.1:1/x"';
  const named = (value: string) => `{ store: { ${value} }, /* mine */ logging: { level: "debug" } }`;
  expect(await restore(named(url))).toEqual(["taken_out", named("").replace("  ", " ")]);
  // Also where it is invalid here, and the server cannot be told.
  const unset = 'url: "$' + '{NOT_HERE}"';
  expect(await restore(named(unset))).toEqual(["taken_out", named("").replace("  ", " ")]);
  expect(await restore(named("").replace("debug", "info"))).toEqual([
    undefined,
    named("").replace("debug", "info"),
  ]);
  expect(await restore(`${named(url)} }`)).toEqual(["unread", `${named(url)} }`]);
});

it("is refused as a whole when it is cut off", async () => {
  rmSync(other, { recursive: true });
  writeFileSync(file, readFileSync(file).subarray(0, -200));
  expect(codeOf(await house.tapback(["restore", file, "--json"], elsewhere))).toBe("BACKUP_UNREADABLE");
  expect(existsSync(join(other, "state.db"))).toBe(false);
});
