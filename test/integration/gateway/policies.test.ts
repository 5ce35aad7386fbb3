import { existsSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type GatewayProcess, simulatorPath } from "../../faults/harness/gateway-process.js";
import { House } from "../../faults/harness/house.js";
import { until } from "../../faults/harness/wait.js";
import { closeWorlds, recordingWorld, textsTo } from "../../support/recording-world.js";

const mia = "+15550100001";
const sam = "sam@example.com";
// A busy machine starts a gateway in seconds; how long it takes proves nothing.
vi.setConfig({ testTimeout: 120_000 });
let house: House;

/** Waits until so many messages were decided, whatever became of them. */
async function decided(count: number): Promise<void> {
  await until(
    async () => {
      const { stdout } = await house.tapback(["inbox", "--json"]);
      const rows = JSON.parse(stdout || "[]") as { state: string }[];
      return rows.length >= count && rows.every(({ state }) => state === "done" || state === "failed");
    },
    () => house.log,
  );
}

describe("a gateway answers direct messages", () => {
  afterEach(closeWorlds);

  it("from everyone under `open`", async () => {
    const { world } = await recordingWorld({ dmPolicy: "open", allowFrom: ["*"] });
    world.person(mia).says("one");
    world.person(sam).says("two");
    await world.settles();
    expect(textsTo(world.person(mia))).toEqual(["re: one"]);
    expect(textsTo(world.person(sam))).toEqual(["re: two"]);
  });

  it("from whom the list names under `allowlist`", async () => {
    const { world, envelopes } = await recordingWorld({
      dmPolicy: "allowlist",
      allowFrom: ["(555) 010-0001"],
    });
    world.person(sam).says("one");
    world.person(mia).says("two");
    await world.settles();
    expect(textsTo(world.person(mia))).toEqual(["re: two"]);
    expect(textsTo(world.person(sam))).toEqual([]);
    expect(envelopes.map(({ text }) => text)).toEqual(["two"]);
  });

  it("from nobody under `disabled`", async () => {
    const { world, envelopes } = await recordingWorld({ dmPolicy: "disabled", allowFrom: [mia] });
    world.person(mia).says("one");
    await world.settles();
    expect(textsTo(world.person(mia))).toEqual([]);
    expect(envelopes).toEqual([]);
  });
});

describe("a gateway answers direct messages", () => {
  beforeEach(() => {
    house = new House();
  });
  afterEach(() => house.close());

  it("from approved senders under `pairing`, with one code for the others", async () => {
    await house.configure({ dmPolicy: "pairing", allowFrom: [sam] });
    await house.startHere();
    house.mac.say(sam, "q0 plain");
    house.mac.say(mia, "q1 plain");
    house.mac.say(mia, "q2 plain");
    expect(await house.got(sam, 1)).toEqual(["answer to q0"]);
    await decided(3);
    const [offer = "", ...more] = (await house.got(mia, 1))
      .join("\n")
      .split(/(?=Your pairing code)/)
      .slice(1);
    expect(more).toEqual([]);
    const [code] = /[A-Z2-9]{8}/.exec(offer)!;
    const { code: exit } = await house.tapback(["pairing", "approve", "imessage", code]);
    expect(exit).toBe(0);
    const before = house.textsTo(mia).length;
    house.mac.say(mia, "q3 plain");
    expect((await house.got(mia, before + 1)).slice(before)).toEqual(["answer to q3"]);
    expect(house.agent.runs.map(({ text }) => text)).toEqual(["q0 plain", "q3 plain"]);
  });
});

// Puts lines of its own between what `imsg rpc` writes to the gateway, whenever a file asks for some.
const wrapper = (wanted: string) => `#!/usr/bin/env node
import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
const child = spawn(process.execPath, [${JSON.stringify(simulatorPath)}, ...process.argv.slice(2)], { stdio: ["pipe", "pipe", "inherit"] });
process.stdin.pipe(child.stdin);
child.stdout.pipe(process.stdout);
child.on("exit", (code) => process.exit(code ?? 1));
process.on("SIGTERM", () => child.kill());
const put = (text) => process.stdout.write(text);
let count = 0;
const message = (more) => ({ id: 900 + count, guid: "JUNK-" + process.pid + "-" + count, chat_id: 1, chat_identifier: "+15550100001", chat_guid: "iMessage;-;+15550100001", chat_name: "", participants: ["+15550100001"], is_group: false, sender: "+15550100001", is_from_me: false, text: "junk" + count + " plain", created_at: new Date().toISOString(), attachments: [], reactions: [], ...more });
const row = (more) => put(JSON.stringify({ jsonrpc: "2.0", method: "message", params: { subscription: 1, message: message(more) } }) + "\\n");
const wanted = ${JSON.stringify(wanted)};
const look = () => {
  let junk;
  try {
    junk = readFileSync(wanted, "utf8");
  } catch {
    return;
  }
  count++;
  new Function("put", "row", junk)(put, row);
  rmSync(wanted);
};
if (process.argv[2] === "rpc") setInterval(look, 10);
`;

describe("a gateway survives what imsg may write (protocol reference 12)", () => {
  let gateway: GatewayProcess;
  let wanted: string;
  let said = 0;

  beforeAll(async () => {
    house = new House();
    wanted = join(house.folder, "wanted");
    const cliPath = join(house.folder, "wrapper.mjs");
    writeFileSync(cliPath, wrapper(wanted), { mode: 0o755 });
    await house.configure({ cliPath });
    gateway = await house.start({ env: { TAPBACK_TEST_LATE_JOIN_MS: "1500" } });
  });
  afterAll(() => house.close());

  /** Somebody writes, and is answered. */
  async function answers(): Promise<void> {
    const name = `q${said++}`;
    house.mac.say(mia, `${name} plain`);
    await until(
      () => house.textsTo(mia).includes(`answer to ${name}`),
      () => house.log,
    );
  }

  it.each([
    ["lines that are no JSON", `put("objc[501]: noise\\n{half a line\\n\\n[]\\n42\\nnull\\n");`, 0],
    [
      "answers that nobody waits for",
      `put('{"jsonrpc":"2.0","id":99999,"result":{}}\\n{"id":null,"result":{}}\\n');`,
      0,
    ],
    ["a text with line separators", `row({ text: "u\\u2028v\\u2029w plain" });`, 1],
    [
      "a row without a chat that never gets one",
      `row({ chat_id: 0, chat_guid: "", chat_identifier: "", participants: [] });`,
      0,
    ],
    ["a row twice", `row({}); row({}); row({ chat_id: 2 });`, 1],
    ["a notification of 600 KB", `row({ text: "long plain " + "x".repeat(600_000) });`, 1],
    [
      "an error notification",
      `put('{"jsonrpc":"2.0","method":"error","params":{"subscription":1,"error":{"message":"database is locked (code: 5)"}}}\\n');`,
      0,
    ],
    [
      "rows without sense",
      `row({ id: "x" }); row({ guid: 7 }); row({ created_at: "yesterday" }); row({ chat_id: null }); put('{"method":"message","params":null}\\n');`,
      undefined,
    ],
    [
      "a flood of notifications",
      `for (let i = 0; i < 20000; i++) put('{"method":"noise","params":{"n":' + i + '}}\\n');`,
      0,
    ],
  ])("%s", async (_, junk, answered) => {
    const asked = house.agent.runs.length;
    await answers();
    writeFileSync(`${wanted}-next`, junk);
    renameSync(`${wanted}-next`, wanted);
    await until(
      () => !existsSync(wanted),
      () => house.log,
    );
    await answers();
    if (answered !== undefined)
      await until(
        () => house.agent.runs.length === asked + 2 + answered,
        () => `${JSON.stringify(house.agent.runs)}\n${house.log}`,
      );
    // A row without its chat is looked for half a minute.
    await house.settled("everything is done", 60_000);
    const turns = house.agent.runs.map(({ guids }) => guids.join());
    expect(new Set(turns).size).toBe(turns.length);
    expect(gateway.ending).toBeUndefined();
  });

  it("and ends in order after all of it", async () => {
    expect(await gateway.stop()).toEqual({ code: 0, signal: null });
  });
});
