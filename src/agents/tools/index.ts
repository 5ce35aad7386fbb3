import type { AgentTurn } from "../contract.js";
import { askTool } from "./ask-tool.js";
import { historyTool } from "./history-tool.js";
import { messageTool } from "./message-tool.js";
import { scheduleTool } from "./schedule-tool.js";
import type { Tool } from "./tool.js";
import { runTool } from "./toolbox.js";

/** What a client outside is shown of a tool. */
export interface ClientTool {
  name: string;
  description: string;
  inputSchema: { type: "object"; [key: string]: unknown };
}

/** The tools of a turn for agents that bring their own loop (behaviour 6.6): those that the built-in agent has. */
export interface ClientTools {
  /** The tools as they are listed to the agent. */
  shown(): ClientTool[];
  /** @returns what the agent is told, of an error by its code and message */
  call(name: string, input: unknown): Promise<{ text: string; isError: boolean }>;
}

/** The tool of a name beside `message`; undefined where there is none, or nothing for it to read. */
export function toolNamed(name: string, turn: AgentTurn): Tool | undefined {
  if (name === "history") return turn.history && historyTool();
  if (name === "ask") return askTool();
  return name === "schedule" ? scheduleTool() : undefined;
}

/** @returns the tools of this turn: messages, the schedule, questions, and history where the turn has one */
export function clientTools(turn: AgentTurn): ClientTools {
  const tools = [
    messageTool(turn.message.offered()),
    turn.history && historyTool(),
    scheduleTool(),
    askTool(),
  ]
    .filter((tool) => tool !== undefined)
    .filter(({ definition }) => turn.rights.mayUse(definition.name));
  return {
    shown: () =>
      tools.map(({ definition: { name, description = "", inputSchema } }) => ({
        name,
        description,
        inputSchema,
      })),
    call: async (name, input) => {
      const { type, value } = await runTool(tools, turn, name, () => input ?? {});
      // Gemini CLI reads a result that is JSON as one object, and fails on a list.
      const text = value.startsWith("[") ? `{"items":${value}}` : value;
      return { text, isError: type === "error-text" };
    },
  };
}
