import { changeSetting } from "./acp/settings.js";
import type { TypedCommand } from "./contract.js";

/** `/model`: which model answers here; an owner may choose another one for this conversation's session. */
export const modelCommand: TypedCommand = {
  name: "model",
  usage: "/model [name|default]",
  summary: "which model answers here",
  quick: false,
  who: "admitted",
  async run(context) {
    const { gateway, place, isOwner, words } = context;
    const { type, model } = await gateway.sessions.describe(place);
    if (type !== "llm" && type !== "acp") return "The agent of this conversation has no model to choose.";
    if (words === "") return `Model: ${model ?? "the agent's own"}`;
    if (!isOwner) return "Only an owner may choose the model.";
    const isTakenBack = words.toLowerCase() === "default";
    const fault = type === "llm" && !isTakenBack ? gateway.sessions.modelFault(words) : undefined;
    if (fault !== undefined) return `${fault} The model stays as it was.`;
    return changeSetting(context, "model", words);
  },
};
