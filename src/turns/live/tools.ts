import { actionNames, describeAction } from "../../actions/index.js";
import type { ClientTool } from "../../agents/tools/index.js";
import { envelopeNowhere, turnNowhere } from "../agents/nowhere.js";

const turnId = {
  type: "string",
  description: "turn_id of the message that this is about, as it was pushed",
};

const reply: ClientTool = {
  name: "reply",
  description:
    "Answers a pushed message, in its conversation. Each message is answered once, and is done with it: one whole answer, or an empty text where nothing is to be said.",
  inputSchema: {
    type: "object",
    properties: {
      turn_id: turnId,
      text: { type: "string", description: "the answer, Markdown" },
      files: { type: "array", items: { type: "string" }, description: "paths of files to send with it" },
    },
    required: ["turn_id", "text"],
  },
};

/**
 * The tools of a session that is attached (behaviour 20.4): `reply`, and those that every turn has (behaviour 6.6), each naming
 * the message on whose behalf it acts. The same whether a message waits or not: clients ask once.
 */
export async function channelTools(): Promise<ClientTool[]> {
  const { clientTools } = await import("../../agents/tools/index.js");
  const nobody = { agentId: "channel", sessionKey: "channel", turnId: "channel" };
  const nowhere = turnNowhere(envelopeNowhere(nobody, ""), "UTC");
  const tools = clientTools({
    ...nowhere,
    message: { ...nowhere.message, offered: () => actionNames.map(describeAction) },
    history: { recent: async () => [], search: async () => [] },
  });
  return [reply, ...tools.shown().map(withTurn)];
}

function withTurn({ inputSchema, ...tool }: ClientTool): ClientTool {
  const { properties, required } = inputSchema as { properties?: object; required?: string[] };
  return {
    ...tool,
    inputSchema: {
      ...inputSchema,
      properties: { turn_id: turnId, ...properties },
      required: ["turn_id", ...(required ?? [])],
    },
  };
}
