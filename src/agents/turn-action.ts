import { err, ok, type Result, TapbackError } from "../platform/index.js";
import type { AgentTurn } from "./contract.js";
import { type ActionEvent, actionParameters } from "./reply-event.js";

/**
 * Does what a program or a web service asks for by an action event: an action in Messages, or one of the other tools, which
 * every runtime has (behaviour 6.5b).
 * @returns what the tool returns, or an error whose code the program can decide on
 */
export async function actFor(turn: AgentTurn, event: ActionEvent): Promise<Result<unknown, TapbackError>> {
  const parameters = actionParameters(event);
  const { toolNamed } = await import("./tools/index.js");
  const tool = toolNamed(event.action, turn);
  if (tool === undefined) return turn.message.act(event.action, parameters);
  if (!turn.rights.mayUse(event.action))
    return err(
      new TapbackError("TOOL_DENIED", `the tool ${event.action} is not for the people of this turn`),
    );
  const { scheduleId, ...input } = parameters;
  try {
    // The id of an event is its own.
    return ok(await tool.run(scheduleId === undefined ? input : { ...input, id: scheduleId }, turn));
  } catch (error) {
    if (error instanceof TapbackError) return err(error);
    throw error;
  }
}
