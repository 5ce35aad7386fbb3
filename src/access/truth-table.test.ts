import { beforeAll, describe, expect, it } from "vitest";
import { judge } from "../../test/support/judge.js";
import { directMessage, groupMessage } from "../../test/support/message.js";
import type { Decision, MessageRow } from "../conversation/index.js";
import type { Facts } from "./facts.js";
import type { GroupOptions, PolicySource } from "./policy-source.js";

/*
 * The rules of behaviour 3.1 to 3.4 and 4.1 to 4.4 once more, each as one row "when … then …", the first that holds
 * decides. They are written from the behaviour and share nothing with the gates that they check.
 */
type Rules<Situation> = [when: (it: Situation) => boolean, then: string][];

function outcomeBy<Situation>(rules: Rules<Situation>, situation: Situation): string {
  return rules.find(([when]) => when(situation))![1];
}

function outcomeOf(decision: Decision): string {
  if (decision.kind === "pairing") return decision.offer ? "offer" : "no second offer";
  return decision.kind === "drop" ? `drop ${decision.reason}` : decision.kind;
}

interface Judged {
  source: Partial<PolicySource>;
  message: MessageRow;
  facts: Facts;
}

const people = {
  phone: "+15550100123",
  email: "sam@example.com",
  code: "24273",
  name: "AMZN",
  program: "flights_agent@rbm.goog",
  self: "bot@example.com",
};
type Person = keyof typeof people;

const lists = [
  "nobody",
  "the sender",
  "the sender, spelled otherwise",
  "the chat",
  "everyone",
  "somebody else",
] as const;
type List = (typeof lists)[number];

function entriesOf(list: List, sender: string, chatId: number): string[] {
  switch (list) {
    case "nobody":
      return [];
    case "the sender":
      return [sender];
    case "the sender, spelled otherwise":
      return [`imessage: ${sender.toUpperCase().replace("+1555", "+1 (555) ")}`];
    case "the chat":
      return [`chat_id:${chatId}`];
    case "everyone":
      return ["*"];
    case "somebody else":
      return ["+15550199999", "chat_id:999"];
  }
}

const admits = (list: List) => list !== "nobody" && list !== "somebody else";

interface Direct {
  dmPolicy: "pairing" | "allowlist" | "open" | "disabled";
  list: List;
  person: Person;
  approved: boolean;
  pairing: "none" | "pending" | "full";
}

const directRules: Rules<Direct> = [
  [(it) => it.dmPolicy === "disabled", "drop dm_disabled"],
  [(it) => admits(it.list), "dispatch"],
  [(it) => it.approved, "dispatch"],
  [(it) => it.dmPolicy === "allowlist", "drop dm_not_allowed"],
  // Open lets everyone in by "*" alone.
  [(it) => it.dmPolicy === "open", "drop dm_not_allowed"],
  [(it) => it.person === "self", "drop self_chat_not_allowed"],
  [(it) => ["code", "name", "program"].includes(it.person), "drop sender_without_pairing"],
  [(it) => it.pairing === "none", "offer"],
  [() => true, "no second offer"],
];

function* directWorld(): Generator<{ situation: Direct; judged: Judged }> {
  for (const dmPolicy of ["pairing", "allowlist", "open", "disabled"] as const)
    for (const list of lists)
      for (const person of Object.keys(people) as Person[]) {
        const from = people[person];
        const source = { dmPolicy, allowFrom: entriesOf(list, from, 7) };
        for (const approved of [false, true])
          for (const pairing of ["none", "pending", "full"] as const)
            yield {
              situation: { dmPolicy, list, person, approved, pairing },
              judged: { source, message: directMessage({ from }), facts: { approved, pairing } },
            };
      }
}

interface Group {
  groupPolicy: "allowlist" | "open" | "disabled";
  allowFrom: List;
  groupAllowFrom: List | "unset";
  registry:
    | "empty"
    | "another"
    | "wildcard"
    | "this"
    | "this, turned off"
    | "this, with its own list of nobody";
  requireMention: boolean | "unset";
  patterns: boolean;
  addressed: "not" | "by name" | "by a reply";
  approved: boolean;
}

const inRegistry = (it: Group) => it.registry !== "another";
const effectiveList = (it: Group): List => {
  if (it.registry === "this, with its own list of nobody") return "nobody";
  return it.groupAllowFrom === "unset" ? it.allowFrom : it.groupAllowFrom;
};
/** `requireMention` has no place to be written while the registry is empty or names another group only. */
const asksForMention = (it: Group) =>
  it.requireMention !== false || it.registry === "empty" || it.registry === "another";

const groupRules: Rules<Group> = [
  [(it) => it.groupPolicy === "disabled", "drop group_disabled"],
  [(it) => it.groupPolicy === "allowlist" && !admits(effectiveList(it)), "drop group_sender_not_allowed"],
  [(it) => !inRegistry(it), "drop group_not_listed"],
  [(it) => it.registry === "this, turned off", "drop group_chat_disabled"],
  [(it) => !asksForMention(it), "dispatch"],
  [(it) => !it.patterns, "dispatch"],
  [(it) => it.addressed !== "not", "dispatch"],
  [() => true, "context"],
];

function registryOf(
  registry: Group["registry"],
  requireMention: Group["requireMention"],
): Record<string, GroupOptions> {
  const entry = requireMention === "unset" ? {} : { requireMention };
  switch (registry) {
    case "empty":
      return {};
    case "another":
      return { "12": entry };
    case "wildcard":
      return { "*": entry };
    case "this":
      return { "88": entry };
    case "this, turned off":
      return { "88": { ...entry, enabled: false }, "*": {} };
    case "this, with its own list of nobody":
      return { "88": { ...entry, allowFrom: [] } };
  }
}

function* groupWorld(): Generator<{ situation: Group; judged: Judged }> {
  const from = people.phone;
  const few = ["nobody", "the sender", "the chat", "everyone", "somebody else"] as const;
  for (const groupPolicy of ["allowlist", "open", "disabled"] as const)
    for (const allowFrom of few)
      for (const groupAllowFrom of ["unset", ...few] as const)
        for (const registry of [
          "empty",
          "another",
          "wildcard",
          "this",
          "this, turned off",
          "this, with its own list of nobody",
        ] as const)
          for (const requireMention of ["unset", true, false] as const)
            for (const patterns of [false, true]) {
              const source = {
                groupPolicy,
                allowFrom: entriesOf(allowFrom, from, 88),
                ...(groupAllowFrom === "unset"
                  ? {}
                  : { groupAllowFrom: entriesOf(groupAllowFrom, from, 88) }),
                groups: registryOf(registry, requireMention),
                ...(patterns ? { mentionPatterns: ["@?tapback\\b"] } : {}),
              };
              for (const addressed of ["not", "by name", "by a reply"] as const)
                for (const approved of [false, true])
                  yield {
                    situation: {
                      groupPolicy,
                      allowFrom,
                      groupAllowFrom,
                      registry,
                      requireMention,
                      patterns,
                      addressed,
                      approved,
                    },
                    judged: {
                      source,
                      message: groupMessage({
                        from,
                        text: addressed === "by name" ? "Tapback, when?" : "when?",
                      }),
                      facts: { approved, refersToOurs: addressed === "by a reply" },
                    },
                  };
            }
}

/** Changes the one key that a refusal names, in the sense of its remedy, and nothing else. */
function withChanged(source: Partial<PolicySource>, message: MessageRow, key: string): Partial<PolicySource> {
  const path = key.replace("channels.imessage.", "");
  const add = (list: readonly string[] | undefined) => [...(list ?? []), message.sender];
  const [, entry, field] = /^groups(?:\.(\d+)|\["\*"\])\.(\w+)$/.exec(path) ?? [];
  if (field) {
    const name = entry ?? "*";
    const old = source.groups?.[name] ?? {};
    const changed = { allowFrom: add(old.allowFrom), enabled: true, requireMention: false }[
      field as "enabled"
    ];
    return { ...source, groups: { ...source.groups, [name]: { ...old, [field]: changed } } };
  }
  const changes: Record<string, Partial<PolicySource>> = {
    dmPolicy: { dmPolicy: "pairing" },
    allowFrom: { allowFrom: add(source.allowFrom) },
    groupPolicy: { groupPolicy: "open" },
    groupAllowFrom: { groupAllowFrom: add(source.groupAllowFrom) },
    groups: { groups: { ...source.groups, [message.chat.id]: {} } },
  };
  const change = changes[path];
  if (!change) throw new Error(`no test changes ${key}`);
  return { ...source, ...change };
}

describe.each([
  [
    "direct messages",
    directWorld as () => Iterable<{ situation: Direct | Group; judged: Judged }>,
    directRules as Rules<never>,
  ],
  [
    "groups",
    groupWorld as () => Iterable<{ situation: Direct | Group; judged: Judged }>,
    groupRules as Rules<never>,
  ],
])("%s", (_, situations, rules) => {
  /** Each with what is decided in it, for all tests. */
  const world: { situation: Direct | Group; judged: Judged; decision: Decision }[] = [];
  beforeAll(() => {
    for (const { situation, judged } of situations())
      world.push({ situation, judged, decision: judge(judged.source, judged.message, judged.facts) });
  });

  it("are decided as the rules say, in every situation", () => {
    const wrong: unknown[] = [];
    for (const { situation, decision } of world) {
      const got = outcomeOf(decision);
      const expected = outcomeBy(rules, situation as never);
      if (got !== expected) wrong.push({ situation, got, expected });
    }
    expect(wrong.slice(0, 3)).toEqual([]);
    expect(world.length).toBeGreaterThan(700);
  });

  it("come out differently when exactly the key that a refusal names is changed", () => {
    const same: unknown[] = [];
    let refusals = 0;
    // Situations of one configuration follow each other, and one sender is in all of them.
    let last: { of?: object; byKey: Map<string, Partial<PolicySource>> } = { byKey: new Map() };
    for (const { situation, judged, decision } of world) {
      if (!("key" in decision) || decision.key === undefined) continue;
      refusals++;
      const { source, message, facts } = judged;
      if (last.of !== source) last = { of: source, byKey: new Map() };
      const changed = last.byKey.get(decision.key) ?? withChanged(source, message, decision.key);
      last.byKey.set(decision.key, changed);
      const after = judge(changed, message, facts);
      if (outcomeOf(after) === outcomeOf(decision))
        same.push({ situation, key: decision.key, outcome: outcomeOf(after) });
    }
    expect(same.slice(0, 3)).toEqual([]);
    expect(refusals).toBeGreaterThan(200);
  });

  it("always end with the gate that decided, and never refuse without a reason and a remedy", () => {
    const wrong: Decision[] = [];
    for (const { decision } of world) {
      if (!isWhole(decision)) wrong.push(decision);
    }
    expect(wrong.slice(0, 3)).toEqual([]);
  });
});

function isWhole(decision: Decision): boolean {
  const failed = decision.gates.filter(({ passed }) => !passed);
  if (decision.kind === "dispatch") return failed.length === 0;
  if (decision.kind === "command") throw new Error("no command was typed");
  return (
    /^[a-z]+(_[a-z]+)*$/.test(decision.reason) &&
    decision.remedy.endsWith(".") &&
    failed.length === 1 &&
    failed[0] === decision.gates.at(-1)
  );
}
