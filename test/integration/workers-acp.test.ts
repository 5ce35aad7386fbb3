import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { acpAgent } from "../support/acp-agent.js";
import { GatewayLab } from "../support/gateway-lab.js";
import { PostgresHere, withoutPostgres } from "../support/postgres-here.js";
import { WorkerProcess } from "../support/worker-process.js";

const kim = "+15550100123";

/** Agents of ACP on other machines than their account (behaviour 21.3): what they ask, are told meanwhile, and keep. */
describe.skipIf(withoutPostgres)("an ACP agent on a worker", { tags: ["long"], timeout: 120_000 }, () => {
  let server: PostgresHere;
  let lab: GatewayLab;
  let worker: WorkerProcess;
  beforeAll(async () => {
    server = await new PostgresHere().start();
    lab = new GatewayLab({ version: "0.9.0" }, "dist-test");
    const kept = join(lab.folder, "sessions");
    mkdirSync(kept);
    const env = { ACP_CAPS: "load,close,steer", ACP_STATE: kept };
    const runtime = { type: "acp", acp: { command: process.execPath, args: [acpAgent], env } };
    lab.configure(
      { dmPolicy: "allowlist", allowFrom: [kim] },
      {
        store: { url: server.url() },
        agents: { list: [{ id: "main", workspace: join(lab.folder, "work"), runsOn: "workers", runtime }] },
        commands: { ownerAllowFrom: [kim] },
        messages: { queue: { mode: "steer" } },
      },
    );
    await lab.start(short);
    worker = await WorkerProcess.start(lab, "one", "main", short);
  });
  const short = { TAPBACK_TEST_LEASE_MS: "2000" };
  afterAll(async () => {
    await worker?.end("at once");
    await lab?.close();
    await server?.remove();
  });

  const got = () => lab.got(kim);
  const sees = (like: string | RegExp, after = 0) =>
    lab
      .until(() =>
        got()
          .slice(after)
          .some((text) => text.match(like)),
      )
      .catch((error) => {
        throw new Error(`${error}\n${got().join("\n")}\n${worker.log}\n${lab.log}`);
      });

  it("asks for leave in the chat, and goes on with the answer", async () => {
    lab.mac.say(kim, "permission");
    await sees(/1\. Allow\n2\. Deny/);
    lab.mac.say(kim, "2");
    await sees("Deny: noted.");
    await sees('"optionId":"no"');
  });

  it("takes in what is written while it works", async () => {
    lab.mac.say(kim, "build");
    await lab.until(async () =>
      (await server.ask("SELECT state FROM state1.turn")).some(({ state }) => state === "running"),
    );
    lab.mac.say(kim, "a red one");
    await sees("You added: a red one");
    const turns = await server.ask("SELECT state FROM state1.turn ORDER BY seq");
    expect(turns.map(({ state }) => state)).toEqual(["done", "done", "cancelled"]);
  });

  it("goes on with its session on another worker, once its own is gone", async () => {
    await worker.end("at once");
    worker = await WorkerProcess.start(lab, "two", "main", short);
    lab.mac.say(kim, "prompts");
    await sees('["permission","build","+a red one","prompts"]');
    expect(got().filter((text) => text.startsWith("replayed"))).toEqual([]);
  });
});
