import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Mac } from "../../faults/harness/mac.js";
import { GatewayLab } from "../../support/gateway-lab.js";

const tom = "+15550100123";
const ida = "+15550100124";
const owner = "+15550100009";
const agent = join(import.meta.dirname, "../../fixtures/stopped-agent.mjs");

let lab: GatewayLab;
let other: Mac;

beforeEach(() => {
  lab = new GatewayLab();
  const folder = join(lab.folder, "second");
  mkdirSync(folder);
  other = new Mac(folder);
});

afterEach(async () => {
  await other.close();
  await lab.close();
});

it("answers a turn that ran while dbPath was changed to nobody who has its chat's number now", {
  timeout: 90_000,
}, async () => {
  const [go, results] = [join(lab.folder, "go"), join(lab.folder, "results")];
  const runtime = {
    type: "command",
    command: process.execPath,
    args: [agent],
    output: "jsonl",
    env: { GO_FILE: go, RESULT_FILE: results },
  };
  const configure = (more: Record<string, unknown>) =>
    lab.configure(
      { streaming: "block", allowFrom: [tom, ida, owner], ...more },
      {
        agents: { list: [{ id: "main", workspace: join(lab.folder, "work"), runtime }] },
        commands: { ownerAllowFrom: [owner] },
      },
    );
  configure({});
  await lab.startHere();
  lab.mac.say(tom, "work");
  await lab.until(() => lab.got(tom).length === 1);
  expect(other.chatId(ida)).toBe(lab.mac.chatId(tom));

  configure({ dbPath: other.dbPath });
  await lab.until(() => lab.log.split("connected to Messages").length === 3);
  writeFileSync(go, "");
  await lab.until(() =>
    lab.look(async (store) => {
      const { pending, sending } = await store.outbox.counts("default");
      return (await store.turns.counts()).running === 0 && pending + sending === 0;
    }),
  );
  await lab.until(() =>
    other.sent().some(({ handle, text }) => handle === owner && text.includes("refused")),
  );
  expect(other.sent().filter(({ handle }) => handle !== owner)).toEqual([]);
  const outcomes = readFileSync(results, "utf8").trim().split("\n");
  expect(outcomes.map((line) => JSON.parse(line).ok)).toEqual(Array(3).fill(false));
  expect(lab.got(tom)).toEqual(["working on it"]);
});
