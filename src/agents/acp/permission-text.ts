import type { ToolCallContent, ToolCallUpdate } from "@agentclientprotocol/sdk";
import { cutText } from "../../conversation/index.js";
import { writtenOut } from "../written-out.js";

const maxTitle = 300;

/**
 * What a permission request is about (behaviour 6.5): a line for lists, cut with a mark, and everything that would be done,
 * never cut: the whole title, the agent's input field by field, its contents and its places. What would not be seen is written out.
 */
export function whatIsAsked(call: ToolCallUpdate): { title: string; details: string } {
  const named = writtenOut((call.title ?? call.kind ?? "a tool").trim());
  const title = cutText(named.replace(/\s+/g, " "), maxTitle);
  const parts = [
    ...(title === named ? [] : [named]),
    ...inputLines(call.rawInput),
    ...(call.content ?? []).flatMap(contentLines),
    ...(call.locations ?? []).map(({ path }) => path),
  ].map(writtenOut);
  // What the title says already, and what two places say, is read once.
  const shown = parts.filter((part, index) => part !== title && parts.indexOf(part) === index && part !== "");
  return { title, details: shown.join("\n") };
}

function inputLines(input: unknown): string[] {
  if (input === undefined || input === null) return [];
  if (typeof input !== "object" || Array.isArray(input)) return [textOf(input)];
  return Object.entries(input).map(([name, value]) => `${name}: ${textOf(value)}`);
}

function contentLines(content: ToolCallContent): string[] {
  if (content.type === "diff")
    return [`${content.path}:`, ...(content.oldText ? [`- ${content.oldText}`] : []), `+ ${content.newText}`];
  if (content.type === "content" && content.content.type === "text") return [content.content.text];
  return content.type === "content" ? [`(${content.content.type})`] : [];
}

const textOf = (value: unknown) => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""));
