import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Where an agent is prepared: its home, its workspace, the model server. */
export interface Place {
  home: string;
  workspace: string;
  /** Address of the model server, without a path. */
  models: string;
}

/** An agent of other people, as a row of the matrix. */
export interface RealAgent {
  /** Its name in the registry of ACP agents. */
  name: string;
  /** How its shell tool's permission request is brought about, and whether it asks at all. */
  args: string[];
  /** Writes its own configuration. @returns its environment */
  prepare(place: Place): Record<string, string>;
}

/** What `scripts/real-agents.mjs` installed: the program, and what goes before its arguments. */
export interface Installed {
  command: string;
  args: string[];
}

/** Writes a file below a folder, with the folders on its way. */
function put(folder: string, path: string, content: string | object): void {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), typeof content === "string" ? content : JSON.stringify(content));
}

/** The five agents, each against the model server, with nothing that needs a network. */
export const realAgents: RealAgent[] = [
  {
    name: "opencode",
    args: ["acp"],
    prepare({ workspace, models }) {
      const provider = {
        npm: "@ai-sdk/openai-compatible",
        name: "Fake",
        options: { baseURL: `${models}/v1`, apiKey: "none" },
        models: { m: { name: "M", tool_call: true } },
      };
      const settings = { provider: { fake: provider }, model: "fake/m", small_model: "fake/m" };
      const quiet = { permission: { bash: "ask" }, autoupdate: false, share: "disabled" };
      put(workspace, "opencode.json", { ...settings, ...quiet });
      return {};
    },
  },
  {
    name: "claude",
    args: [],
    prepare({ home, models }) {
      put(home, ".claude/settings.json", { permissions: { defaultMode: "default" } });
      return {
        ANTHROPIC_BASE_URL: models,
        ANTHROPIC_API_KEY: "none",
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
        // A played model calls tools by their names; a real one looks for them first.
        ENABLE_TOOL_SEARCH: "false",
        // It starts for root, as in a container, only when it is told that this is a sandbox.
        IS_SANDBOX: "1",
      };
    },
  },
  {
    name: "codex",
    args: [],
    prepare({ home, models }) {
      put(
        home,
        ".codex/config.toml",
        `model = "gpt-5.5"
model_provider = "fake"
approval_policy = "on-request"
approvals_reviewer = "user"
sandbox_mode = "read-only"
check_for_update_on_startup = false

[model_providers.fake]
name = "Fake"
base_url = "${models}/v1"
wire_api = "responses"
requires_openai_auth = false
`,
      );
      return { CODEX_HOME: join(home, ".codex"), NO_BROWSER: "1", INITIAL_AGENT_MODE: "read-only" };
    },
  },
  {
    name: "gemini",
    args: ["--acp"],
    prepare({ home, models }) {
      put(home, ".gemini/settings.json", {
        security: { auth: { selectedType: "gemini-api-key" } },
        privacy: { usageStatisticsEnabled: false },
        general: { disableAutoUpdate: true },
        model: { name: "gemini-2.5-flash" },
      });
      return { GEMINI_API_KEY: "none", GOOGLE_GEMINI_BASE_URL: models };
    },
  },
  {
    name: "qwen",
    args: ["--acp"],
    prepare({ home, models }) {
      put(home, ".qwen/settings.json", {
        security: { auth: { selectedType: "openai" } },
        privacy: { usageStatisticsEnabled: false },
        general: { disableAutoUpdate: true },
        tools: { toolSearch: { enabled: false } },
      });
      return { OPENAI_API_KEY: "none", OPENAI_BASE_URL: `${models}/v1`, OPENAI_MODEL: "m" };
    },
  },
];

/** @throws when the script did not run */
export function installedAgents(): Record<string, Installed> {
  const given = process.env.TAPBACK_REAL_AGENTS;
  if (given === undefined) throw new Error("run these with `npm run test:real-agents`");
  return JSON.parse(given) as Record<string, Installed>;
}
