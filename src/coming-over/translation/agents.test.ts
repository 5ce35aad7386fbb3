import { describe, expect, it } from "vitest";
import { translated } from "../../../test/support/translated.js";

const openclaw = (source: string) => translated("openclaw", `{ ${source} }`);
const clawdbot = (source: string) => translated("clawdbot", `{ ${source} }`);

describe("agents", () => {
  it("are a list here, in the order of their entries", () => {
    const { at, of } = openclaw(
      "agents: { entries: { a: { name: 'A' }, odd: 5, b: { model: 'x/y', systemPromptOverride: 'Be nice.' } } }",
    );
    expect(at("agents.list[0].id")).toMatchObject({ value: "a", marks: ["aside"] });
    expect(at("agents.list[0].name")).toMatchObject({
      from: "agents.entries.a.name",
      value: "A",
      marks: ["aside"],
    });
    expect(at("agents.list[1].id")?.value).toBe("b");
    expect(at("agents.list[1].model")?.value).toBe("x/y");
    expect(at("agents.list[1].systemPrompt")).toMatchObject({
      value: "Be nice.",
      why: "it is called systemPrompt here",
    });
    expect(of("agents.entries.odd")).toEqual([expect.objectContaining({ to: undefined, value: 5 })]);
  });

  it("of a list stay where they are, unless there are entries, which held", () => {
    const list = "list: [{ id: 'a', name: 'A' }, { id: 'b' }]";
    const { at } = openclaw(`agents: { ${list}, other: 1 }`);
    expect(at("agents.list[0].name")).toMatchObject({ from: "agents.list[0].name", value: "A" });
    expect(at("agents.list[1].id")?.value).toBe("b");
    const both = openclaw(`agents: { ${list}, entries: { c: {} } }`);
    expect(both.at("agents.list[0].id")?.value).toBe("c");
    expect(both.at("agents.list[1].id")).toBeUndefined();
    expect(both.of("agents.list")).toEqual([
      expect.objectContaining({ to: undefined, why: "agents.entries held in its place" }),
    ]);
    const one = openclaw("agents: { list: [{ id: 'a' }], entries: { c: {} } }");
    expect(one.of("agents.list")).toHaveLength(1);
    expect(openclaw("agents: { list: [], entries: { c: {} } }").of("agents.list")).toEqual([]);
    expect(openclaw("agents: { other: 1 }").of("agents.other")).toEqual([
      expect.objectContaining({ to: undefined }),
    ]);
  });

  it("run here by themselves but for ACP: another runtime was built in there", () => {
    const { of, at } = openclaw(
      "agents: { entries: { a: { runtime: { type: 'embedded' } }, b: { runtime: { type: 'acp', acp: { agent: 'x' } } } } }",
    );
    expect(of("agents.entries.a.runtime")).toEqual([
      expect.objectContaining({ to: undefined, why: expect.stringContaining("built into") }),
    ]);
    expect(at("agents.list[1].runtime.acp.agent")?.value).toBe("x");
    expect(at("agents.list[1].runtime.type")?.value).toBe("acp");
  });
});

describe("models to fall back on", () => {
  const model = (more = "") => `{ primary: 'p/q', fallbacks: 'x/y'${more} }`;

  it("stand in the agent's runtime here, but for ACP, which chooses itself", () => {
    const { at, of } = openclaw(
      `agents: { list: [{ id: 'a', model: ${model(", other: 1")} }, { id: 'b', model: ${model()}, runtime: { type: 'acp' } }] }`,
    );
    expect(at("agents.list[0].model")).toMatchObject({ value: "p/q", marks: ["aside"] });
    expect(at("agents.list[0].runtime")?.value).toEqual({ type: "llm", fallbackModels: ["x/y"] });
    expect(of("agents.list[0].model.other")).toEqual([expect.objectContaining({ to: undefined })]);
    expect(of("agents.list[1].model.fallbacks")).toEqual([
      expect.objectContaining({ to: undefined, why: "an ACP agent chooses its models itself" }),
    ]);
  });

  it("of all agents go to those that name none themselves", () => {
    const heirs = (agents: string) =>
      openclaw(`agents: { defaults: { model: ${model()} }, ${agents} }`)
        .of("agents.defaults.model.fallbacks")
        .map(({ to }) => to);
    expect(
      heirs(
        "list: [{ id: 'a' }, { id: 'b', model: 'x/z' }, { id: 'c' }, { id: 'd', runtime: { type: 'acp' } }]",
      ),
    ).toEqual(["agents.list[0].runtime", "agents.list[2].runtime"]);
    expect(heirs("entries: { a: { model: 'x/z' }, b: {} }")).toEqual(["agents.list[1].runtime"]);
    expect(heirs("list: [{ id: 'a', model: 'x/z' }]")).toEqual([undefined]);
  });

  it("of all agents go to the one that answers where none is listed", () => {
    const { at } = openclaw(`agents: { defaults: { model: ${model()} } }`);
    expect(at("agents.defaults.model")?.value).toBe("p/q");
    expect(at("agents.list[0].id")).toMatchObject({ value: "main", marks: ["quiet"] });
    expect(at("agents.list[0].runtime")?.value).toEqual({ type: "llm", fallbackModels: ["x/y"] });
    expect(openclaw("agents: { defaults: { model: 'p/q' } }").at("agents.list[0].id")).toBeUndefined();
  });
});

describe("early agents", () => {
  it("stood under routing, with the one that answers by default", () => {
    const { at, of } = clawdbot(
      `imessage: {}, routing: { agents: { a: { mentionPatterns: ["@a"], name: "A" }, odd: 1, b: {} }, defaultAgentId: "b", other: 1 }`,
    );
    expect(at("agents.list[0].id")).toMatchObject({ value: "a", from: "routing.agents.a", marks: ["aside"] });
    expect(at("agents.list[0].groupChat.mentionPatterns")).toMatchObject({ value: ["@a"], marks: ["aside"] });
    expect(at("agents.list[0].name")?.value).toBe("A");
    expect(at("agents.list[0].default")).toBeUndefined();
    expect(at("agents.list[1].id")?.value).toBe("b");
    expect(at("agents.list[1].default")).toMatchObject({
      value: true,
      from: "routing.defaultAgentId",
      marks: ["aside"],
    });
    expect(at("agents.list[1].groupChat.mentionPatterns")).toBeUndefined();
    for (const key of ["agents.odd", "other"])
      expect(of(`routing.${key}`)).toEqual([expect.objectContaining({ to: undefined })]);
    const gone = clawdbot("imessage: {}, routing: { agents: { a: {} }, defaultAgentId: 'gone' }");
    expect(gone.of("routing.defaultAgentId")).toEqual([expect.objectContaining({ to: undefined })]);
  });

  it("had what is said of groups under routing", () => {
    const { at, of } = clawdbot(
      "imessage: {}, routing: { groupChat: { mentionPatterns: ['@b'], historyLimit: 5, other: 1 } }",
    );
    expect(at("messages.groupChat.mentionPatterns")).toMatchObject({ value: ["@b"], marks: ["aside"] });
    expect(at("channels.imessage.historyLimit")).toMatchObject({ value: 5, marks: ["aside"] });
    expect(of("routing.groupChat.other")).toEqual([expect.objectContaining({ to: undefined })]);
    const none = clawdbot("imessage: {}, routing: {}");
    expect(none.moves.filter(({ from }) => from.startsWith("routing"))).toEqual([]);
  });

  it("asked for a mention, or not, in every group that is listed, and by each account's own list", () => {
    const said = (block: string, value = false) =>
      Object.fromEntries(
        clawdbot(`imessage: { ${block} }, routing: { groupChat: { requireMention: ${value} } }`)
          .of("routing.groupChat.requireMention")
          .map((move) => [move.to!.replace("channels.imessage.", ""), move.value]),
      );
    const at = (place: string) => `${place}.requireMention`;
    expect(said("")).toEqual({ [at('groups["*"]')]: false });
    expect(said("groups: { '7': {}, '8': { requireMention: true } }")).toEqual({
      [at("groups.7")]: false,
      [at("groups.8")]: true,
    });
    expect(said("groups: { '7': {}, '*': {} }", true)).toEqual({ [at('groups["*"]')]: true });
    expect(
      said("groups: { '7': {} }, accounts: { a: { groups: { '9': {} } }, b: {}, c: { groups: {} } }"),
    ).toEqual({
      [at("groups.7")]: false,
      [at("accounts.a.groups.9")]: false,
      [at('accounts.c.groups["*"]')]: false,
    });
  });

  it("were one, whose name stood at the top", () => {
    const { at } = clawdbot("imessage: {}, identity: { name: 'Molty' }, agent: { workspace: '/w' }");
    expect(at("agents.list[0].id")).toMatchObject({ value: "main", marks: ["quiet"] });
    expect(at("agents.list[0].identity.name")?.value).toBe("Molty");
    expect(at("agents.defaults.workspace")).toMatchObject({
      from: "agent.workspace",
      value: "/w",
      marks: ["aside"],
    });
    for (const named of [
      "agents: { list: [{ id: 'a' }] }",
      "agents: { entries: { a: {} } }",
      "routing: { agents: { a: {} } }",
    ])
      expect(clawdbot(`imessage: {}, identity: { name: 'Molty' }, ${named}`).of("identity")).toEqual([
        expect.objectContaining({ to: undefined }),
      ]);
    const empty = clawdbot("imessage: {}, identity: { name: 'Molty' }, agents: { list: [] }");
    expect(empty.at("agents.list[0].identity.name")?.value).toBe("Molty");
    expect(clawdbot("imessage: {}, identity: 'Molty'").of("identity")).toEqual([
      expect.objectContaining({ to: undefined }),
    ]);
  });
});

describe("agents that bindings alone name", () => {
  const listed = (source: string) =>
    openclaw(source).moves.flatMap(({ to, value, from }) =>
      from === "bindings" && to?.endsWith(".id") ? [value] : [],
    );
  const bind = (agentId: string, channel = "channel: 'imessage'") =>
    `{ agentId: '${agentId}', match: { ${channel} } }`;

  it("are listed behind the one that answers else", () => {
    expect(listed(`bindings: [${bind("a")}, ${bind("b", "provider: 'iMessage'")}, ${bind("a")}]`)).toEqual([
      "main",
      "a",
      "b",
    ]);
    expect(listed(`routing: { bindings: [${bind("a")}] }`)).toEqual(["main", "a"]);
  });

  it.each([
    ["it is that one", `bindings: [${bind("main")}]`],
    ["the channel is another", `bindings: [${bind("a", "channel: 'telegram'")}]`],
    ["it is no name", "bindings: [{ agentId: 5, match: { channel: 'imessage' } }]"],
    ["there are entries", `agents: { entries: {} }, bindings: [${bind("a")}]`],
    ["there is a list", `agents: { list: [] }, bindings: [${bind("a")}]`],
    ["there are early agents", `routing: { agents: {} }, bindings: [${bind("a")}]`],
  ])("are not listed where %s", (_, source) => {
    expect(listed(source)).toEqual([]);
  });
});
