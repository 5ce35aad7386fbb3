import * as z from "zod";
import type { OfferedAction, OfferedParameter } from "../contract.js";
import { newestMessages } from "./newest-messages.js";
import { defineTool, type Tool } from "./tool.js";

/** The one tool that reaches Messages (behaviour 6.6); absent when nothing is on offer. */
export function messageTool(offered: OfferedAction[]): Tool | undefined {
  if (offered.length === 0) return undefined;
  const names = offered.map(({ name }) => name);
  const description = `Act in this chat. Plain answers need no tool. messageId is the id of a <message>. Actions: ${offered.map(signatureOf).join("; ")}`;
  // The action's own reader judges the rest: it also knows other names, and what a model means by an empty value.
  const schema = z.looseObject({ action: z.enum(names as [string, ...string[]]) });
  const tool = defineTool("message", description, schema, async ({ action, ...parameters }, turn) => {
    const done = await turn.message.act(action, parameters);
    if (!done.ok) throw done.error;
    return { ok: true, ...done.value };
  });
  return { ...tool, definition: { ...tool.definition, inputSchema: schemaOf(offered) as never }, shorten };
}

/** Of a list of messages the newest are kept. */
function shorten(value: unknown, most: number): unknown {
  const { messages, ...rest } = value as { messages?: { text: string }[] };
  if (messages === undefined) return value;
  const frame = JSON.stringify({ ...rest, messages: [] }).length;
  return { ...rest, messages: newestMessages(messages, most - frame) };
}

/** Which parameters an action takes: `react(messageId, emoji?, remove?)`. */
function signatureOf({ name, parameters }: OfferedAction): string {
  return `${name}(${parameters.map((each) => `${each.name}${each.isRequired ? "" : "?"}`).join(", ")})`;
}

/** All parameters side by side: providers take no alternatives at the top of a schema, and one for each action is 4 KB more. */
function schemaOf(offered: OfferedAction[]): object {
  const parameters = offered.flatMap((action) => action.parameters);
  return {
    type: "object",
    properties: {
      action: { type: "string", enum: offered.map(({ name }) => name) },
      to: { type: "string", description: "another chat, as chat_id:42 or +15550100123; left out: this one" },
      ...Object.fromEntries(parameters.map((each) => [each.name, propertyOf(each)])),
    },
    required: ["action"],
  };
}

function propertyOf({ type, about }: OfferedParameter): object {
  const form = type === "strings" ? { type: "array", items: { type: "string" } } : { type };
  return { ...form, description: about };
}
