import { afterEach, describe, expect, it } from "vitest";
import { type MessagesWorld, messagesWorld } from "../../src/testing/index.js";

const worlds: MessagesWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

const mia = "+15550100123";
const kim = "+15550100789";
const lee = "+15550100790";
/** With somebody else let in, Mia is no owner. */
const ann = "+15550100555";

const texts = ({ received }: { received: readonly { text: string }[] }) => received.map(({ text }) => text);

/** An agent that writes what it is told to whom it is told: `to +1555… words`; it says what came of it. */
async function worldOf(outbound: object, rest: object = {}): Promise<MessagesWorld> {
  const world = await messagesWorld({
    agents: {
      main: async (turn) => {
        const [word, to, ...said] = turn.text.trim().split(" ");
        if (word !== "to") return `re: ${turn.text}`;
        try {
          await turn.act("send", { to: to!, text: said.join(" ") });
          return "sent";
        } catch (error) {
          return `failed: ${(error as Error).message}`;
        }
      },
    },
    config: {
      channels: { imessage: { allowFrom: [mia, ann], dmPolicy: "allowlist", outbound } },
      agents: { list: [{ id: "main", sendTo: [kim, lee] }] },
      ...rest,
    },
  });
  worlds.push(world);
  return world;
}

describe("what an agent sends of its own accord", () => {
  it("stops at who does not answer, tells the agent why, and touches nobody else", async () => {
    const world = await worldOf({ unansweredLimit: 2 });
    const [asks, silent, other] = [world.person(mia), world.person(kim), world.person(lee)];
    for (const words of ["one", "two", "three"]) {
      asks.says(`to ${kim} ${words}`);
      await world.settles();
    }
    asks.says(`to ${lee} hello`);
    await world.settles();
    expect(texts(silent)).toEqual(["one", "two"]);
    expect(texts(other)).toEqual(["hello"]);
    expect(texts(asks).slice(0, 2)).toEqual(["sent", "sent"]);
    expect(texts(asks)[2]).toContain("outbound.unansweredLimit");
    expect(texts(asks)[3]).toBe("sent");
    silent.says("I am here");
    await world.settles();
    asks.says(`to ${kim} four`);
    await world.settles();
    expect(texts(silent)).toEqual(["one", "two", "four"]);
  });

  it("is counted after a crash as before", async () => {
    const world = await worldOf({ unansweredLimit: 1 });
    const [asks, silent] = [world.person(mia), world.person(kim)];
    asks.says(`to ${kim} one`);
    await world.settles();
    await world.fault("gateway-dies");
    await world.settles();
    asks.says(`to ${kim} two`);
    await world.settles();
    expect(texts(silent)).toEqual(["one"]);
  });

  it("carries no link to who has not written, and answers with one all the same", async () => {
    const world = await worldOf({});
    const [asks, stranger] = [world.person(mia), world.person(kim)];
    asks.says(`to ${kim} see https://example.com`);
    await world.settles();
    expect(texts(stranger)).toEqual([]);
    expect(texts(asks)[0]).toContain("outbound.firstMessage");
    asks.says("see https://example.com");
    await world.settles();
    expect(texts(asks)[1]).toBe("re: see https://example.com");
  });

  it("carries one where an owner asks for it", async () => {
    const world = await worldOf({}, { commands: { ownerAllowFrom: [mia] } });
    const [asks, stranger] = [world.person(mia), world.person(kim)];
    asks.says(`to ${kim} see https://example.com`);
    await world.settles();
    expect(texts(stranger)).toEqual(["see https://example.com"]);
  });

  it("begins so many conversations a day, and answers however many write", async () => {
    const world = await worldOf({ newConversationsPerDay: 1 });
    const [asks, first, second] = [world.person(mia), world.person(kim), world.person(lee)];
    asks.says(`to ${kim} hello`);
    await world.settles();
    asks.says(`to ${lee} hello`);
    await world.passes({ seconds: 20 });
    expect(texts(first)).toEqual(["hello"]);
    expect(texts(second)).toEqual([]);
    asks.says("hi");
    await world.passes({ seconds: 20 });
    expect(texts(asks).at(-1)).toBe("re: hi");
  });

  it("is held to the same where it asks by a poll", async () => {
    const told: unknown[] = [];
    const world = await messagesWorld({
      agents: {
        main: async (turn) => {
          const [to, question] = turn.text.split(" ");
          const sent = turn.act(question ? "poll" : "send", {
            to: to!,
            ...(question ? { question, options: ["Yes", "No"] } : { text: "hello" }),
          });
          told.push(
            await sent.then(
              () => "sent",
              ({ code }) => code,
            ),
          );
        },
      },
      config: {
        channels: { imessage: { allowFrom: [mia, ann], outbound: { unansweredLimit: 3 } } },
        agents: { list: [{ id: "main", sendTo: [kim] }] },
      },
    });
    worlds.push(world);
    const [asks, silent] = [world.person(mia), world.person(kim)];
    const says = async (text: string) => {
      asks.says(text);
      await world.settles();
    };
    await says(kim);
    for (const question of ["https://example.com?", "Six?", "Seven?", "Eight?"])
      await says(`${kim} ${question}`);
    expect(told).toEqual(["sent", "FIRST_MESSAGE", "sent", "sent", "UNANSWERED"]);
    expect(silent.received.flatMap(({ poll }) => poll?.question ?? [])).toEqual(["Six?", "Seven?"]);
    silent.says("Seven.");
    await world.settles();
    await says(`${kim} https://example.com?`);
    expect(told.at(-1)).toBe("sent");
  });
});
