import { describe, expect, it } from "vitest";
import type { Tree } from "../../config/fitting/index.js";
import type { Dialect } from "../dialects.js";
import { agentsThere } from "./agents.js";
import { traitsOf } from "./traits.js";

const kim = "kim@example.com";

function routed(old: Tree, dialect: Dialect = "openclaw") {
  const kind = dialect === "bluebubbles" ? "bluebubbles" : "imessage";
  const agents = agentsThere(old, traitsOf(dialect, { block: {}, path: [], kind }));
  const ask = (sender: string, { account = "default", group }: { account?: string; group?: number } = {}) => {
    const isGroup = group !== undefined;
    const identifier = isGroup ? `chat${group}` : sender;
    const guid = `iMessage;${isGroup ? "+" : "-"};${identifier}`;
    return agents.route(
      { account, sender, text: "", chat: { id: group ?? 9, guid, identifier, isGroup } },
      isGroup,
    );
  };
  return Object.assign(ask, agents);
}
const bind = (agentId: unknown, match: Tree = {}, more: Tree = {}) => ({
  agentId,
  match: { channel: "imessage", ...match },
  ...more,
});
const peer = (kind: string, id: unknown) => ({ peer: { kind, id } });
const entries = (...ids: string[]): Tree => ({ entries: Object.fromEntries(ids.map((id) => [id, {}])) });

describe("who answers where no binding matches", () => {
  it.each<[string, Tree, string | undefined, string | undefined]>([
    ["no agents", {}, "main", "main"],
    ["an empty list", { agents: { list: [] } }, undefined, "main"],
    ["one", { agents: entries("a") }, "a", "a"],
    ["several", { agents: entries("a", "b") }, undefined, "a"],
    ["one that is marked", { agents: { list: [{ id: "a" }, { id: "B b", default: true }] } }, "b-b", "b-b"],
    [
      "two that are marked",
      { agents: { list: [{ id: "a" }, { id: "b", default: true }, { id: "c", default: true }] } },
      undefined,
      "b",
    ],
    ["a mark that is none", { agents: { list: [{ id: "a" }, { id: "b", default: "yes" }] } }, undefined, "a"],
    ["what is no agent", { agents: { entries: { a: {}, odd: null } } }, "a", "a"],
    [
      "a system agent",
      {
        agents: { ownership: "explicit", defaults: { systemAgent: { agentId: "B" } }, ...entries("a", "b") },
      },
      "b",
      "a",
    ],
    [
      "a system agent that is not listed",
      {
        agents: { ownership: "explicit", defaults: { systemAgent: { agentId: "c" } }, ...entries("a", "b") },
      },
      undefined,
      "a",
    ],
    [
      "a system agent that does not count",
      { agents: { defaults: { systemAgent: { agentId: "b" } }, ...entries("a", "b") } },
      undefined,
      "a",
    ],
    [
      "a mark that does not count",
      { agents: { ownership: "explicit", list: [{ id: "a" }, { id: "b", default: true }] } },
      undefined,
      "b",
    ],
    ["early agents", { routing: { agents: { a: {}, b: {} }, defaultAgentId: "b" } }, undefined, "b"],
    [
      "an early default that is not there",
      { routing: { agents: { a: {}, b: {} }, defaultAgentId: "c" } },
      undefined,
      "a",
    ],
    ["entries and a list", { agents: { list: [{ id: "a" }], ...entries("b") } }, "b", "b"],
  ])("with %s: %j is %s in OpenClaw, and %s earlier", (_, old, now, earlier) => {
    expect(routed(old)(kim)).toBe(now);
    expect(routed(old, "remoteclaw")(kim)).toBe(earlier);
  });
});

describe("who answers by a binding", () => {
  const agents = { list: [{ id: "main", default: true }, { id: "a" }, { id: "b" }, { id: "c" }] };
  const by = (bindings: unknown, dialect: Dialect = "openclaw") => routed({ agents, bindings }, dialect);

  it("is the agent of the most specific one: peer, all of a kind, account, any account", () => {
    const any = bind("a", { accountId: "*" });
    const own = bind("b", { accountId: "home" });
    const direct = bind("c", { accountId: "home", ...peer("direct", kim) });
    expect(by([any, own, direct])(kim, { account: "home" })).toBe("c");
    expect(by([any, own, direct])("lee@example.com", { account: "home" })).toBe("b");
    expect(by([any, own, direct])(kim, { account: "work" })).toBe("a");
    expect(by([own, direct])(kim, { account: "work" })).toBe("main");
    const kind = bind("c", { accountId: "home", ...peer("direct", "*") });
    expect(by([own, kind])(kim, { account: "home" })).toBe("c");
    expect(by([own, kind])(kim, { account: "home", group: 7 })).toBe("b");
    expect(by([own, kind], "remoteclaw")(kim, { account: "home" })).toBe("b");
    expect(by([kind, bind("a", { accountId: "home", ...peer("dm", kim) })])(kim, { account: "home" })).toBe(
      "a",
    );
  });

  it.each<[string, unknown, boolean]>([
    ["a person", peer("direct", kim), true],
    ["the older word", peer(" DM ", ` ${kim} `), true],
    ["a group of that name", peer("group", kim), false],
    ["a form that is not compared", peer("direct", `imessage:${kim}`), false],
    ["an unknown kind", peer("room", kim), false],
    ["nobody", peer("direct", ""), false],
    ["everybody", {}, true],
    ["null", { peer: null }, true],
    ["a server", { guildId: "1" }, false],
    ["a team", { teamId: "1" }, false],
    ["roles", { roles: [] }, false],
    ["no server", { guildId: null }, true],
    ["another channel", { channel: "telegram" }, false],
    ["the channel in capitals", { channel: " iMessage " }, true],
    ["the older key", { channel: undefined, provider: "imessage" }, true],
    ["no channel", { channel: undefined }, false],
  ])("that names %s: %j is asked (%s)", (_, match, isMet) => {
    expect(by([bind("a", match as Tree)])(kim)).toBe(isMet ? "a" : "main");
  });

  it("that names nobody is met by no message, also where nobody is said to have sent it", () => {
    expect(by([bind("a", peer("direct", " "))])("")).toBe("main");
  });

  it("names a group by its number", () => {
    expect(by([bind("a", peer("group", 7))])(kim, { group: 7 })).toBe("a");
    expect(by([bind("a", peer("channel", "7"))])(kim, { group: 7 })).toBe("a");
    expect(by([bind("a", peer("group", 7))])(kim, { group: 8 })).toBe("main");
    expect(by([bind("a", peer("group", "chat_id:7"))])(kim, { group: 7 })).toBe("main");
    const old = {
      agents,
      bindings: [{ agentId: "a", match: { channel: "bluebubbles", ...peer("group", "iMessage;+;chat7") } }],
    };
    expect(routed(old, "bluebubbles")(kim, { group: 7 })).toBe("a");
    expect(routed(old, "bluebubbles")(kim, { group: 8 })).toBe("main");
  });

  it("names an account as it was compared there", () => {
    const at = (accountId: unknown, dialect: Dialect) =>
      ["default", "home"].map((account) => by([bind("a", { accountId })], dialect)(kim, { account }));
    expect(at(undefined, "openclaw")).toEqual(["a", "main"]);
    expect(at(" HOME ", "openclaw")).toEqual(["main", "a"]);
    expect(at(" HOME ", "remoteclaw")).toEqual(["main", "main"]);
    expect(at(" home ", "remoteclaw")).toEqual(["main", "a"]);
    expect(at("", "remoteclaw")).toEqual(["a", "main"]);
    expect(at(" * ", "openclaw")).toEqual(["a", "a"]);
    expect(at("*", "remoteclaw")).toEqual(["a", "a"]);
  });

  it("that names an agent which is not there is nobody's in OpenClaw, and the default's earlier", () => {
    const gone = [bind("gone")];
    expect(by(gone)(kim)).toBeUndefined();
    expect(by(gone, "remoteclaw")(kim)).toBe("main");
    expect(by([bind(undefined)])(kim)).toBe("main");
    // Without a list any agent is there, and `main` always is.
    expect(routed({ bindings: gone })(kim)).toBe("gone");
    const listed = { agents: entries("a"), bindings: [bind("main")] };
    expect(routed(listed)(kim)).toBe("main");
    expect(routed(listed, "remoteclaw")(kim)).toBe("a");
    const { existing } = by([]);
    expect([existing("A "), existing("gone"), existing("main")]).toEqual(["a", undefined, "main"]);
  });

  it("of a session goes before the route, in whatever form it names the chat", () => {
    const session = (id: string, match: Tree = {}) =>
      bind("c", { ...match, ...peer("group", id) }, { type: "acp" });
    expect(by([bind("a"), session("7")])(kim, { group: 7 })).toBe("a");
    expect(by([bind("a"), session("chat_id:7")])(kim, { group: 7 })).toBe("c");
    expect(by([bind("a"), session("chat_id:7")])(kim, { group: 8 })).toBe("a");
    expect(by([bind("a"), session("chat_id:7", { accountId: "home" })])(kim, { group: 7 })).toBe("a");
    expect(by([bind("a"), session(`imessage:${kim}`)])(kim)).toBe("c");
    // Where routing failed, the message did.
    expect(by([bind("gone"), session("chat_id:7")])(kim, { group: 7 })).toBeUndefined();
    const bound = {
      agentId: "c",
      type: "acp",
      match: { channel: "bluebubbles", ...peer("group", "chat_guid:iMessage;+;chat7") },
    };
    expect(routed({ agents, bindings: [bound] }, "bluebubbles")(kim, { group: 7 })).toBe("c");
  });

  it("stands under routing, too, in early files", () => {
    const early = {
      routing: { agents: { a: {}, b: {} }, bindings: [{ agentId: "b", match: { provider: "imessage" } }] },
    };
    expect(routed(early, "clawdbot")(kim)).toBe("b");
  });
});

describe("what counts as a mention", () => {
  const sources = (old: Tree, agent = "a", dialect: Dialect = "openclaw") =>
    routed(old, dialect)
      .mentionsOf(agent)
      .map(({ source }) => source);
  const own = { id: "a", groupChat: { mentionPatterns: ["own"] }, identity: { name: "Molty" } };
  const general = { messages: { groupChat: { mentionPatterns: ["all"] } } };

  it("are an agent's own patterns, then those for all, then its name and emoji", () => {
    expect(sources({ ...general, agents: { list: [own] } })).toEqual(["own"]);
    expect(sources({ ...general, agents: { list: [own] } }, "b")).toEqual(["all"]);
    expect(
      sources({ agents: { list: [{ ...own, groupChat: { mentionPatterns: [] } }] }, ...general }),
    ).toEqual([]);
    expect(sources({ agents: { list: [{ id: "a", mentionPatterns: "early" }] } })).toEqual(["early"]);
    expect(sources({ routing: { groupChat: { mentionPatterns: ["early"] } } })).toEqual(["early"]);
    expect(sources({ agents: { list: [{ id: "b", identity: { name: "Molty" } }] } })).toEqual([]);
    expect(sources({})).toEqual([]);
  });

  it.each([
    ["hello Molty B.", true],
    ["@molty   b", true],
    ["Moltys b", false],
    ["xMolty b", false],
    ["molty", false],
    ["so 🦞!", true],
  ])("finds a name between borders: %j (%s)", (text, isFound) => {
    const identity = { name: " Molty B ", emoji: " 🦞 " };
    for (const old of [{ agents: { list: [{ id: "a", identity }] } }, { identity }])
      expect(
        routed(old)
          .mentionsOf("a")
          .some((pattern) => pattern.test(text)),
      ).toBe(isFound);
    // The one name at the top is nobody's where there are agents.
    expect(routed({ agents: { list: [{ id: "a" }] }, identity }).mentionsOf("a")).toEqual([]);
  });

  it("takes a name for text, and passes over what is none", () => {
    const of = (identity: Tree) => routed({ identity }).mentionsOf("main");
    expect(of({ name: "A+ (x)" })[0]!.test("hey a+ (x)")).toBe(true);
    expect(of({ name: "a.c" })[0]!.test("abc")).toBe(false);
    expect(of({ name: " ", emoji: "" })).toEqual([]);
    expect(of({ name: 5, emoji: null })).toEqual([]);
    expect(sources({ messages: { groupChat: { mentionPatterns: ["(", 5, "ok"] } } })).toEqual(["ok"]);
  });
});
