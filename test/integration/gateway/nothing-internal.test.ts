import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openDatabase } from "../../../src/platform/index.js";
import { simulatorPath } from "../../faults/harness/gateway-process.js";
import { acpAgent } from "../../support/acp-agent.js";
import { AcpHouse, guest, owner } from "../../support/acp-house.js";
import {
  acpFailures,
  apiKey,
  commandFailures,
  type Failure,
  httpFailures,
  modelFailures,
  modelReplies,
  secret,
  startFailingService,
} from "../../support/agent-failures.js";
import { casesOf } from "../../support/cases.js";
import { type FakeModels, startFakeModels } from "../../support/fake-models.js";

const failureReply = "Sorry, something went wrong. Please try again in a moment.";

let acp: AcpHouse;
let service: { url: string; close(): void };
let models: FakeModels;
beforeEach(async () => {
  acp = new AcpHouse();
  service = await startFailingService();
  models = await startFakeModels();
  models.answer = ({ body }) => modelReplies[body.model]?.reply ?? { text: secret, stall: true };
});
afterEach(async () => {
  service.close();
  await models.close();
  await acp.close();
});

const handleOf = (index: number) => `+1555020${String(index).padStart(4, "0")}`;

/** Gives each failure an agent and a contact of its own, and lets all of them happen. */
async function letFail(failures: Failure[], defaults: Record<string, unknown> = {}): Promise<void> {
  // Keeps every byte that leaves the gateway.
  const wrapper = join(acp.house.folder, "imsg-and-record");
  const record = `if [ "$1" = rpc ]; then tee -a "${acp.house.folder}/sent.jsonl" | "${simulatorPath}" "$@"; else exec "${simulatorPath}" "$@"; fi`;
  writeFileSync(wrapper, `#!/bin/sh\n${record}\n`, { mode: 0o755 });
  const baseUrl = models.baseUrl;
  await acp.configure({
    imessage: { cliPath: wrapper },
    more: {
      agents: {
        defaults: { maxConcurrent: 60, ...defaults },
        list: failures.map(({ runtime }, index) => ({ id: `a${index}`, runtime })),
      },
      bindings: failures.map((_, index) => ({
        agentId: `a${index}`,
        match: { peer: { kind: "direct", id: handleOf(index) } },
      })),
      models: {
        providers: {
          compatible: { baseUrl, apiKey },
          claude: { baseUrl, apiKey, api: "anthropic-messages" },
          gone: { baseUrl: "http://127.0.0.1:1/v1" },
        },
      },
    },
  });
  await acp.house.startHere();
  for (const [index, { text }] of failures.entries()) acp.house.mac.say(handleOf(index), text);
  for (const index of failures.keys()) await acp.house.got(handleOf(index), 1, 90_000);
  await acp.house.settled("every turn has failed", 90_000);
  await expect.poll(() => told(owner).length, { timeout: 30_000 }).toBe(failures.length);
}

const told = (handle: string) => acp.house.textsTo(handle);

/** The code of each agent's turn, as the state has it. */
function codes(): Map<string, string> {
  const database = openDatabase(join(acp.house.folder, "state/state.db"), { readOnly: true });
  try {
    const rows = database.prepare("SELECT agent_id, error FROM turn").all();
    return new Map(rows.map((row) => [String(row.agent_id), JSON.parse(String(row.error))?.code]));
  } finally {
    database.close();
  }
}

/** Holds a contact's row, the owner's note and the state against what was to happen. */
function judge(failures: Failure[]): void {
  const code = codes();
  const seen = failures.map((failure, index) => [
    JSON.stringify(failure.runtime),
    code.get(`a${index}`),
    ...told(handleOf(index)),
  ]);
  expect(seen).toEqual(
    failures.map(({ runtime, code: wanted }) => [JSON.stringify(runtime), wanted, failureReply]),
  );
  for (const [index, { code: wanted }] of failures.entries()) {
    const note = told(owner).find((text) => text.startsWith(handleOf(index)));
    expect(note).toContain(`(${wanted})`);
    expect(note).not.toContain(apiKey);
  }
}

/** What left the gateway for anybody but the owner. */
function bytesToContacts(): string {
  const calls = readFileSync(join(acp.house.folder, "sent.jsonl"), "utf8").split("\n");
  const toOwner = [owner, `"chat_id":${acp.house.mac.chatId(owner)},`];
  return calls.filter((call) => !toOwner.some((mark) => call.includes(mark))).join("\n");
}

it("tells a contact of every failure the same neutral line, and nothing else", async () => {
  const failures: Failure[] = [
    ...casesOf(acpFailures(), 2),
    ...casesOf(commandFailures(acp.house.folder), 3),
    ...casesOf(httpFailures(service.url), 4),
    ...casesOf(modelFailures("compatible"), 3),
    ...casesOf(modelFailures("claude"), 3),
    { runtime: { type: "llm", model: "gone/model" }, text: "hello", code: "MODEL_NETWORK" },
  ];
  await letFail(failures);
  judge(failures);
  const bytes = bytesToContacts();
  expect(bytes.match(/"method":"send"/g)).toHaveLength(failures.length);
  expect(bytes).not.toMatch(new RegExp(`${secret}|${apiKey}|AGENT_|MODEL_|Error|\\n\\s+at |node:|nowhere`));
  expect(bytes).not.toContain(acp.house.folder);
}, 240_000);

it("tells a contact of an agent that does not finish the same, whichever runtime it is", {
  tags: ["long"],
  timeout: 120_000,
}, async () => {
  const fixture = (mode: string) => ({
    type: "acp",
    acp: { command: process.execPath, args: [acpAgent], env: { ACP_MODE: mode } },
  });
  const code = "AGENT_TIMEOUT";
  const sleeping = ["-e", `console.log("${secret}"); setInterval(() => {}, 1000)`];
  const failures: Failure[] = [
    { runtime: fixture(""), text: "hang", code },
    { runtime: fixture("silent"), text: "hello", code },
    { runtime: { type: "command", command: process.execPath, args: sleeping }, text: "hello", code },
    { runtime: { type: "llm", model: "compatible/stalls" }, text: "hello", code },
    { runtime: { type: "llm", model: "claude/stalls" }, text: "hello", code },
  ];
  await letFail(failures, { timeoutSeconds: 4 });
  judge(failures);
  expect(bytesToContacts()).not.toContain(secret);
});

it("says of a command's failure that it failed, not why, and no path to a contact", {
  tags: ["long"],
}, async () => {
  await acp.configure({ default: "fixture" });
  await acp.house.startHere();
  for (const text of [
    "/acp",
    "/acp spawn",
    "/acp steer",
    "/model a b c",
    "/approve zzzz 1",
    "/acp cwd",
    "/acp bogus",
  ]) {
    const said = await acp.ask(text);
    expect(said).not.toMatch(/Error|undefined|\n\s+at |null/);
  }
  for (const text of [
    "/help",
    "/status",
    "/whoami",
    "/queue",
    "/model",
    "/model x",
    "/stop",
    "/new",
    "/acp status",
  ]) {
    const said = await acp.ask(text, guest);
    expect(said).not.toMatch(/Error|undefined|\n\s+at |null|agent:/);
    expect(said).not.toContain(process.execPath);
    expect(said).not.toContain(acp.house.folder);
  }
});
