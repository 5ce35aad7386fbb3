import { describe, expect, it } from "vitest";
import { parseConfig } from "../../config/index.js";
import { People } from "./people.js";
import { ToolRules } from "./tool-rules.js";
import { peopleOfTurn } from "./turn-people.js";

const [mia, ben, kim] = ["+15550100001", "+15550100002", "+15550100003"];

async function people(accessGroups: object, identityLinks: object = {}) {
  const agents = { list: [{ id: "main" }, { id: "carer" }, { id: "other" }] };
  const parsed = await parseConfig(JSON.stringify({ accessGroups, agents, session: { identityLinks } }));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return new People(parsed.value.config, "US");
}

describe("the groups of a person", () => {
  it("are those whose members name the person, in any spelling and either form; a neighbour is in none", async () => {
    const all = await people({
      family: { members: ["(555) 010-0001"], turnsPerDay: 5 },
      guests: { type: "message.senders", members: { imessage: ["+1 555 010 0001"], "*": [ben] } },
    });
    expect(all.of(mia).groups).toEqual(["family", "guests"]);
    expect(all.of(ben).groups).toEqual(["guests"]);
    expect(all.of(kim)).toEqual({ handles: [kim], groups: [], tools: [] });
    expect(all.of("")).toEqual({ handles: [], groups: [], tools: [] });
  });

  it("hold for all handles of one person, and no longer for another's", async () => {
    const all = await people(
      { family: { members: [mia], turnsPerDay: 5 } },
      { mia: [mia, "Mia@Example.com"] },
    );
    expect(all.of("mia@example.com")).toMatchObject({
      handles: ["mia@example.com", mia],
      groups: ["family"],
      turnsPerDay: { most: 5, key: "accessGroups.family.turnsPerDay" },
    });
    expect(all.of("ben@example.com").groups).toEqual([]);
  });

  it("give the lowest limit, the first agent, and no tool that one of them takes", async () => {
    const all = await people({
      a: { members: [mia, ben], turnsPerDay: 9, tokensPerDay: 100, tools: { deny: ["schedule"] } },
      b: { members: [mia], turnsPerDay: 3, agentId: "carer", tools: { allow: ["history", "schedule"] } },
      c: { members: [mia], agentId: "other" },
    });
    const { tools, ...rights } = all.of(mia);
    expect(rights).toEqual({
      handles: [mia],
      groups: ["a", "b", "c"],
      agent: { id: "carer", key: "accessGroups.b.agentId" },
      turnsPerDay: { most: 3, key: "accessGroups.b.turnsPerDay" },
      tokensPerDay: { most: 100, key: "accessGroups.a.tokensPerDay" },
    });
    const rules = new ToolRules(tools);
    const may = (...names: string[]) => names.filter((name) => rules.mayUse(name));
    expect(may("message", "history", "schedule", "memory")).toEqual(["history"]);
    expect(all.of(ben)).toMatchObject({ turnsPerDay: { most: 9 }, groups: ["a"] });
    expect(all.of(ben).agent).toBeUndefined();
  });

  it("leave a turn of several people the tools that each of them has", async () => {
    const all = await people({
      a: { members: [mia], tools: { deny: ["schedule"] } },
      b: { members: [ben], tools: { deny: ["Hist*"] } },
    });
    const both = all.toolsOf([mia, ben]);
    expect(["schedule", "history", "message"].map((tool) => both.mayUse(tool))).toEqual([false, false, true]);
    expect(both.key).toBe(all.toolsOf([ben, mia, mia]).key);
    expect(both.key).not.toBe(all.toolsOf([mia]).key);
    expect(all.toolsOf([kim]).mayUse("schedule")).toBe(true);
  });
});

it("takes the tools of a server by the beginning of their names", () => {
  const rules = new ToolRules([{ allow: ["calendar__*", "message"], deny: ["calendar__delete"] }]);
  const may = ["calendar__list", "calendar__delete", "calendars", "message", "messages"];
  expect(may.filter((tool) => rules.mayUse(tool))).toEqual(["calendar__list", "message"]);
});

it("knows everybody whose words a turn answers", () => {
  const message = { guid: "", rowId: 0, text: "", sentAt: "", attachments: [] };
  const turn = {
    sender: { handle: "(555) 010-0001", isOwner: false },
    messages: [{ ...message, sender: { handle: ben } }, message],
  };
  expect(peopleOfTurn(turn, "US")).toEqual([mia, ben]);
});
