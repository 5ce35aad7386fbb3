import type { RequestPermissionRequest } from "@agentclientprotocol/sdk";
import { expect, it } from "vitest";
import { ownToolAsked } from "./own-tool.js";

type Call = Record<string, unknown>;
const once = { optionId: "once", name: "Yes", kind: "allow_once" as const };
const request = (toolCall: Call, more: Partial<RequestPermissionRequest> = {}) =>
  ({
    sessionId: "s",
    toolCall: { toolCallId: "1", kind: "other", ...toolCall },
    options: [once],
    ...more,
  }) as RequestPermissionRequest;

/** Requests as the agents send them: Claude's adapter 0.101, Qwen 0.24, Gemini CLI 0.61, Codex's adapter 2.6. */
const claude = (toolName: string, mcpServer: object | undefined) =>
  request({ title: toolName, _meta: { claudeCode: { toolName, ...(mcpServer && { mcpServer }) } } });
const qwen = (toolName: string, more: Call = {}) => request({ title: "{}", _meta: { toolName }, ...more });
const server = { optionId: "proceed_always_server", name: "Allow all", kind: "allow_always" as const };
const gemini = (title: string, options: RequestPermissionRequest["options"] = [server, once]) =>
  request({ title }, { options });
const codex = (title: string, rawInput: Call, isTool = true) =>
  request({ kind: "execute", title, rawInput }, isTool ? { _meta: { is_mcp_tool_approval: true } } : {});
const dynamic = { name: "tapback", source: "dynamic" };

it.each([
  ["Claude", claude("mcp__tapback__message", dynamic), "message"],
  ["Qwen", qwen("mcp__tapback__history"), "history"],
  ["Gemini", gemini("schedule (tapback MCP Server)"), "schedule"],
  ["Codex", codex("mcp.tapback.message", { server: "tapback", tool: "message" }), "message"],
])("knows our tools as %s names them", (_agent, asked, tool) => {
  expect(ownToolAsked(asked)).toBe(tool);
});

it.each([
  ["another server", claude("mcp__tapback2__message", { name: "tapback2", source: "dynamic" })],
  [
    "a server out of a file of the workspace",
    claude("mcp__tapback__message", { name: "tapback", source: "project" }),
  ],
  ["a name without its server", claude("mcp__tapback__message", undefined)],
  ["a title alone", request({ title: "mcp__tapback__message" })],
  ["an input that says so", request({ title: "x", rawInput: { server: "tapback", tool: "message" } })],
  ["a longer name", qwen("mcp__tapback__message_all")],
  ["a tool that we do not have", qwen("mcp__tapback__shell")],
  ["a command with the name", qwen("mcp__tapback__message", { kind: "execute" })],
  ["a shell command that is called so", gemini("message (tapback MCP Server)", [once])],
  ["a server whose name ends so", gemini("message (x tapback MCP Server)")],
  ["another server of Codex", codex("mcp.evil.message", { server: "evil", tool: "message" })],
  [
    "a command of Codex that reads so",
    codex("mcp.tapback.message", { server: "tapback", tool: "message" }, false),
  ],
])("asks for %s", (_what, asked) => {
  expect(ownToolAsked(asked)).toBeUndefined();
});
