import { describe, expect, it } from "vitest";
import { importedFrom as run } from "../../../test/support/imported-from.js";

describe("importing what is said of messages", () => {
  it.each([
    ["auto", "identity: { name: 'Clawd' }", "[Clawd]"],
    ["auto", "agents: { list: [{ id: 'a', identity: { name: 'Clawd' } }, { id: 'b' }] }", undefined],
    ["[{model}]", "", undefined],
    ["🦞", "", "🦞"],
  ])("writes the prefix %j of an answer out", async (prefix, rest, ours) => {
    const { config, of } = await run("openclaw", `{ messages: { responsePrefix: "${prefix}" }, ${rest} }`);
    expect((config.messages as { responsePrefix?: string } | undefined)?.responsePrefix).toBe(ours);
    expect(of("messages.responsePrefix")?.action).toBe(
      ours === undefined ? "dropped" : ours === prefix ? "kept" : "translated",
    );
    // The channel's own goes before that of all.
    const own = await run(
      "openclaw",
      `{ messages: { responsePrefix: "x" }, channels: { imessage: { responsePrefix: "${prefix}" } }, ${rest} }`,
    );
    expect(own.config.messages).toMatchObject({ responsePrefix: ours ?? "x" });
  });

  it("says what limited somebody and does not here", async () => {
    const { of } = await run(
      "openclaw",
      `{ channels: { imessage: { groups: { "42": { tools: { deny: ["exec"] }, toolsBySender: { "+15550100": { allow: ["x"] } } } } } },
         agents: { list: [{ id: "a", systemPromptOverride: "Be nice.", tools: { profile: "coding" } }] },
         messages: { queue: { mode: "steer", byChannel: { imessage: "collect", telegram: "steer" }, cap: 20 } } }`,
    );
    expect(of("channels.imessage.groups.42.tools.deny")?.why).toContain("agentId");
    expect(of('channels.imessage.groups.42.toolsBySender["+15550100"].allow')?.why).toContain("agentId");
    expect(of("agents.list[0].systemPromptOverride")).toMatchObject({ to: "agents.list[0].systemPrompt" });
    expect(of("messages.queue.byChannel.imessage")).toMatchObject({ to: "messages.queue.mode" });
    expect(of("messages.queue.mode")).toMatchObject({ action: "dropped" });
    expect(of("messages.queue.cap")).toMatchObject({ action: "dropped" });
  });

  it("takes the one agent's name, the queue and the history of groups", async () => {
    const { config } = await run(
      "clawdbot",
      `{ imessage: {}, identity: { name: "Clawd", theme: "lobster", emoji: "🦞" },
         routing: { queue: { mode: "steer", byProvider: { imessage: "collect" } }, groupChat: { historyLimit: 12 } } }`,
    );
    expect(config).toEqual({
      channels: { imessage: { groupPolicy: "open", historyLimit: 12 } },
      agents: { list: [{ id: "main", identity: { name: "Clawd", theme: "lobster", emoji: "🦞" } }] },
      messages: { queue: { mode: "collect" } },
    });
  });
});
