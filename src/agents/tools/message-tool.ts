import * as z from "zod";
import { defineTool, type Tool } from "./tool.js";

/** The actions of behaviour 11 with their parameters, as short as a model needs them. */
const parametersOf: Record<string, string> = {
  react: "messageId, emoji (love like dislike laugh emphasize question, or an emoji), remove?",
  reply: "messageId, text",
  sendWithEffect:
    "text, effect (slam loud gentle invisibleink echo spotlight balloons confetti love lasers fireworks)",
  edit: "messageId, text",
  unsend: "messageId",
  "upload-file": "path, filename?, asVoice?",
  renameGroup: "name",
  setGroupIcon: "path",
  addParticipant: "address",
  removeParticipant: "address",
  leaveGroup: "",
  send: "text",
  poll: "question, options",
  "poll-vote": "messageId, option",
};

/** The one tool that reaches Messages (behaviour 6.6); absent when nothing is on offer. */
export function messageTool(offered: string[]): Tool | undefined {
  if (offered.length === 0) return undefined;
  const list = offered.map((action) => `${action}(${parametersOf[action] ?? ""})`).join("; ");
  const schema = z.looseObject({ action: z.enum(offered as [string, ...string[]]) });
  const description = `Act in this chat. Plain answers need no tool. messageId is the id of a <message>. Actions: ${list}`;
  return defineTool("message", description, schema, async ({ action, ...parameters }, turn) => {
    const done = await turn.message.act(action, parameters);
    if (!done.ok) throw done.error;
    return { ok: true, ...done.value };
  });
}
