import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { House } from "../../faults/harness/house.js";
import { until } from "../../faults/harness/wait.js";
import { AcpHouse, guest, owner } from "../../support/acp-house.js";

// A busy machine starts a gateway in seconds; how long it takes proves nothing.
vi.setConfig({ testTimeout: 120_000 });

const program = join(import.meta.dirname, "../../fixtures/acting-agent.mjs");
const friend = "+15550100003";

/** What a message says of itself to the agent that is asked about it. */
interface Told {
  sid: string;
  guid: string;
  chat: { chatId: number; guid: string; identifier: string };
}

/** Every way to name the conversation that somebody wrote in. */
function waysTo(handle: string, { sid, guid, chat }: Told): Record<string, unknown>[] {
  const places = [
    { chatId: chat.chatId },
    { chatId: `chat_id:${chat.chatId}` },
    { chatGuid: chat.guid },
    { chatIdentifier: chat.identifier },
    { to: handle },
    { to: `imessage:${handle}` },
    { target: `chat_id:${chat.chatId}` },
  ];
  return [
    ...places.map((place) => ({ action: "read", ...place })),
    ...places.map((place) => ({ action: "send", text: "hello", ...place })),
    { action: "react", emoji: "love", messageId: guid, to: handle },
    ...[
      { action: "react", emoji: "love" },
      { action: "edit", text: "x" },
      { action: "unsend" },
      { action: "reply", text: "x" },
    ].flatMap((action) => [sid, guid].map((messageId) => ({ ...action, messageId }))),
  ];
}

describe("through a program's events", () => {
  let house: House;
  beforeEach(() => {
    house = new House({ version: "0.14.0", bridge: true });
  });
  afterEach(() => house.close());

  const configure = (agent: Record<string, unknown> = {}, imessage: Record<string, unknown> = {}) =>
    house.configure(
      { textChunkLimit: 4000, ...imessage },
      {
        commands: { ownerAllowFrom: [owner] },
        agents: {
          list: [
            {
              id: "main",
              runtime: { type: "command", command: process.execPath, args: [program], output: "jsonl" },
              ...agent,
            },
          ],
        },
      },
    );

  async function ask(handle: string, what: unknown) {
    // A tapback is a message to the person too.
    const answers = () => house.textsTo(handle).filter((text) => /^([0-9a-f]{2})+$/.test(text));
    const before = answers().length;
    house.mac.say(handle, typeof what === "string" ? what : JSON.stringify(what));
    await until(
      () => answers().length > before,
      () => `no answer to ${JSON.stringify(what)}\n${house.log}`,
    );
    return JSON.parse(Buffer.from(answers()[before]!, "hex").toString());
  }

  it("refuses a guest whatever names another conversation, and leaves no trace there", async () => {
    await configure();
    await house.startHere();
    const told = (await ask(owner, "a secret")) as Told;
    const before = house.textsTo(owner).length;
    const ways = waysTo(owner, told);
    expect(await ask(guest, ways)).toEqual(ways.map(() => "TURN_SCOPE"));
    // An id that is nowhere is refused in the same words.
    const nowhere = await ask(guest, { action: "react", emoji: "love", messageId: "NO-SUCH-GUID-AT-ALL" });
    const elsewhere = await ask(guest, { action: "react", emoji: "love", messageId: told.guid });
    expect(elsewhere).toEqual(nowhere);
    await house.settled();
    expect(house.textsTo(owner)).toHaveLength(before);
  });

  it("lets everybody act in their own conversation, in whatever form they name it", {
    tags: ["long"],
  }, async () => {
    await configure();
    await house.startHere();
    const { sid, guid, chat } = (await ask(guest, "mine")) as Told;
    const actions = [
      { action: "read" },
      { action: "read", chatId: chat.chatId },
      { action: "read", chatGuid: chat.guid },
      { action: "read", chatIdentifier: chat.identifier },
      { action: "read", to: guest },
      { action: "react", emoji: "love", messageId: sid },
      { action: "react", emoji: "like", messageId: guid },
    ];
    expect(await ask(guest, actions)).toEqual(actions.map(() => "ok"));
  });

  it("lets an owner's turn reach who was let in and whom the configuration names, and others by a draft alone", {
    tags: ["long"],
  }, async () => {
    await configure({}, { dmPolicy: "allowlist", allowFrom: [owner, guest, friend] });
    await house.startHere();
    const { chat, guid } = (await ask(guest, "something of mine")) as Told;
    const read = await ask(owner, { action: "read", chatId: chat.chatId });
    expect(JSON.stringify(read)).toContain("something of mine");
    const react = { action: "react", emoji: "love", messageId: guid, to: guest };
    expect(await ask(owner, react)).toMatchObject({ ok: true });
    // Named in `allowFrom`, and never wrote.
    expect(await ask(owner, { action: "send", text: "come in", to: friend })).toMatchObject({ ok: true });
    expect(await house.got(friend, 1)).toEqual(["come in"]);
    const stranger = "+15550100009";
    const drafted = await ask(owner, { action: "send", text: "x", to: stranger });
    expect(drafted).toMatchObject({ ok: true });
    expect(JSON.stringify(drafted)).toContain("it waits as a draft until an owner says yes");
    expect(house.textsTo(stranger)).toEqual([]);
  });

  it("lets a guest's turn send where `sendTo` says, and read nothing there", async () => {
    await configure({ sendTo: [friend] });
    await house.startHere();
    expect(await ask(guest, { action: "send", text: "A visitor is here", to: friend })).toMatchObject({
      ok: true,
    });
    expect(await house.got(friend, 1)).toEqual(["A visitor is here"]);
    const refused = [
      { action: "read", to: friend },
      { action: "send", text: "x", to: owner },
    ];
    expect(await ask(guest, refused)).toEqual(["TURN_SCOPE", "TURN_SCOPE"]);
  });
});

describe("over MCP", () => {
  let acp: AcpHouse;
  beforeEach(() => {
    acp = new AcpHouse({ version: "0.14.0", bridge: true });
  });
  afterEach(() => acp.close());

  const call = (action: unknown) => `mcp message ${JSON.stringify(action)}`;

  it("refuses a guest what it refuses everywhere, and answers an owner", async () => {
    await acp.configure({ default: "fixture" });
    await acp.house.startHere();
    await acp.ask("a secret");
    // The ids as the model is shown them.
    const shown = await acp.ask("whole");
    const sid = /<message[^>]* id="?([^" >]+)/.exec(shown)?.[1];
    expect(sid).toBeDefined();
    for (const action of [
      { action: "read", to: owner },
      { action: "read", chatIdentifier: owner },
      { action: "send", text: "x", target: owner },
      { action: "react", emoji: "love", messageId: sid },
    ])
      expect([action, await acp.ask(call(action), guest)]).toEqual([
        action,
        expect.stringContaining("TURN_SCOPE"),
      ]);
    expect(await acp.ask(call({ action: "read", to: guest }))).toContain("messages");
  });

  const shared = { session: { dmScope: "main" } };

  it("gives an owner's turn a connection of its own; what a guest's turn left behind is refused", {
    tags: ["long"],
  }, async () => {
    await acp.configure({ default: "fixture", more: shared });
    await acp.house.startHere();
    expect(await acp.ask("keep", guest)).toBe("kept");
    expect(await acp.ask('left message {"action":"read"}')).toContain("this token is not for this session");
    // The session went on in the process that was started for the owner.
    expect(await acp.ask("prompts")).toContain('"keep"');
    expect(await acp.ask(call({ action: "read", to: guest }))).toContain("messages");
    expect(await acp.ask(call({ action: "read", to: owner }), guest)).toContain("TURN_SCOPE");
  });

  it("refuses the calls of an agent that cannot load its session in the turns of others, and lists its tools", {
    tags: ["long"],
  }, async () => {
    await acp.configure({ default: "fixture", more: shared, env: { ACP_CAPS: "images" } });
    await acp.house.startHere();
    expect(await acp.ask("keep", guest)).toBe("kept");
    expect(await acp.ask('left message {"action":"read"}')).toContain(
      "no turn that this connection was opened for",
    );
    expect(await acp.ask("mcp")).toContain("history");
    expect(await acp.ask("prompts")).toContain('"keep"');
    expect(await acp.ask(call({ action: "read" }), guest)).toContain("messages");
  });
});
