import { mkdirSync, mkdtempSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll } from "vitest";
import type { AcpRuntime } from "../../src/agents/definition.js";
import { type Agent, createAgent } from "../../src/agents/index.js";
import { systemClock } from "../../src/platform/index.js";
import { acpAgent } from "./acp-agent.js";
import { type FakeTurnOptions, fakeTurn, runTurn } from "./agent-turn.js";
import { removeFolder } from "./remove-folder.js";

/** A place for ACP agents of the repository's own program; call it at the top of a test file. */
export interface AcpLab {
  /** Where sessions live on, and outside of what agents may touch. */
  folder: string;
  workspace: string;
  /** For tests that ask one thing: a start costs 300 ms. */
  shared: Agent;
  agentOf(settings?: Partial<AcpRuntime["acp"]>, env?: Record<string, string>): Promise<Agent>;
}

/** Sets the lab up before the file's tests; ends every agent after the test that made it. */
export function acpLab(): AcpLab {
  const agents: Agent[] = [];
  const lab: AcpLab = {
    folder: "",
    workspace: "",
    shared: undefined as never,
    async agentOf(settings = {}, env = {}) {
      const acp = {
        command: process.execPath,
        args: [acpAgent],
        env: { ACP_STATE: lab.folder, ...env },
        ...settings,
      };
      const agent = await createAgent(
        { id: "main", workspace: lab.workspace, runtime: { type: "acp", acp } },
        { env: process.env, home: lab.folder, clock: systemClock, random: Math.random, zone: "UTC" },
      );
      agents.push(agent);
      return agent;
    },
  };
  beforeAll(async () => {
    lab.folder = realpathSync(mkdtempSync(join(tmpdir(), "tapback-acp-")));
    lab.workspace = join(lab.folder, "workspace");
    mkdirSync(lab.workspace);
    lab.shared = await lab.agentOf();
    agents.splice(0);
  });
  afterEach(async () => {
    await Promise.all(agents.splice(0).map((agent) => agent.close()));
  });
  afterAll(async () => {
    await lab.shared.close();
    await removeFolder(lab.folder);
  });
  return lab;
}

export const inSession = (sessionKey: string) => ({ envelope: { sessionKey } });

/** Runs a turn. @returns its text */
export async function ask(agent: Agent, text: string, options: FakeTurnOptions = {}): Promise<string> {
  return (await runTurn(agent, fakeTurn(text, options))).text;
}
