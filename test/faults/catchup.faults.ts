import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { removeFolder } from "../support/remove-folder.js";
import { GatewayProcess, simulatorPath } from "./harness/gateway-process.js";
import { Mac } from "./harness/mac.js";
import { RecordingAgent } from "./harness/recording-agent.js";
import { isSettled, readState } from "./harness/state.js";
import { until } from "./harness/wait.js";

const points = [
  "account.resumed",
  "bridge.live",
  "catchup.read",
  "catchup.taken",
  "inbound.admitted",
  "inbound.decided",
  // How many turns one claim takes is a matter of timing: only its first passing is sure.
  "turn.claimed",
  "turn.answered:2",
  "turn.ended:2",
];

/** Stops a gateway, lets messages come, and starts one that dies; the next ones bring it to its end. */
async function play(point: string): Promise<{ asked: string[]; died: boolean }> {
  const folder = mkdtempSync(join(tmpdir(), "tapback-catchup-"));
  const mac = new Mac(folder);
  const agent = new RecordingAgent();
  const gateways: GatewayProcess[] = [];
  const start = async (crashAt?: string) => {
    const gateway = new GatewayProcess(folder, crashAt === undefined ? {} : { crashAt });
    gateways.push(gateway);
    await gateway.live();
    return gateway;
  };
  try {
    mkdirSync(join(folder, "state"), { mode: 0o700 });
    const imessage = {
      cliPath: simulatorPath,
      dbPath: mac.dbPath,
      dmPolicy: "open",
      allowFrom: ["*"],
      watchDebounceMs: 10,
      catchup: { enabled: true, perRunLimit: 4 },
    };
    const runtime = { type: "http", url: await agent.listen() };
    const agents = { list: [{ id: "main", runtime }] };
    writeFileSync(join(folder, "tapback.json5"), JSON.stringify({ channels: { imessage }, agents }));
    await (await start()).stop();
    for (let index = 0; index < 10; index++) mac.say(`+1555010000${index % 3}`, `q${index} plain`);
    const dying = await start(point);
    await until(
      () => dying.ending !== undefined,
      () => `it did not die:\n${dying.log}`,
    );
    const died = dying.ending?.signal === "SIGKILL";
    await dying.ended;
    for (let run = 0; run < 4; run++) {
      const gateway = await start();
      await until(
        () => gateway.log.includes("imessage catchup: replayed=") && isSettled(readState(folder)),
        () => gateway.log,
      );
      await gateway.stop();
    }
    return { asked: agent.runs.map(({ text }) => text).sort(), died };
  } finally {
    for (const gateway of gateways) gateway.kill("SIGKILL");
    agent.close();
    await mac.close();
    await removeFolder(folder);
  }
}

describe("a catch-up that is cut short loses nothing and answers nothing twice", () => {
  it.each(points)("%s", async (point) => {
    const { asked, died } = await play(point);
    expect(died).toBe(true);
    // A turn that was running is asked again under its own id; a message has one turn.
    expect([...new Set(asked)]).toEqual(Array.from({ length: 10 }, (_, index) => `q${index} plain`));
    expect(asked.length).toBeLessThanOrEqual(11);
  });
});
