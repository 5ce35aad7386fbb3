import { expect, it } from "vitest";
import { parseConfig } from "../config/index.js";
import { rulesHere } from "./here.js";

const kim = "kim@example.com";

async function here(source: object, approved: [string, string][] = []) {
  const parsed = await parseConfig(JSON.stringify(source), {});
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const rules = rulesHere(
    parsed.value.config,
    approved.map(([account, handle]) => ({ account, handle })),
  );
  const ask = (sender: string, { account = "default", group = false, text = "hello" } = {}) => {
    const guid = group ? "iMessage;+;chat7" : `iMessage;-;${sender}`;
    const chat = { id: group ? 7 : 8, guid, identifier: group ? "chat7" : sender, isGroup: group };
    const outcome = rules.ask({ account, sender, chat, text });
    return outcome.kind === "answered" ? outcome.agent : outcome.kind;
  };
  return { accounts: rules.accounts, ask };
}
const imessage = (block: object) => ({ channels: { imessage: block } });

it.each<[string, object, string, string]>([
  ["nobody", {}, "code", "code"],
  ["kim", { allowFrom: [kim] }, "main", "code"],
  ["kim alone", { dmPolicy: "allowlist", allowFrom: [kim] }, "main", "refused"],
  ["everyone", { dmPolicy: "open", allowFrom: ["*"] }, "main", "main"],
])("answers in direct chats where the list names %s", async (_, block, ofKim, ofOthers) => {
  const { ask } = await here(imessage(block));
  expect([ask(kim), ask("lee@example.com")]).toEqual([ofKim, ofOthers]);
  expect(ask(kim, { account: "other" })).toBe("refused");
});

it("offers no code where none would be sent", async () => {
  const { ask } = await here({ ...imessage({}), pairing: { services: ["sms"] } });
  expect(ask(kim)).toBe("refused");
  const { ask: toAll } = await here({ ...imessage({}), pairing: { services: ["imessage"] } });
  expect(toAll(kim)).toBe("code");
});

it("lets in who was approved, on the account on which they were, however they are written", async () => {
  const approved: [string, string][] = [
    ["home", "KIM@example.com"],
    ["home", "(415) 555-0123"],
  ];
  const { ask, accounts } = await here(
    imessage({ accounts: { home: {}, work: {}, off: { enabled: false } } }),
    approved,
  );
  expect(accounts).toEqual(["home", "work"]);
  for (const sender of [kim, "+14155550123"]) {
    expect(ask(sender, { account: "home" })).toBe("main");
    expect(ask(sender, { account: "work" })).toBe("code");
    expect(ask(sender, { account: "off" })).toBe("refused");
  }
});

it("answers a command as it answers any text, and a group as its own settings say", async () => {
  const agents = { list: [{ id: "main", default: true }, { id: "crew" }] };
  const block = {
    groupAllowFrom: [kim],
    allowFrom: [kim],
    groups: { "7": { agentId: "crew", requireMention: false } },
  };
  const { ask } = await here({ ...imessage(block), agents });
  expect(ask(kim, { text: "/help" })).toBe("main");
  expect(ask(kim, { group: true })).toBe("crew");
  expect(ask("lee@example.com", { group: true })).toBe("refused");
});
