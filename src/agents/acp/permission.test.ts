import type { RequestPermissionRequest } from "@agentclientprotocol/sdk";
import { expect, it } from "vitest";
import { FakeClock } from "../../../test/support/fake-clock.js";
import type { AgentEvent } from "../contract.js";
import { Permissions } from "./permission.js";
import { ToolCalls } from "./tool-calls.js";

const options: RequestPermissionRequest["options"] = [
  { optionId: "always", name: "Always", kind: "allow_always" },
  { optionId: "once", name: "Once", kind: "allow_once" },
  { optionId: "no", name: "No", kind: "reject_once" },
];

function bench() {
  const clock = new FakeClock();
  const calls = new ToolCalls();
  const events: AgentEvent[] = [];
  const emit = (event: AgentEvent) => events.push(event);
  const permissions = new Permissions(emit, { turnId: "t", timeoutMs: 1000, clock, calls });
  const ask = (toolCall: object, more: object = {}) =>
    permissions.ask({
      sessionId: "s",
      toolCall: { toolCallId: "1", ...toolCall },
      options,
      ...more,
    } as RequestPermissionRequest);
  return { clock, calls, events, permissions, ask };
}

it("allows the gateway's own tools once, without a question, by what was reported of the call before", async () => {
  const { calls, events, ask } = bench();
  const rawInput = { server: "tapback", tool: "message", arguments: {} };
  calls.take({ sessionUpdate: "tool_call", toolCallId: "1", title: "mcp.tapback.message", rawInput });
  const approval = { _meta: { is_mcp_tool_approval: true } };
  expect(await ask({ kind: "execute" }, approval)).toEqual({
    outcome: { outcome: "selected", optionId: "once" },
  });
  expect(events).toEqual([{ type: "note", text: expect.stringContaining("message") }]);
});

it("asks for everything else, with all that is known of it, and remembers that nobody answered", async () => {
  const { clock, calls, events, permissions, ask } = bench();
  const rawInput = { command: "touch x" };
  calls.take({ sessionUpdate: "tool_call", toolCallId: "1", title: "Shell", rawInput });
  const answered = ask({ title: null });
  expect(events[0]).toMatchObject({ type: "permission", title: "Shell", details: "command: touch x" });
  expect(permissions.unanswered).toBeUndefined();
  await clock.advance(1000);
  expect(await answered).toEqual({ outcome: { outcome: "selected", optionId: "no" } });
  expect(permissions.unanswered).toBe("Shell");
});

it("shows what would not be seen of a choice", () => {
  const { events, ask } = bench();
  const always = { optionId: "always", name: "Always for `rm \u202ex`", kind: "allow_always" };
  void ask({ title: "Shell" }, { options: [always, ...options.slice(1)] });
  expect(events[0]).toMatchObject({
    options: [{ name: "Always for `rm \\u{202e}x`" }, { name: "Once" }, {}],
  });
});
