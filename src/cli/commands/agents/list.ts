import { agentFacts, knownAgentFacts } from "../../../facts/index.js";
import { type Context, readConfig } from "../../context.js";
import { printJson, printLine, styled, table } from "../../output.js";

/** `tapback agents list`: the agents of the configuration, and the ACP agents that are known by name. */
export async function list(context: Context): Promise<undefined> {
  const { config } = await readConfig(context);
  const agents = agentFacts(config);
  const known = knownAgentFacts(context.env);
  if (context.json) return void printJson({ agents, known });
  printLine(
    table(
      ["AGENT", "RUNTIME", "MODEL", "DEFAULT"],
      agents.map(({ id, runtime, model, default: isDefault }) => [
        id,
        runtime,
        model ?? "-",
        isDefault ? "yes" : "",
      ]),
    ),
  );
  printLine(`\n${styled("bold", "Known to /acp spawn and runtime.acp.agent")}`);
  printLine(
    table(
      ["NAME", "WHAT", "STARTED WITH", ""],
      known.map(({ name, title, command, found, install }) => [
        name,
        title,
        command,
        found ? "" : `not found; ${install ?? "needs Node.js with npx"}`,
      ]),
    ),
  );
}
