import { expect, it } from "vitest";
import type { Tree } from "../config/fitting/index.js";
import { formatPath, parsePath } from "../config/index.js";
import { lostRestrictions } from "./restrictions.js";

/** A file with one value, and a report in which keys of it were left out. */
function lost(key: string, value: unknown, dropped = [key]): string[] {
  const parsed = parsePath(key);
  if (!parsed.ok) throw parsed.error;
  const old: Tree = {};
  let place: Record<string | number, unknown> = old;
  const path = parsed.value;
  for (const [index, part] of path.slice(0, -1).entries()) {
    place[part] ??= typeof path[index + 1] === "number" ? [] : {};
    place = place[part] as Tree;
  }
  place[path.at(-1)!] = value;
  return lostRestrictions(
    old,
    dropped.map((one) => ({ key: one, action: "dropped", why: "x" })),
  );
}

it.each<[string, unknown]>([
  ["channels.imessage.groups.7.tools.allow", ["x"]],
  ["channels.imessage.groups.7.tools.deny", ["x"]],
  ["channels.imessage.accounts.home.groups.7.tools.deny", ["x"]],
  ['channels.bluebubbles.groups["iMessage;+;a.b"].tools.deny', ["x"]],
  ["imessage.groups.7.skills", ["x"]],
  ['channels.imessage.groups.7.toolsBySender["+1.5"].deny', ["x"]],
  ["agents.defaults.tools.exec", "deny"],
  ["agents.entries.main.sandbox", { mode: "all" }],
  ["agents.list[0].tools.profile", "coding"],
  ["agents.list[1].skills", ["x"]],
  ["tools", { deny: ["x"] }],
  ["channels.imessage.contextVisibility", "allowlist"],
  ["channels.defaults.contextVisibility", "allowlist_quote"],
  ["session.sendPolicy", { rules: [] }],
  ["commands.allowFrom", { imessage: [] }],
  ["acp.enabled", false],
  ["acp.dispatch.enabled", false],
  ["messages.visibleReplies", "message_tool"],
  ["messages.groupChat.visibleReplies", "message_tool"],
  ["messages.groupChat.unmentionedInbound", "room_event"],
])("tells that %s limits nothing here, and nothing where it is taken over", (key, value) => {
  expect(lost(key, value)).toEqual([expect.stringMatching(/limits nothing here: \w+ .*\w+$/)]);
  expect(lost(key, value)[0]).toContain(key);
  expect(lost(key, value, [])).toEqual([]);
  expect(lost(key, value, ["channels.imessage.name", "messages.queue", "agents.list[2]"])).toEqual([]);
  // It is lost with what holds it, and where a part of it is lost.
  const parsed = parsePath(key);
  if (parsed.ok && parsed.value.length > 1)
    expect(lost(key, value, [formatPath(parsed.value.slice(0, -1))])).toHaveLength(1);
  expect(lost(key, value, [`${key}.part`])).toHaveLength(1);
});

it.each<[string, unknown]>([
  ["channels.imessage.contextVisibility", "all"],
  ["acp.enabled", true],
  ["acp.dispatch.enabled", true],
  ["messages.visibleReplies", "automatic"],
  ["messages.groupChat.visibleReplies", "automatic"],
  ["messages.groupChat.unmentionedInbound", "user_request"],
  ["channels.telegram.groups.7.tools.deny", ["x"]],
  ["channels.imessage.tools", ["x"]],
  ["other.session.sendPolicy", {}],
  ["agents.list[0].name", "x"],
])("tells nothing of %s where it is %j", (key, value) => {
  expect(lost(key, value)).toEqual([]);
});

it("tells each of several, by its own key", () => {
  const old = { agents: { list: [{ tools: { deny: ["x"] } }, { tools: { deny: ["y"] } }] } };
  const lines = lostRestrictions(old, [
    { key: "agents.list[1].tools.deny", action: "dropped" },
    { key: "agents.list[0].tools.deny", action: "kept" },
  ]);
  expect(lines).toEqual([expect.stringMatching(/^agents\.list\[1\]\.tools\.deny limits/)]);
});
