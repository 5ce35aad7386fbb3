import { type AgentChoice, isBuiltIn, type ModelChoice } from "./choice.js";

/** What a first configuration needs to know. */
export interface Answers {
  cliPath: string;
  dbPath?: string;
  agent: AgentChoice;
  allow: string[];
  /** The agent answers over a person's own account, in which that person writes too. */
  shared: boolean;
  /** What comes while the gateway is off is answered at its next start (behaviour 9.4). */
  catchUp: boolean;
}

/** How long the agent keeps quiet where the account's human wrote by hand (behaviour 10.4). */
export const quietMinutes = 15;

const handoff = `

      // Where you write by hand, the agent keeps quiet for so long.
      handoff: { quietMinutes: ${quietMinutes} },`;

const catchingUp = `

      // What comes while the gateway is off is answered at its next start.
      catchup: { enabled: true },`;

/**
 * The text of a first configuration.
 * @param hasKey whether there is a key for the model that was chosen
 */
export function render({ cliPath, dbPath, agent, allow, shared, catchUp }: Answers, hasKey: boolean): string {
  return `// Tapback's configuration. \`tapback config schema\` lists every field.
{
  channels: {
    imessage: {
      // imsg on this Mac, or a script that runs it on another one: exec ssh -T mac imsg "$@"
      cliPath: ${JSON.stringify(cliPath)},${dbPath ? `\n      dbPath: ${JSON.stringify(dbPath)},` : ""}

      // Whoever is not in allowFrom gets a code that you approve with \`tapback pairing approve\`.
      dmPolicy: "pairing",
      allowFrom: ${JSON.stringify(allow)},${shared ? handoff : ""}${catchUp ? catchingUp : ""}
    },
  },
  agents: {
    list: [${entryOf(agent)}],
  },${agent.kind === "model" ? providerOf(agent, hasKey) : ""}
  session: {
    // Each person has a memory of their own with the agent: "per-peer" does that too, "main" shares one among all.
    dmScope: "per-channel-peer",
  },
}
`;
}

function entryOf(agent: AgentChoice): string {
  if (agent.kind === "model") return `{ id: "main", model: ${JSON.stringify(agent.ref)} }`;
  return `{ id: "main", runtime: ${runtimeOf(agent)} }`;
}

function runtimeOf(agent: Exclude<AgentChoice, { kind: "model" }>): string {
  if (agent.kind === "demo") return `{ type: "demo" }`;
  if (agent.kind === "acp") return `{ type: "acp", acp: { agent: ${JSON.stringify(agent.name)} } }`;
  const [command, ...args] = agent.line.split(/\s+/).filter((word) => word !== "");
  return `{ type: "command", command: ${JSON.stringify(command)}, args: ${JSON.stringify(args)} }`;
}

/** What is not known of the provider by itself. Keys stay where they are: the file names their variable alone. */
function providerOf(model: ModelChoice, hasKey: boolean): string {
  if (model.baseUrl === undefined) return "";
  const [provider] = model.ref.split("/");
  const key = hasKey && !isBuiltIn(model) ? `, apiKey: "\${${model.keyVariable}}"` : "";
  return `
  models: {
    providers: { ${JSON.stringify(provider)}: { baseUrl: ${JSON.stringify(model.baseUrl)}${key} } },
  },`;
}
