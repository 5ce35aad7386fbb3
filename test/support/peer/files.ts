import fc from "fast-check";
import type { PeerSystem } from "./model.js";

/** A file of another system, and who was approved by pairing on each of its accounts. */
export interface PeerFile {
  file: Record<string, unknown>;
  approved: Record<string, string[]>;
}

const people = [
  "+15551000001",
  "+1 (555) 100-0002",
  "5551000002",
  15551000001,
  "imessage:+15551000003",
  "sms:+1-555-100-0001",
  "kim@example.com",
  "Kim@Example.com",
  "mailto:sam@example.com",
  "262966",
];
const chats = [
  "chat_id:7",
  "chat:7",
  "chatid:8",
  "chat_guid:iMessage;+;chat7",
  "guid:iMessage;+;chat8",
  "chat_identifier:chat7",
  "chatident:chat8",
];
const groupRefs = ["accessGroup:friends", "accessGroup:nobody", "accessGroup:discord"];

function sometimes<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(arbitrary, { nil: undefined, freq: 2 });
}

/** Leaves out what is undefined, as a file does. */
function written(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

const list = fc.oneof(
  { arbitrary: fc.array(fc.constantFrom<string | number>(...people), { maxLength: 3 }), weight: 4 },
  {
    arbitrary: fc.array(fc.constantFrom<string | number>(...people, ...chats, ...groupRefs, "*"), {
      maxLength: 4,
    }),
    weight: 4,
  },
  { arbitrary: fc.constant(["*"]), weight: 1 },
  { arbitrary: fc.constant([]), weight: 1 },
);

function groups(system: PeerSystem) {
  const keys =
    system === "bluebubbles"
      ? ["*", "iMessage;+;chat7", "iMessage;+;chat8"]
      : ["*", "7", "8", "chat_id:7", "iMessage;+;chat8"];
  const entry = fc
    .record({ requireMention: sometimes(fc.boolean()), systemPrompt: sometimes(fc.constant("Be kind.")) })
    .map(written);
  return fc.dictionary(fc.constantFrom(...keys), entry, { maxKeys: 3 });
}

/** What an account may set as the channel may. */
function settings(system: PeerSystem) {
  return {
    enabled: sometimes(fc.constantFrom(true, true, false)),
    dmPolicy: sometimes(fc.constantFrom("pairing", "allowlist", "open", "disabled")),
    allowFrom: sometimes(list),
    groupPolicy: sometimes(fc.constantFrom("allowlist", "open", "disabled")),
    groupAllowFrom: sometimes(list),
    groups: sometimes(groups(system)),
  };
}

function block(system: PeerSystem) {
  const account = fc.record(settings(system)).map(written);
  const accounts = fc.dictionary(fc.constantFrom("home", "work_phone", "default"), account, { maxKeys: 2 });
  return fc
    .record({
      ...settings(system),
      cliPath: sometimes(fc.constant("/opt/imsg")),
      accounts: sometimes(accounts),
      defaultAccount: sometimes(fc.constantFrom("home", "elsewhere")),
      region: sometimes(fc.constantFrom("US", "DE")),
    })
    .map(written);
}

const patterns = fc.constantFrom(
  [],
  ["bot"],
  ["\\bbot\\b", "(?=never)"],
  ["(unclosed"],
  ["(?!x)y"],
  ["(unclosed", "bot"],
);
const agent = fc
  .record({
    default: sometimes(fc.boolean()),
    identity: sometimes(
      fc
        .record({ name: sometimes(fc.constantFrom("Molty", "Bot")), emoji: sometimes(fc.constant("🦞")) })
        .map(written),
    ),
    groupChat: sometimes(fc.record({ mentionPatterns: patterns })),
  })
  .map(written);
const ids = ["main", "home", "coder"];

function agents(system: PeerSystem) {
  const entries = fc.dictionary(fc.constantFrom(...ids), agent, { minKeys: 1, maxKeys: 3 });
  const asList = entries.map((map) => ({ list: Object.entries(map).map(([id, one]) => ({ id, ...one })) }));
  return system === "openclaw"
    ? fc.oneof(
        entries.map((map) => ({ entries: map })),
        asList,
      )
    : asList;
}

function bindings(system: PeerSystem) {
  const direct = fc.record({
    kind:
      system === "openclaw" || system === "remoteclaw" ? fc.constantFrom("direct", "dm") : fc.constant("dm"),
    id: fc.constantFrom(
      "+15551000001",
      "kim@example.com",
      "imessage:+15551000003",
      "5551000002",
      ...(system === "openclaw" ? ["*"] : []),
    ),
  });
  const room = fc.record({
    kind: fc.constant("group"),
    id:
      system === "bluebubbles"
        ? fc.constantFrom("iMessage;+;chat7", "iMessage;+;chat8")
        : fc.constantFrom("7", "8", "chat_id:7", ...(system === "openclaw" ? ["*"] : [])),
  });
  const channels =
    system === "bluebubbles" ? ["bluebubbles"] : ["imessage", "imessage", "iMessage", "telegram"];
  const match = fc
    .record({
      channel: fc.constantFrom(...channels),
      accountId: sometimes(fc.constantFrom("*", "home", "work_phone", "default")),
      peer: sometimes(fc.oneof(direct, room)),
    })
    .map(written);
  return fc.array(fc.record({ agentId: fc.constantFrom(...ids, "nobody"), match }), { maxLength: 3 });
}

/** Makes files as people write them, the odd ones among them. */
export function peerFiles(system: PeerSystem): fc.Arbitrary<PeerFile> {
  const early = system === "clawdbot" ? fc.boolean() : fc.constant(false);
  return fc
    .record({
      own: block(system),
      early,
      agents: sometimes(agents(system)),
      bindings: sometimes(bindings(system)),
      mentionPatterns: sometimes(patterns),
      generalPolicy: sometimes(fc.constantFrom("open", "disabled")),
      friends: sometimes(fc.array(fc.constantFrom<string | number>(...people), { maxLength: 3 })),
      requireMention: sometimes(fc.boolean()),
      approved: fc.dictionary(
        fc.constantFrom("default", "home", "work_phone"),
        fc.array(fc.constantFrom("+15551000001", "5551000002", "kim@example.com"), { maxLength: 2 }),
      ),
    })
    .map((parts): PeerFile => {
      const name = system === "bluebubbles" ? "bluebubbles" : "imessage";
      const defaults = parts.generalPolicy && { groupPolicy: parts.generalPolicy };
      const channels = parts.early ? undefined : written({ [name]: parts.own, defaults });
      const routing =
        parts.early && parts.requireMention !== undefined
          ? { groupChat: { requireMention: parts.requireMention } }
          : undefined;
      const file = written({
        channels,
        imessage: parts.early ? parts.own : undefined,
        agents: parts.agents,
        bindings: parts.bindings,
        messages: parts.mentionPatterns && { groupChat: { mentionPatterns: parts.mentionPatterns } },
        routing,
        accessGroups: {
          ...(parts.friends && {
            friends: { type: "message.senders", members: { "*": parts.friends, telegram: ["5"] } },
          }),
          discord: { type: "discord.channelAudience", guildId: "1", channelId: "2" },
        },
      });
      return { file, approved: parts.approved };
    });
}
