import { describe, expect, it } from "vitest";
import { checkSource } from "../check.js";

const errors = async (source: string) =>
  (await checkSource(source, {})).errors.map(({ path, suggestion }) =>
    suggestion ? `${path} -> ${suggestion}` : path,
  );
const groups = 'accessGroups: { family: { members: ["+15550100"] }, none: { members: [] } }';

describe("groups of people", () => {
  it("are there where a list names them", async () => {
    const named = `{ ${groups}, channels: { imessage: { allowFrom: ["accessGroup:family"], groupAllowFrom: ["accessGroup:none"],
      groups: { "*": { allowFrom: ["accessGroup: family"] } } } },
      commands: { ownerAllowFrom: ["accessGroup:family"] }, agents: { list: [{ id: "a", sendTo: ["accessGroup:family"] }] } }`;
    expect(await errors(named)).toEqual([]);
    expect(
      await errors(`{ ${groups}, channels: { imessage: { allowFrom: ["+1555", "accessGroup:famly"] } } }`),
    ).toEqual(['channels.imessage.allowFrom[1] -> "accessGroup:family"']);
    expect(
      await errors(
        '{ channels: { imessage: { accounts: { a: { groups: { "7": { allowFrom: ["accessGroup:x"] } } } } } }, agents: { list: [{ id: "a", sendTo: ["accessGroup:x"] }] } }',
      ),
    ).toEqual(
      ['channels.imessage.accounts.a.groups["7"].allowFrom[0]', "agents.list[0].sendTo[0]"].map((path) =>
        path.replace('["7"]', ".7"),
      ),
    );
  });

  it("have somebody where they are owners", async () => {
    expect(await errors(`{ ${groups}, commands: { ownerAllowFrom: ["accessGroup:none"] } }`)).toEqual([
      "commands.ownerAllowFrom[0]",
    ]);
  });

  it("are not the one sender who owns what nobody else may use", async () => {
    const imessage = 'channels: { imessage: { review: "on", allowFrom: ["accessGroup:family"] } }';
    expect(await errors(`{ ${groups}, ${imessage} }`)).toEqual(["channels.imessage.review"]);
  });

  it.each(['"*"', '"chat_id:7"', '"accessGroup:none"', '"kim@"'])("hold no %s", async (member) => {
    expect(await errors(`{ accessGroups: { a: { members: ["+1555", ${member}] } } }`)).toEqual([
      "accessGroups.a.members[1]",
    ]);
  });

  it("are answered by agents that there are, with tools that there are", async () => {
    const agents = `agents: { list: [{ id: "a", runtime: { type: "llm", model: "ollama/x", mcpServers: { "my-cal": { command: "c" } } } }] }`;
    const of = (more: string) => `{ ${agents}, accessGroups: { g: { members: [], ${more} } } }`;
    expect(await errors(of('agentId: "b"'))).toEqual(["accessGroups.g.agentId"]);
    expect(
      await errors(
        of('tools: { allow: ["message", "history", "my-cal__list", "My-cal__*", "*"], deny: ["Schedule"] }'),
      ),
    ).toEqual([]);
    expect(await errors(of('tools: { deny: ["shedule", "bash", "other__x"] }'))).toEqual([
      'accessGroups.g.tools.deny[0] -> "schedule"',
      "accessGroups.g.tools.deny[1]",
      "accessGroups.g.tools.deny[2]",
    ]);
  });
});
