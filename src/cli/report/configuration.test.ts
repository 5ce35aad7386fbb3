import { expect, it } from "vitest";
import { parseConfig } from "../../config/index.js";
import { redactConfig } from "./configuration.js";
import { StandIns } from "./stand-ins.js";

it("names no person whom a binding is for, in whatever form, and the same one as elsewhere (behaviour 16.3)", async () => {
  const named = ["(415) 555-0123", "+14155550123", "sam@example.com", "AMZN", "24273"];
  const peers = [...named, "*", "chat_id:42"];
  const source = {
    channels: { imessage: { allowFrom: named } },
    agents: { list: [{ id: "helper" }] },
    bindings: peers.map((id) => ({
      agentId: "helper",
      match: { channel: "imessage", peer: { kind: "direct", id } },
    })),
  };
  const parsed = await parseConfig(JSON.stringify(source), {});
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const shown = redactConfig(parsed.value.config, new StandIns(new Uint8Array(32))) as {
    channels: { imessage: { allowFrom: string[] } };
    agents: { list: { id: string }[] };
    bindings: { agentId: string; match: { peer: { kind: string; id: string } } }[];
  };
  const written = JSON.stringify(shown);
  for (const one of named) expect(written).not.toContain(one);
  const ids = shown.bindings.map(({ match }) => match.peer.id);
  expect(ids.slice(0, named.length)).toEqual(shown.channels.imessage.allowFrom);
  expect(ids[0]).toMatch(/^\(\d{3}\) \d{3}-\d{4}$/);
  expect(ids.slice(named.length)).toEqual(["*", "chat_id:42"]);
  // What names nobody stays.
  expect([shown.agents.list[0]!.id, shown.bindings[0]!.agentId]).toEqual(["helper", "helper"]);
  expect(shown.bindings[0]!.match.peer.kind).toBe("direct");
});

it("names nobody by the dots in the names of folders", async () => {
  const home = "/Users/maria.schmidt";
  const source = {
    channels: { imessage: { cliPath: `${home}/bin/imsg`, dbPath: `${home}/a.meier/chat.db` } },
    agents: { list: [{ id: "main", workspace: `${home}/notes/anna.key` }] },
  };
  const parsed = await parseConfig(JSON.stringify(source), {});
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const shown = redactConfig(parsed.value.config, new StandIns(new Uint8Array(32))) as {
    channels: { imessage: { cliPath: string; dbPath: string } };
    agents: { list: { workspace: string }[] };
  };
  expect(JSON.stringify(shown)).not.toMatch(/maria|schmidt|meier|anna|key"/);
  expect(shown.channels.imessage.dbPath).toMatch(/^\/\w{5}\/\w{5}\.\w{7}\/\w\.\w{5}\/\w{4}\.db$/);
});
