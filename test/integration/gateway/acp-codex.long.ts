import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { acpAgent } from "../../support/acp-agent.js";
import { AcpHouse, guest, owner } from "../../support/acp-house.js";

/** What the documents of the gateway's forerunners say to type and to write, with a stand-in for Codex. */

let acp: AcpHouse;
let trip: number;
let climbing: number;
beforeEach(async () => {
  acp = new AcpHouse();
  trip = acp.house.mac.group([owner, guest], "Trip");
  climbing = acp.house.mac.group([owner, guest], "Climbing");
  const codex = {
    id: "codex",
    runtime: {
      type: "acp",
      acp: {
        agent: "codex",
        backend: "acpx",
        mode: "persistent",
        command: process.execPath,
        args: [acpAgent],
        env: { ACP_STATE: acp.house.folder, ACP_CONNECT: "1" },
      },
    },
  };
  const match = {
    channel: "imessage",
    accountId: "default",
    peer: { kind: "group", id: `chat_id:${climbing}` },
  };
  await acp.configure({
    imessage: { groupPolicy: "open", groups: { "*": { requireMention: false } } },
    more: {
      agents: { list: [{ id: "main", default: true, runtime: { type: "demo" } }, codex] },
      bindings: [{ type: "acp", agentId: "codex", match, acp: { label: "codex-group" } }],
    },
  });
});
afterEach(() => acp.close());

/** Writes in a conversation, and waits for the next message there. */
async function ask(place: string | number, text: string, from: string = owner): Promise<string> {
  const { mac } = acp.house;
  const direct = typeof place === "string";
  const handle = direct ? place : mac.identifierOf(place);
  const before = acp.house.textsTo(handle).length;
  if (direct) mac.say(from, text);
  else mac.sayIn(place, from, text);
  return (await acp.house.got(handle, before + 1, 20_000))[before]!;
}

/** What an owner asks about in a group is answered in the owner's own chat (behaviour 12). */
async function askPrivately(place: string | number, text: string): Promise<string> {
  const before = acp.house.textsTo(owner).length;
  const answer = await ask(place, text);
  return place === owner ? answer : (await acp.house.got(owner, before + 1, 20_000)).at(-1)!;
}

const sessionIn = async (place: string | number) =>
  /^Session (agent:codex:acp:\S+)$/m.exec(await askPrivately(place, "/acp status"))?.[1];

describe.each(["a direct chat", "an allowed group"])("/acp spawn codex --bind here, in %s", (kind) => {
  it("routes the conversation to the session until /acp close", async () => {
    const place = kind === "a direct chat" ? owner : trip;
    await acp.house.start();
    expect(await ask(place, "hello")).not.toContain("You said");
    expect(await ask(place, "/acp spawn codex --bind here")).toMatch(/bound to codex now/);
    const session = await sessionIn(place);
    expect(session).toBeDefined();
    expect(await ask(place, "fix the build")).toBe("You said: fix the build");
    expect(await ask(place, "prompts")).toBe('["fix the build","prompts"]');
    if (place === trip) {
      expect(await ask(place, "prompts", guest)).toBe('["fix the build","prompts","prompts"]');
      expect(await ask(place, "/new", guest)).toMatch(/only an owner/);
      expect(await ask(place, "/acp close", guest)).toMatch(/for owners/);
    }
    expect(await ask(place, "/new")).toBe("Done. We start afresh.");
    expect(await ask(place, "prompts")).toBe('["prompts"]');

    expect(await acp.house.gateways[0]!.stop()).toMatchObject({ code: 0 });
    await acp.house.start();
    expect(await ask(place, "prompts")).toBe('["prompts","prompts"]');
    expect(await ask(place, "/reset")).toBe("Done. We start afresh.");
    expect(await ask(place, "prompts")).toBe('["prompts"]');
    expect(await sessionIn(place)).toBe(session);

    expect(await ask(place, "/acp close")).toMatch(/Closed\. codex does not answer here any more/);
    expect(await ask(place, "prompts")).not.toContain("[");
    expect(await askPrivately(place, "/acp sessions")).toBe("There are no sessions.");
    expect(await acp.house.gateways[1]!.children()).toHaveLength(1);
  });
});

it("serves the group that a persistent binding names, and no other", async () => {
  await acp.house.startHere();
  expect(await ask(climbing, "fix the build", guest)).toBe("You said: fix the build");
  expect(await ask(trip, "prompts", guest)).not.toContain("[");
  const session = await sessionIn(climbing);
  await acp.house.stopHere();
  await acp.house.startHere();
  expect(await ask(climbing, "prompts", guest)).toBe('["fix the build","prompts"]');
  expect(await sessionIn(climbing)).toBe(session);
});
