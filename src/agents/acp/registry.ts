/** A program that speaks the Agent Client Protocol. */
export interface KnownAgent {
  command: string;
  args: string[];
  /** For people: what it is. */
  title: string;
  /** How to get it when it is not there; absent where `npx` fetches it. */
  install?: string;
}

const npx = (...args: string[]) => ({ command: "npx", args: ["-y", ...args] });

/** Known agents by the name that the configuration and `/acp spawn` use (behaviour 6.1); `command` wins over the name. */
export const knownAgents: Readonly<Record<string, KnownAgent>> = {
  claude: { ...npx("@agentclientprotocol/claude-agent-acp"), title: "Claude Code" },
  codex: { ...npx("@agentclientprotocol/codex-acp"), title: "OpenAI Codex" },
  copilot: {
    command: "copilot",
    args: ["--acp", "--stdio"],
    title: "GitHub Copilot CLI",
    install: "npm install -g @github/copilot",
  },
  cursor: {
    command: "cursor-agent",
    args: ["acp"],
    title: "Cursor CLI",
    install: "see https://cursor.com/cli",
  },
  droid: {
    command: "droid",
    args: ["exec", "--output-format", "acp"],
    title: "Factory Droid",
    install: "see https://factory.ai",
  },
  gemini: { ...npx("@google/gemini-cli", "--acp"), title: "Gemini CLI" },
  goose: { command: "goose", args: ["acp"], title: "Goose", install: "see https://block.github.io/goose" },
  iflow: {
    command: "iflow",
    args: ["--experimental-acp"],
    title: "iFlow CLI",
    install: "npm install -g @iflow-ai/iflow-cli",
  },
  kilocode: { ...npx("@kilocode/cli", "acp"), title: "Kilo Code" },
  kimi: { command: "kimi", args: ["acp"], title: "Kimi CLI", install: "uv tool install kimi-cli" },
  kiro: { command: "kiro-cli", args: ["acp"], title: "Kiro CLI", install: "see https://kiro.dev/cli" },
  openclaw: { command: "openclaw", args: ["acp"], title: "OpenClaw", install: "npm install -g openclaw" },
  opencode: { ...npx("opencode-ai", "acp"), title: "OpenCode" },
  pi: { ...npx("pi-acp"), title: "Pi" },
  qwen: {
    command: "qwen",
    args: ["--acp"],
    title: "Qwen Code",
    install: "npm install -g @qwen-code/qwen-code",
  },
  trae: {
    command: "trae-cli",
    args: ["acp", "serve"],
    title: "Trae CLI",
    install: "see https://www.trae.ai",
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
