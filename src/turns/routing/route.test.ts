import { describe, expect, it } from "vitest";
import { directMessage, groupMessage } from "../../../test/support/message.js";
import type { MessageRow } from "../../conversation/index.js";
import { compileRoutes, type RouteBinding, type RouteSource, route } from "./route.js";

const mia = "+15550100123";

function agentOf(
  source: Partial<RouteSource>,
  message: MessageRow,
  chat: Partial<Record<"agent" | "person", { id: string; key: string }>> & { isGroup?: boolean } = {},
): string {
  const routes = compileRoutes({ accountId: "default", defaultAccountId: "default", ...source });
  const { person, ...place } = chat;
  const found = route(message, routes, { isGroup: message.chat.isGroup, ...place }, person);
  return `${found.agentId} ${found.key ?? "-"}`;
}

function to(agentId: string, match: RouteBinding["match"]): RouteBinding {
  return { agentId, match };
}

const dm = (id: string) => ({ peer: { kind: "direct" as const, id } });
const group = (id: string) => ({ peer: { kind: "group" as const, id } });
const agents = [{ id: "first" }, { id: "Main Bot", default: true }];

describe("route", () => {
  it.each<[string, Partial<RouteSource>, MessageRow, string]>([
    ["no agents: the built-in", {}, directMessage(), "main -"],
    ["no bindings: the default agent", { agents }, directMessage(), "main-bot -"],
    ["none marked: the first", { agents: [{ id: "first" }, { id: "second" }] }, directMessage(), "first -"],
    [
      "a handle in another spelling",
      { bindings: [to("a", dm("imessage:(555) 010-0123"))] },
      directMessage(),
      "a bindings[0]",
    ],
    [
      "dm means direct",
      { bindings: [to("a", { peer: { kind: "dm", id: mia } })] },
      directMessage(),
      "a bindings[0]",
    ],
    ["a chat_id", { bindings: [to("a", dm("chat_id:7"))] }, directMessage(), "a bindings[0]"],
    [
      "a chat_guid of another service",
      { bindings: [to("a", dm(`chat_guid:any;-;${mia}`))] },
      directMessage(),
      "a bindings[0]",
    ],
    ["a group by chat_id", { bindings: [to("a", group("chat_id:88"))] }, groupMessage(), "a bindings[0]"],
    [
      "a group by GUID",
      { bindings: [to("a", group("chat_guid:any;+;chat640088"))] },
      groupMessage(),
      "a bindings[0]",
    ],
    [
      "a group by identifier",
      { bindings: [to("a", group("chat_identifier:CHAT640088"))] },
      groupMessage(),
      "a bindings[0]",
    ],
    ["a person's binding is not for groups", { bindings: [to("a", dm(mia))] }, groupMessage(), "main -"],
    ["a handle is no group", { bindings: [to("a", group(mia))] }, groupMessage(), "main -"],
    [
      "peer before wildcard before account before any",
      {
        bindings: [
          to("any", { accountId: "*" }),
          to("account", {}),
          to("kind", dm("*")),
          to("peer", dm(mia)),
        ],
      },
      directMessage(),
      "peer bindings[3]",
    ],
    [
      "wildcard of a kind before account",
      {
        bindings: [
          to("any", { accountId: "*" }),
          to("account", {}),
          to("kind", dm("*")),
          to("groups", group("*")),
        ],
      },
      directMessage({ from: "sam@example.com" }),
      "kind bindings[2]",
    ],
    [
      "account before any account",
      {
        bindings: [to("any", { accountId: "*" }), to("account", {}), to("kind", dm("*"))],
      },
      groupMessage(),
      "account bindings[1]",
    ],
    [
      "the first of equals",
      { bindings: [to("a", dm(mia)), to("b", dm("chat_id:7"))] },
      directMessage(),
      "a bindings[0]",
    ],
    [
      "without accountId the default account is meant",
      { accountId: "work", bindings: [to("a", {})] },
      directMessage(),
      "main -",
    ],
    [
      "the account by its id in another spelling",
      { accountId: "my-mac", bindings: [to("a", { accountId: "My Mac" })] },
      directMessage(),
      "a bindings[0]",
    ],
    [
      "another account's peer",
      {
        accountId: "work",
        bindings: [to("a", { accountId: "home", ...dm(mia) }), to("b", { accountId: "*" })],
      },
      directMessage(),
      "b bindings[1]",
    ],
  ])("%s", (_, source, message, expected) => {
    expect(agentOf(source, message)).toBe(expected);
  });

  it("lets the group's own agent go before any binding", () => {
    const bindings = [to("a", group("chat_id:88"))];
    expect(agentOf({ bindings }, groupMessage(), { agent: { id: "Codex", key: "groups.88" } })).toBe(
      "codex groups.88",
    );
  });

  it("takes a thread that is judged as a group by group bindings", () => {
    const bindings = [to("person", dm(mia)), to("thread", group("chat_id:7"))];
    expect(agentOf({ bindings }, directMessage(), { isGroup: true })).toBe("thread bindings[1]");
  });
});

describe("the agent of a person's groups", () => {
  const person = { id: "carer", key: "accessGroups.family.agentId" };

  it.each<[string, Partial<RouteSource>, string]>([
    ["comes before the default agent", { agents }, "carer accessGroups.family.agentId"],
    [
      "comes before a binding that names nobody",
      { bindings: [to("a", { accountId: "*" }), to("b", {}), to("c", dm("*"))] },
      "carer accessGroups.family.agentId",
    ],
    ["comes after a binding for the person", { bindings: [to("a", dm(mia))] }, "a bindings[0]"],
  ])("%s", (_, source, expected) => {
    expect(agentOf(source, directMessage(), { person })).toBe(expected);
  });

  it("answers in direct chats alone: a group has one agent for all", () => {
    expect(agentOf({ agents }, groupMessage(), { person })).toBe("main-bot -");
  });
});
