import { describe, expect, it } from "vitest";
import type { Tree } from "../../config/fitting/index.js";
import { blocksOf, type Dialect } from "../dialects.js";
import type { Outcome } from "../probe.js";
import { rulesThere } from "./rules.js";
import { traitsOf } from "./traits.js";

const kim = "kim@example.com";
const lee = "lee@example.com";

type Asked = { account?: string; group?: number; guid?: string; text?: string };

/** A file's rules; the outcome of a message is the agent that answers, `code` or `refused`. */
function there(old: Tree, { dialect = "openclaw" as Dialect, approved = [] as [string, string][] } = {}) {
  const [block] = blocksOf(dialect, old);
  const rules = rulesThere({
    old,
    block: block!.block,
    traits: traitsOf(dialect, block!),
    approved: approved.map(([account, handle]) => ({ account, handle })),
  });
  return (sender: string, { account = "default", group, guid, text = "hello" }: Asked = {}) => {
    const isGroup = group !== undefined || guid !== undefined;
    const id = group ?? 900;
    const identifier = guid?.split(";").at(-1) ?? (isGroup ? `chat${id}` : sender);
    const chat = { id, isGroup, identifier, guid: guid ?? `iMessage;${isGroup ? "+" : "-"};${identifier}` };
    const outcome: Outcome = rules.ask({ account, sender, chat, text });
    return outcome.kind === "answered" ? outcome.agent : outcome.kind;
  };
}
const imessage = (block: Tree, rest: Tree = {}): Tree => ({ ...rest, channels: { imessage: block } });
const bluebubbles = (block: Tree): Tree => ({ channels: { bluebubbles: block } });

describe("direct chats there", () => {
  it.each<[string, Tree, string, string]>([
    ["nothing", {}, "code", "code"],
    ["a list", { allowFrom: [kim] }, "main", "code"],
    ["pairing", { dmPolicy: "pairing", allowFrom: [kim] }, "main", "code"],
    ["allowlist", { dmPolicy: "allowlist", allowFrom: [kim] }, "main", "refused"],
    ["open without a star", { dmPolicy: "open", allowFrom: [kim] }, "main", "refused"],
    ["open", { dmPolicy: "open", allowFrom: ["*"] }, "main", "main"],
    ["disabled", { dmPolicy: "disabled", allowFrom: ["*"] }, "refused", "refused"],
    ["another list", { groupAllowFrom: [kim] }, "code", "code"],
    ["its chat", { allowFrom: [`chat_identifier:${kim}`] }, "code", "code"],
  ])("with %s answer kim: %j is %s, and lee: %s", (_, block, ofKim, ofLee) => {
    const ask = there(imessage(block));
    expect([ask(kim), ask(lee)]).toEqual([ofKim, ofLee]);
    expect(ask(kim, { account: "other" })).toBe("refused");
  });

  it("were let in by their chat's name in earlier systems", () => {
    const list = [`chat_identifier:${kim}`, "chat_id:901", `chat_guid:iMessage;-;${lee}`];
    for (const dialect of ["remoteclaw", "clawdbot"] as const) {
      const ask = there(imessage({ allowFrom: list }), { dialect });
      expect([ask(kim), ask(lee), ask("sam@example.com")]).toEqual(["main", "main", "code"]);
    }
  });

  it.each<[Dialect, string, string, string]>([
    ["openclaw", "main", "refused", "refused"],
    ["remoteclaw", "main", "refused", "refused"],
    ["clawdbot", "main", "main", "refused"],
    ["bluebubbles", "main", "main", "refused"],
  ])("of %s let in who was approved: pairing %s, allowlist %s, disabled %s", (dialect, ...outcomes) => {
    const block = (dmPolicy: string) => {
      const own = { dmPolicy, accounts: { home: {}, work: {} } };
      return dialect === "bluebubbles" ? bluebubbles(own) : imessage(own);
    };
    for (const [index, policy] of ["pairing", "allowlist", "disabled"].entries()) {
      const ask = there(block(policy), { dialect, approved: [["home", "KIM@example.com"]] });
      expect(ask(kim, { account: "home" })).toBe(outcomes[index]);
      // An approval is one person's on one account.
      const others = policy === "pairing" ? "code" : "refused";
      expect(ask(kim, { account: "work" })).toBe(others);
      expect(ask(lee, { account: "home" })).toBe(others);
    }
    if (dialect === "clawdbot" || dialect === "bluebubbles") return;
    const open = there(block("open"), { dialect, approved: [["home", kim]] });
    expect(open(kim, { account: "home" })).toBe("refused");
  });

  it("compare numbers by their digits, and those of BlueBubbles as they stand", () => {
    const list = { dmPolicy: "allowlist", allowFrom: ["+1 (555) 010-0123", "imessage: 5550100124"] };
    const ask = there(imessage(list));
    expect([ask("+15550100123"), ask("+5550100124"), ask("+15550100124")]).toEqual([
      "main",
      "main",
      "refused",
    ]);
    const asStands = there(
      bluebubbles({ dmPolicy: "allowlist", allowFrom: ["+1 555 0100123", "5550100124"] }),
      {
        dialect: "bluebubbles",
      },
    );
    expect([asStands("+15550100123"), asStands("+5550100124"), asStands("5550100124")]).toEqual([
      "main",
      "refused",
      "main",
    ]);
  });

  it("take the people of an access group, of any channel and of this one", () => {
    const friends = {
      type: "message.senders",
      members: { "*": [kim], imessage: [lee], telegram: ["sam@example.com"] },
    };
    const inner = { type: "message.senders", members: { "*": ["accessGroup:friends"] } };
    const other = { type: "discord.channelAudience", members: { "*": [kim] } };
    const of = (name: string, dialect: Dialect = "openclaw") => {
      const ask = there(
        imessage(
          { dmPolicy: "allowlist", allowFrom: [`accessGroup:${name}`] },
          { accessGroups: { friends, inner, other } },
        ),
        { dialect },
      );
      return [kim, lee, "sam@example.com"].map((one) => ask(one));
    };
    expect(of("friends")).toEqual(["main", "main", "refused"]);
    for (const name of ["inner", "other", "none"])
      expect(of(name)).toEqual(["refused", "refused", "refused"]);
    expect(of("friends", "remoteclaw")).toEqual(["refused", "refused", "refused"]);
  });
});

describe("groups there", () => {
  it.each<[string, Tree, string, string]>([
    ["nothing", {}, "refused", "refused"],
    ["allowFrom alone", { allowFrom: [kim] }, "main", "refused"],
    ["null for the list", { allowFrom: [kim], groupAllowFrom: null }, "main", "refused"],
    ["an empty list", { allowFrom: [kim], groupAllowFrom: [] }, "refused", "refused"],
    ["a list of its own", { allowFrom: [lee], groupAllowFrom: [kim] }, "main", "refused"],
    ["its number", { groupAllowFrom: ["chat_id:7"] }, "main", "main"],
    ["another's number", { groupAllowFrom: ["chat_id:8"] }, "refused", "refused"],
    ["its GUID", { groupAllowFrom: ["guid:iMessage;+;chat7"] }, "main", "main"],
    ["its GUID with another service", { groupAllowFrom: ["guid:SMS;+;chat7"] }, "refused", "refused"],
    ["its identifier", { groupAllowFrom: ["chatident:chat7"] }, "main", "main"],
    ["open", { groupPolicy: "open" }, "main", "main"],
    ["disabled", { groupPolicy: "disabled", groupAllowFrom: ["*"] }, "refused", "refused"],
    ["listed", { groupPolicy: "open", groups: { "7": {} } }, "main", "main"],
    ["others listed", { groupPolicy: "open", groups: { "8": {} } }, "refused", "refused"],
    ["all listed", { groupPolicy: "open", groups: { "8": {}, "*": {} } }, "main", "main"],
    ["listed, and nobody", { groups: { "7": {} } }, "refused", "refused"],
  ])("with %s: %j answer kim: %s, and lee: %s", (_, block, ofKim, ofLee) => {
    const ask = there(imessage(block));
    expect([ask(kim, { group: 7 }), ask(lee, { group: 7 })]).toEqual([ofKim, ofLee]);
  });

  it("were open to all by default in early Clawdbot alone, and are keyed by GUID in BlueBubbles", () => {
    expect(there({ imessage: {} }, { dialect: "clawdbot" })(kim, { group: 7 })).toBe("main");
    expect(there(imessage({}), { dialect: "clawdbot" })(kim, { group: 7 })).toBe("refused");
    const groups = { "iMessage;+;chat7": {} };
    const ask = there(bluebubbles({ allowFrom: [kim], groupAllowFrom: [], groups }), {
      dialect: "bluebubbles",
    });
    // An empty list was taken for none there.
    expect(ask(kim, { guid: "iMessage;+;chat7" })).toBe("main");
    expect(ask(kim, { guid: "iMessage;+;chat8" })).toBe("refused");
    expect(ask(lee, { guid: "iMessage;+;chat7" })).toBe("refused");
  });

  it("let in by approval where it counted everywhere, on its account", () => {
    const block = { accounts: { home: {}, work: {} } };
    const known = (dialect: Dialect) => there(imessage(block), { dialect, approved: [["home", kim]] });
    expect(known("clawdbot")(kim, { group: 7, account: "home" })).toBe("main");
    expect(known("clawdbot")(kim, { group: 7, account: "work" })).toBe("refused");
    expect(known("clawdbot")(lee, { group: 7, account: "home" })).toBe("refused");
    for (const dialect of ["openclaw", "remoteclaw"] as const)
      expect(known(dialect)(kim, { group: 7, account: "home" })).toBe("refused");
  });

  it("are asked for a mention, where there is something that counts as one", () => {
    const patterns = { messages: { groupChat: { mentionPatterns: ["@bot"] } } };
    const heard = (block: Tree, rest: Tree = patterns, text = "hello") =>
      there(imessage({ groupPolicy: "open", ...block }, rest))(kim, { group: 7, text });
    expect(heard({})).toBe("refused");
    expect(heard({}, patterns, "Hello @BOT")).toBe("main");
    expect(heard({}, {})).toBe("main");
    expect(heard({}, { messages: { groupChat: { mentionPatterns: ["(unclosed"] } } })).toBe("main");
    expect(heard({ groups: { "7": { requireMention: false } } })).toBe("main");
    expect(heard({ groups: { "8": { requireMention: false }, "7": {} } })).toBe("refused");
    expect(heard({ groups: { "*": { requireMention: false } } })).toBe("main");
    expect(heard({ groups: { "*": { requireMention: false }, "7": { requireMention: true } } })).toBe(
      "refused",
    );
    expect(heard({ groups: { "*": { requireMention: true }, "7": { requireMention: false } } })).toBe("main");
    expect(heard({ groups: { "*": { requireMention: false }, "7": {} } })).toBe("main");
  });

  it("were asked for one by a general setting in early Clawdbot, which their own went before", () => {
    const heard = (requireMention: unknown, groups: Tree) =>
      there(
        { imessage: { groups }, routing: { groupChat: { requireMention, mentionPatterns: ["@bot"] } } },
        { dialect: "clawdbot" },
      )(kim, { group: 7 });
    expect(heard(undefined, {})).toBe("refused");
    expect(heard(true, {})).toBe("refused");
    expect(heard(false, {})).toBe("main");
    expect(heard(false, { "7": { requireMention: true } })).toBe("refused");
    expect(heard(true, { "*": { requireMention: false } })).toBe("main");
  });

  it("are chats whose number is listed, whatever the chat says it is, but with BlueBubbles", () => {
    const old = imessage({ dmPolicy: "disabled", groupPolicy: "open", groups: { "900": {} } });
    expect(there(old)(kim)).toBe("main");
    expect(there(imessage({ dmPolicy: "disabled", groupPolicy: "open", groups: { "901": {} } }))(kim)).toBe(
      "refused",
    );
    const named = bluebubbles({ dmPolicy: "disabled", groupPolicy: "open", groups: { "900": {}, "*": {} } });
    expect(there(named, { dialect: "bluebubbles" })(kim)).toBe("refused");
  });
});

describe("accounts there", () => {
  it("have their own settings, and the channel's where they have none", () => {
    const ask = there(
      imessage({
        dmPolicy: "allowlist",
        allowFrom: [kim],
        accounts: { home: {}, Work: { allowFrom: [lee] } },
      }),
    );
    const both = (account: string) => [ask(kim, { account }), ask(lee, { account })];
    expect(both("home")).toEqual(["main", "refused"]);
    expect(both("work")).toEqual(["refused", "main"]);
    expect(both("default")).toEqual(["refused", "refused"]);
  });

  it("are not served where they or the channel are off", () => {
    const served = (block: Tree) =>
      ["home", "work"].map((account) => there(imessage({ allowFrom: [kim], ...block }))(kim, { account }));
    expect(served({ accounts: { home: { enabled: false }, work: {} } })).toEqual(["refused", "main"]);
    expect(served({ enabled: false, accounts: { home: { enabled: true }, work: {} } })).toEqual([
      "refused",
      "refused",
    ]);
  });
});
