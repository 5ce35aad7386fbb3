import { methods, type SessionConfigOption, type SessionModeState } from "@agentclientprotocol/sdk";
import { messageOf } from "../../platform/index.js";
import type { AcpConnection } from "./connection.js";

/** What the configuration chooses of what an agent offers; by id or name. */
export interface Choices {
  model?: string;
  /** The agent's mode, e.g. `plan`. */
  sessionMode?: string;
}

/** What an agent offers to choose in a session. */
export interface AgentChoices {
  configOptions?: SessionConfigOption[] | null;
  modes?: SessionModeState | null;
}

/** Makes the choices in a session; what the agent does not offer is noted, and the session goes on without it. */
export async function applyChoices(
  connection: AcpConnection,
  sessionId: string,
  offer: AgentChoices,
  { model, sessionMode }: Choices,
  note: (text: string) => void,
): Promise<void> {
  const set = async (category: string, wanted: string): Promise<boolean> => {
    const option = (offer.configOptions ?? []).find(
      (each) => each.category === category && each.type === "select",
    );
    const value = option === undefined ? undefined : choiceOf(option, wanted);
    if (option === undefined || value === undefined) return false;
    await connection.request(methods.agent.session.setConfigOption, {
      sessionId,
      configId: option.id,
      value,
    });
    return true;
  };
  const setMode = async (wanted: string): Promise<boolean> => {
    const mode = offer.modes?.availableModes.find((each) => same(each.id, wanted) || same(each.name, wanted));
    if (mode === undefined) return false;
    await connection.request(methods.agent.session.setMode, { sessionId, modeId: mode.id });
    return true;
  };
  try {
    if (model !== undefined && !(await set("model", model)))
      note(`the agent does not offer the model "${model}"`);
    if (sessionMode !== undefined && !(await set("mode", sessionMode)) && !(await setMode(sessionMode)))
      note(`the agent does not offer the mode "${sessionMode}"`);
  } catch (error) {
    if (!connection.alive) throw error;
    note(`a choice was not taken: ${messageOf(error)}`);
  }
}

function choiceOf(option: SessionConfigOption, wanted: string): string | undefined {
  if (option.type !== "select") return undefined;
  const values = option.options.flatMap((each) => ("options" in each ? each.options : [each]));
  return values.find((each) => same(each.value, wanted) || same(each.name, wanted))?.value;
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
