import type { LanguageModelV3Message, LanguageModelV3ToolCall } from "@ai-sdk/provider";
import { cutText } from "../../conversation/index.js";
import { adviceOf, TapbackError } from "../../platform/index.js";
import type { AgentTurn } from "../contract.js";
import { askTool } from "./ask-tool.js";
import { historyTool } from "./history-tool.js";
import { messageTool } from "./message-tool.js";
import { scheduleTool } from "./schedule-tool.js";
import type { Tool } from "./tool.js";

/** Longest result that goes back to the model and into the transcript. */
const maxResult = 4000;
/** Longest error that does. */
const maxError = 600;
const maxKept = 50;

/** Makes the toolboxes of turns; tools are made once for what is on offer, because their schemas cost 1 ms each. */
export class Toolboxes {
  readonly #message = new Map<string, Tool | undefined>();
  readonly #history = historyTool();
  readonly #schedule = scheduleTool();
  readonly #ask = askTool();

  /**
   * The tools of one turn, in a fixed order: a provider caches only what stays the same.
   * @param more the runtime's own, after those that every runtime has
   */
  for(turn: AgentTurn, more: Tool[]): Toolbox {
    const offered = turn.message.offered();
    const key = offered.map(({ name }) => name).join();
    if (!this.#message.has(key)) {
      if (this.#message.size >= maxKept) this.#message.clear();
      this.#message.set(key, messageTool(offered));
    }
    const tools = [this.#message.get(key), turn.history && this.#history, this.#schedule, this.#ask, ...more];
    return new Toolbox(
      turn,
      tools.filter((tool) => tool !== undefined && turn.rights.mayUse(tool.definition.name)) as Tool[],
    );
  }
}

/** The tools of one turn. */
export class Toolbox {
  constructor(
    private readonly turn: AgentTurn,
    private readonly tools: Tool[],
  ) {}

  get definitions() {
    return this.tools.map((tool) => tool.definition);
  }

  /**
   * Runs the calls of a step one after the other.
   * @param note told of what was called and how it failed, never of texts
   * @returns the message that answers them all
   */
  async answer(
    calls: LanguageModelV3ToolCall[],
    signal: AbortSignal,
    note: (text: string) => void,
  ): Promise<LanguageModelV3Message> {
    const content = [];
    for (const { toolCallId, toolName, input } of calls) {
      signal.throwIfAborted();
      const output = await runTool(this.tools, this.turn, toolName, () => argumentsIn(input), signal);
      note(output.type === "error-text" ? `tool ${toolName} failed: ${output.value}` : `tool ${toolName}`);
      content.push({ type: "tool-result" as const, toolCallId, toolName, output });
    }
    return { role: "tool", content };
  }
}

/** @throws ACTION_PARAMETERS for what is no JSON: models break off in the middle of long arguments */
function argumentsIn(input: string): unknown {
  try {
    return JSON.parse(input || "{}");
  } catch {
    throw new TapbackError("ACTION_PARAMETERS", "the arguments must be one whole JSON object.");
  }
}

/** Runs a call of a model. @returns what the model is told, also of an error: by its code and message */
export async function runTool(
  tools: Tool[],
  turn: AgentTurn,
  name: string,
  input: () => unknown,
  signal?: AbortSignal,
): Promise<{ type: "text" | "error-text"; value: string }> {
  const tool = tools.find(({ definition }) => definition.name === name);
  try {
    if (tool === undefined) throw new TapbackError("UNKNOWN_TOOL", `there is no tool ${name}`);
    const value = await tool.run(input(), turn, signal);
    return { type: "text", value: resultOf(tool, value) };
  } catch (error) {
    const code = error instanceof TapbackError ? `${error.code}: ` : "";
    return { type: "error-text", value: cutText(`${code}${adviceOf(error)}`, maxError) };
  }
}

/** What a model is told of a value, within the bound of its tool. */
function resultOf({ maxResult: most = maxResult, shorten }: Tool, value: unknown): string {
  const text = textOf(value);
  const within = text.length > most && shorten ? textOf(shorten(value, most)) : text;
  return cutText(within, most, "…[truncated]");
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
