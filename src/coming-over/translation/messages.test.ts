import { describe, expect, it } from "vitest";
import { importedFrom as run } from "../../../test/support/imported-from.js";
import { translated } from "../../../test/support/translated.js";

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

describe("translating what is said of messages", () => {
  const messages = (source: string, rest = "") => translated("openclaw", `{ messages: ${source}, ${rest} }`);
  const prefixed = (prefix: string, rest = "") =>
    messages(`{ responsePrefix: ${JSON.stringify(prefix)} }`, rest).of("messages.responsePrefix")[0];
  const molty = "{ id: 'a', identity: { name: 'Molty $&' } }";

  it("puts the history of groups under the channel, without a word, and nothing else", () => {
    const { of, at } = messages("{ groupChat: { historyLimit: 5, other: 6 }, ackReaction: 'x' }");
    expect(of("messages.groupChat.historyLimit")).toEqual([
      expect.objectContaining({ to: "channels.imessage.historyLimit", value: 5, marks: ["aside"] }),
    ]);
    expect(at("messages.groupChat.other")).toMatchObject({ value: 6, why: undefined });
    expect(at("messages.ackReaction")).toMatchObject({ value: "x" });
    expect(messages("{}").moves).toEqual([]);
  });

  it.each([
    ["auto", `agents: { list: [${molty}, ${molty}] }`, "[Molty $&]"],
    ["auto", `agents: { entries: { a: ${molty} } }`, "[Molty $&]"],
    ["auto", `agents: { list: [${molty}, { id: 'b', identity: { name: 'Other' } }] }`, undefined],
    ["auto", "identity: { name: '' }", undefined],
    ["auto", "identity: { name: 5 }", undefined],
    ["auto", "agents: { list: [{ id: 'a' }] }, identity: { name: 'Molty' }", undefined],
    ["{identity.name}/{IdentityName}:", `agents: { list: [${molty}] }`, "Molty $&/Molty $&:"],
    ["{identityName} {model}", `agents: { list: [${molty}] }`, undefined],
    ["{identity.name}", "", undefined],
    ["{1}", "", "{1}"],
  ])("writes the prefix %j out with %s: %j", (prefix, rest, value) => {
    const move = prefixed(prefix, rest)!;
    if (value === undefined)
      expect(move).toMatchObject({ to: undefined, value: prefix, why: expect.any(String) });
    else expect(move).toMatchObject({ to: "messages.responsePrefix", value });
    expect(move.why === undefined).toBe(value === prefix);
  });

  it.each([
    ["steer", "steer", "only what an owner"],
    ["steer-backlog", "steer", "only what an owner"],
    ["steer+backlog", "steer", "only what an owner"],
    ["queue", "followup", "a turn of its own"],
    ["collect", "collect", undefined],
    ["constructor", "constructor", undefined],
  ])("says what the queue's mode %s does here: %s", (mode, value, why) => {
    const move = messages(`{ queue: { mode: "${mode}" } }`).at("messages.queue.mode");
    expect(move).toMatchObject({ value, from: "messages.queue.mode" });
    expect(move?.why).toEqual(why === undefined ? undefined : expect.stringContaining(why));
  });

  it("takes the mode of this channel before that of all, by any of its names", () => {
    for (const key of ["byChannel", "byProvider", "bySurface"]) {
      const { at, of } = messages(
        `{ queue: { mode: "queue", ${key}: { imessage: "collect", telegram: "steer" }, cap: 5 } }`,
      );
      expect(at("messages.queue.mode")).toMatchObject({
        value: "collect",
        from: `messages.queue.${key}.imessage`,
      });
      expect(of("messages.queue.mode")).toEqual([expect.objectContaining({ value: "followup" })]);
      expect(of(`messages.queue.${key}.telegram`)).toEqual([
        expect.objectContaining({ to: undefined, marks: ["aside"] }),
      ]);
      expect(of("messages.queue.cap")).toEqual([expect.objectContaining({ to: undefined })]);
    }
    expect(messages("{ queue: 'steer' }").at("messages.queue")).toMatchObject({ value: "steer" });
    expect(messages("5").at("messages")).toMatchObject({ value: 5 });
  });
});
