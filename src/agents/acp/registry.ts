/** A program that speaks the Agent Client Protocol. */
export interface KnownAgent {
  command: string;
  args: string[];
  /** The agent's own program where `command` only fetches it: what shows that the machine has it. */
  program?: string;
  /** For people: what it is. */
  title: string;
  /** How to get it when it is not there; absent where `npx` fetches it. */
  install?: string;
  /** What the agent needs in its environment to work for a gateway; the configuration wins. */
  env?: Readonly<Record<string, string>>;
  /** How its user logs in, once, in a terminal. */
  login: string;
  /** The variables that hold its key instead of a login; absent where it takes none of its own. */
  keys?: readonly string[];
  /** What its first start downloads; absent where it is installed before. */
  fetches?: string;
  /** The agent connects to its MCP servers while its first prompt runs already, and knows none of their tools then. */
  connectsLate?: true;
  /** The oldest major release of Node that it runs on, where it is a program of Node. */
  node?: number;
}

const npx = (...args: string[]) => ({ command: "npx", args: ["-y", ...args] });

/** Known agents by the name that the configuration and `/acp spawn` use (behaviour 6.1); `command` wins over the name. */
export const knownAgents: Readonly<Record<string, KnownAgent>> = {
  claude: {
    ...npx("@agentclientprotocol/claude-agent-acp"),
    program: "claude",
    title: "Claude Code",
    login: "`npx @anthropic-ai/claude-code`, then `/login`",
    keys: ["ANTHROPIC_API_KEY"],
    connectsLate: true,
    fetches: "about 400 MB, Claude Code with it",
    node: 22,
  },
  codex: {
    ...npx("@agentclientprotocol/codex-acp"),
    program: "codex",
    title: "OpenAI Codex",
    login: "`npx @openai/codex login`",
    keys: ["CODEX_API_KEY", "OPENAI_API_KEY"],
    connectsLate: true,
    fetches: "about 460 MB, Codex with it",
    node: 20,
  },
  copilot: {
    command: "copilot",
    args: ["--acp", "--stdio"],
    title: "GitHub Copilot CLI",
    install: "npm install -g @github/copilot",
    login: "`copilot`, then `/login`",
    keys: ["COPILOT_GITHUB_TOKEN", "GH_TOKEN", "GITHUB_TOKEN"],
    node: 22,
  },
  cursor: {
    command: "cursor-agent",
    args: ["acp"],
    title: "Cursor CLI",
    install: "see https://cursor.com/cli",
    login: "`cursor-agent login`",
    keys: ["CURSOR_API_KEY"],
  },
  droid: {
    command: "droid",
    args: ["exec", "--output-format", "acp"],
    title: "Factory Droid",
    install: "see https://factory.ai",
    login: "`droid`, then `/login`",
    keys: ["FACTORY_API_KEY"],
  },
  gemini: {
    ...npx("@google/gemini-cli", "--acp"),
    program: "gemini",
    title: "Gemini CLI",
    // It starts no MCP server, and says nothing of it, in a folder that nobody said to trust; whoever configured it did.
    env: { GEMINI_CLI_TRUST_WORKSPACE: "true" },
    login: "`npx @google/gemini-cli`, then choose how to sign in",
    keys: ["GEMINI_API_KEY", "GOOGLE_API_KEY"],
    connectsLate: true,
    fetches: "about 100 MB",
    node: 20,
  },
  goose: {
    command: "goose",
    args: ["acp"],
    title: "Goose",
    install: "see https://block.github.io/goose",
    login: "`goose configure`",
  },
  iflow: {
    command: "iflow",
    args: ["--experimental-acp"],
    title: "iFlow CLI",
    install: "npm install -g @iflow-ai/iflow-cli",
    login: "`iflow`, then choose how to sign in",
    node: 22,
  },
  kilocode: {
    ...npx("@kilocode/cli", "acp"),
    program: "kilocode",
    title: "Kilo Code",
    login: "`npx @kilocode/cli auth login`",
    fetches: "the program of this machine",
    node: 20,
  },
  kimi: {
    command: "kimi",
    args: ["acp"],
    title: "Kimi CLI",
    install: "uv tool install kimi-cli",
    login: "`kimi`, then `/login`",
    keys: ["KIMI_API_KEY"],
  },
  kiro: {
    command: "kiro-cli",
    args: ["acp"],
    title: "Kiro CLI",
    install: "see https://kiro.dev/cli",
    login: "`kiro-cli login`",
  },
  openclaw: {
    command: "openclaw",
    args: ["acp"],
    title: "OpenClaw",
    install: "npm install -g openclaw",
    login: "`openclaw onboard`",
    node: 24,
  },
  opencode: {
    ...npx("opencode-ai", "acp"),
    program: "opencode",
    title: "OpenCode",
    login: "`npx opencode-ai auth login`",
    fetches: "about 350 MB, and what its providers need",
    node: 20,
  },
  pi: {
    ...npx("pi-acp"),
    program: "pi",
    title: "Pi",
    login: "`pi`, then `/login`",
    fetches: "the adapter alone; `pi` has to be there",
    node: 20,
  },
  qwen: {
    command: "qwen",
    args: ["--acp"],
    title: "Qwen Code",
    install: "npm install -g @qwen-code/qwen-code",
    login: "`qwen`, then `/auth`",
    connectsLate: true,
    keys: ["OPENAI_API_KEY"],
    node: 22,
  },
  trae: {
    command: "trae-cli",
    args: ["acp", "serve"],
    title: "Trae CLI",
    install: "see https://www.trae.ai",
    login: "`trae-cli`, as its manual says",
  },
};

const aliases: Record<string, string> = {
  "claude-code": "claude",
  "factory-droid": "droid",
  "gemini-cli": "gemini",
};

/** Looks a name up, in any case. @returns undefined when it is not known */
export function knownAgent(name: string): KnownAgent | undefined {
  const wanted = name.trim().toLowerCase();
  const key = aliases[wanted] ?? wanted;
  return Object.hasOwn(knownAgents, key) ? knownAgents[key] : undefined;
}
