import { err, ok, type Result, TapbackError } from "../platform/index.js";
import type { AgentTurn } from "./contract.js";

/**
 * Does what a program, a web service or a function asks for: an action in Messages, or one of the other tools, which every
 * runtime has (behaviour 6.5b).
 * @param parameters of the action alone; `scheduleId` is what the tool calls `id`, which in an event is the event's own
 * @returns what the tool returns, or an error whose code the program can decide on
 */
export async function actFor(
  turn: AgentTurn,
  action: string,
  parameters: Record<string, unknown>,
): Promise<Result<unknown, TapbackError>> {
  const { toolNamed } = await import("./tools/index.js");
  const tool = toolNamed(action, turn);
  if (tool === undefined) return turn.message.act(action, parameters);
  if (!turn.rights.mayUse(action))
    return err(new TapbackError("TOOL_DENIED", `the tool ${action} is not for the people of this turn`));
  const { scheduleId, ...input } = parameters;
  try {
    return ok(await tool.run(scheduleId === undefined ? input : { ...input, id: scheduleId }, turn));
  } catch (error) {
    if (error instanceof TapbackError) return err(error);
    throw error;
  }
}
