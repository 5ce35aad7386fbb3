import { expect, test } from "../../testing-vitest.js";
import type { FaultManner, FaultName } from "./faults.js";

const mia = "+15550100123";
const sam = "+15550100124";

test("answers within ten lines", async ({ messagesWorld }) => {
  const world = await messagesWorld({ agents: { main: ({ text }) => `You wrote: ${text}` } });
  const person = world.person(mia);
  person.says("Hello");
  await world.settles();
  expect(person).toReceive("You wrote: Hello");
  expect(world).toHaveAnsweredExactlyOnce();
  expect(world).toHaveLeakedNothing();
});

test("sends blocks, files and tapbacks of a function, and keeps what it remembers", async ({
  messagesWorld,
}) => {
  const world = await messagesWorld({
    agents: {
      main: async (turn) => {
        const before = Number(turn.session ?? 0);
        turn.remember(before + 1);
        await turn.act("react", { messageId: turn.envelope.messages[0]?.sid, emoji: "love" });
        turn.say("One moment.");
        await turn.sleep(60_000);
        return `That was number ${before + 1}.`;
      },
    },
    config: { channels: { imessage: { streaming: "block" } } },
  });
  const person = world.person(mia, "Mia Wong");
  const first = person.says("one");
  await world.settles();
  person.says("two");
  await world.settles();
  expect(person).toReceive("One moment.", "That was number 1.", "One moment.", "That was number 2.");
  expect(person.transcript.find(({ guid }) => guid === first.guid)?.tapbacks).toEqual([
    { emoji: "❤️", from: "me" },
  ]);
  expect(world.story(first)?.turn?.envelope.sender.name).toBe("Mia Wong");
});

test("waits for an agent that takes the machine's time, and lets no time of the world pass meanwhile", async ({
  messagesWorld,
}) => {
  let took = Number.NaN;
  const world = await messagesWorld({
    agents: {
      main: async () => {
        const before = world.now;
        for (let turns = 0; turns < 200; turns++) await new Promise((resolve) => setImmediate(resolve));
        took = world.now - before;
        return "done";
      },
    },
  });
  const person = world.person(mia);
  person.says("work");
  await world.settles();
  expect(person).toReceive("done");
  expect(took).toBe(0);
});

test("goes on without an agent that never comes back", async ({ messagesWorld }) => {
  const world = await messagesWorld({
    agents: { main: () => new Promise(() => {}) },
    patience: { ms: 5 },
    config: { agents: { defaults: { timeoutSeconds: 30 } } },
  });
  const person = world.person(mia);
  const message = person.says("hello?");
  await world.settles();
  expect(world.story(message)?.turn).toMatchObject({ state: "failed", error: { code: "AGENT_TIMEOUT" } });
  // What tells of a failure is no answer.
  expect(person).toReceive(/something went wrong/);
  expect(() => expect(world).toHaveAnsweredExactlyOnce()).toThrow("its turn is failed");
  expect(world).toHaveLeakedNothing();
});

test("tells why somebody was not answered", async ({ messagesWorld }) => {
  const world = await messagesWorld({
    agents: { main: () => "hi" },
    config: { channels: { imessage: { dmPolicy: "allowlist", allowFrom: [mia] } } },
  });
  const stranger = world.person(sam);
  const message = stranger.says("Let me in");
  await world.settles();
  expect(message).toBeDroppedFor("dm_not_allowed");
  expect(stranger).toStaySilent();
  expect(world).toStaySilent();
  expect(() => expect(stranger).toReceive("hi")).toThrow(
    /expected \+15550100124 to have received “hi”\nIt received nothing\n[\s\S]*Let me in[\s\S]*✗ \w+: .*\[channels\.imessage\.\w+\]/,
  );
  await world.configures({ channels: { imessage: { dmPolicy: "open", allowFrom: ["*"] } } });
  stranger.says("And now?");
  await world.settles();
  expect(stranger).toReceive("hi");
  expect(stranger).not.toStaySilent();
});

test("hears a group as its people speak in it", async ({ messagesWorld }) => {
  const world = await messagesWorld({
    agents: { main: ({ sender, chat }) => `${sender.handle} in ${chat.name}` },
    config: { channels: { imessage: { groups: { "*": { requireMention: false } } } } },
  });
  const climbers = world.group([mia, world.person(sam)], { name: "Climbers" });
  world.person(sam).says("Who is in?", { in: climbers });
  await world.settles();
  expect(climbers).toReceive(`${sam} in Climbers`);
  expect(world.person(sam)).toStaySilent();
  expect(world).toHaveAnsweredExactlyOnce();
});

test("goes on after a death, with nothing lost and nothing doubled", async ({ messagesWorld }) => {
  const world = await messagesWorld({
    agents: {
      main: async (turn) => {
        await turn.sleep(5000);
        return `attempt ${turn.attempt}`;
      },
    },
  });
  const person = world.person(mia);
  person.says("Hello");
  await world.passes({ seconds: 3 });
  await world.fault("gateway-dies", { ms: 2000 });
  await world.settles();
  expect(person).toReceive("attempt 2");
  expect(world).toHaveAnsweredExactlyOnce();
});

test.for([
  ["die", { method: ["send", "send.tracked"], times: 1 }],
  ["no-answer", { method: ["send", "send.tracked"], times: 1 }],
  ["half-line", { method: ["send", "send.tracked"], times: 1 }],
  ["child-dies", {}],
  ["messages-restarts", { ms: 3000 }],
  ["disk-full", { ms: 20_000 }],
  ["machine-sleeps", { ms: 300_000 }],
  ["clock-jumps", { ms: 60_000 }],
  ["late-join", { ms: 900, times: 1 }],
] as [FaultName, FaultManner][])("answers once in spite of %s", async ([name, manner], { messagesWorld }) => {
  const world = await messagesWorld({ agents: { main: ({ text }) => `You wrote: ${text}` } });
  const person = world.person(mia);
  await world.fault(name, manner);
  person.says("Hello");
  await world.settles();
  expect(person).toReceive("You wrote: Hello");
  expect(world).toHaveAnsweredExactlyOnce();
  expect(world).toHaveLeakedNothing();
});

test("plays a Messages that ends with what it has not written yet", async ({ messagesWorld }) => {
  const world = await messagesWorld({ agents: { main: ({ text }) => `You wrote: ${text}` } });
  const person = world.person(mia);
  const other = world.person(sam);
  other.says("Written");
  await world.settles();
  await world.fault("late-row", { ms: 20_000, times: 1 });
  person.says("Taken");
  await world.passes({ seconds: 10 });
  await world.fault("messages-restarts", { ms: 60_000 });
  await world.passes({ seconds: 40 });
  expect(person).toStaySilent();
  expect(world.mac.settings().bridge).toBe(false);
  expect(other).toReceive("You wrote: Written");
  await world.passes({ seconds: 30 });
  expect(world.mac.settings().bridge).toBe(true);
});

test("asks nobody about what was taken back before imsg told of it", async ({ messagesWorld }) => {
  const heard: string[] = [];
  const world = await messagesWorld({ agents: { main: ({ text }) => void heard.push(text) } });
  const person = world.person(mia);
  const message = person.says("Delete it");
  world.person(sam).says("Keep it");
  await world.passes({ seconds: 1 });
  person.unsends(message);
  await world.settles();
  expect(heard).toEqual(["Keep it"]);
  expect(message).toBeDroppedFor("empty");
});

test("takes what comes with a poll and a link for no second answer, and finds one beside them", async ({
  messagesWorld,
}) => {
  const world = await messagesWorld({
    agents: {
      main: async (turn) => {
        if (turn.text === "link") return "See https://example.com/a for more";
        if (turn.text === "ask")
          await turn.act("poll", { question: "Which lake?", options: ["North", "South"] });
      },
    },
  });
  const person = world.person(mia);
  const ask = person.says("ask");
  await world.settles();
  await world.fault("split-send", { ms: 400 });
  person.says("link");
  await world.settles();
  // Each in a row of its own.
  const beside = ["Which lake?", "https://example.com/a"];
  expect(person).toReceive("Which lake?", "https://example.com/a");
  expect(world).toHaveAnsweredExactlyOnce();
  for (const text of beside) {
    world.mac.say({ from: "me", chat: ask.chatId, text });
    expect(() => expect(world).toHaveAnsweredExactlyOnce(ask)).toThrow(
      `“${text}” stands in the chat, and no send explains it`,
    );
  }
});

test("takes a vote for no bubble", async ({ messagesWorld }) => {
  const world = await messagesWorld({
    agents: {
      main: async (turn) => {
        if (turn.text !== "vote") return turn.text === "said" ? "said" : undefined;
        const poll = world.transcript().find((entry) => entry.poll !== undefined);
        await turn.act("poll-vote", { messageId: poll?.guid, option: "North" });
        return undefined;
      },
    },
  });
  const person = world.person(mia);
  world.mac.poll(mia, { question: "Which lake?", options: ["North", "South"] });
  person.says("vote");
  await world.settles();
  expect(person.received).toMatchObject([{ vote: { option: "North" } }]);
  expect(person).toStaySilent();
  expect(world).toStaySilent();
  const other = world.person(sam);
  other.says("said");
  await world.settles();
  expect(other).not.toStaySilent();
  expect(world).not.toStaySilent();
});

test("finds what is told in the wrong place", async ({ messagesWorld }) => {
  const heard: string[] = [];
  const world = await messagesWorld({
    agents: {
      main: ({ text }) => {
        heard.push(text);
        return heard.join(" / ");
      },
    },
  });
  world.person(mia).says("The party for Sam is on Friday");
  await world.settles();
  expect(world).toHaveLeakedNothing();
  world.person(sam).says("Any news?");
  await world.settles();
  expect(() => expect(world).toHaveLeakedNothing()).toThrow(/tells what was written in chat \d+/);
  expect(() => expect(world).toHaveLeakedNothing(["Any news"])).toThrow(/tells a secret/);
});

const dad = "+15550100125";

test("takes what an owner is told for no leak, though the owner never wrote", async ({ messagesWorld }) => {
  const world = await messagesWorld({
    agents: {
      main: () => {
        throw new Error("the database of orders is away");
      },
    },
    config: { commands: { ownerAllowFrom: [dad] } },
  });
  const person = world.person(mia);
  person.says("Two pizzas");
  await world.settles();
  expect(world.person(dad)).toReceive(/the database of orders is away/);
  expect(world).toHaveLeakedNothing();
  // Nor does the owner's chat speak for another one.
  const { chatId } = person.transcript[0]!;
  world.mac.say({ from: "me", chat: chatId, text: "the database of orders is away" });
  expect(() => expect(world).toHaveLeakedNothing()).toThrow(/in chat \d+ tells an error/);
});

test("takes what an owner is told for no leak, though all of the owner's messages came too late", async ({
  messagesWorld,
}) => {
  const world = await messagesWorld({
    agents: { main: () => "hi" },
    config: { commands: { ownerAllowFrom: [dad] } },
  });
  await world.stops();
  const owner = world.person(dad);
  const late = owner.says("Are you there?");
  await world.passes({ minutes: 30 });
  await world.starts();
  await world.passes({ minutes: 5 });
  expect(late).toBeDroppedFor("backlog");
  expect(owner.received).not.toEqual([]);
  expect(world).toHaveLeakedNothing();
});

test("takes the chats of a person over several services for one conversation", async ({ messagesWorld }) => {
  const world = await messagesWorld({
    agents: { main: ({ sender }) => (sender.handle === mia ? "The party for Sam is on Friday" : "hm") },
  });
  const person = world.person(mia);
  person.says("The party for Sam is on Friday");
  await world.settles();
  const { chatId } = person.says("Any news?", { service: "SMS" });
  await world.settles();
  expect(world.transcript().some((row) => row.chatId === chatId && row.from === "me")).toBe(true);
  expect(new Set(world.messages.map((message) => message.chatId)).size).toBe(2);
  expect(world).toHaveLeakedNothing();
  world.person(sam).says("And for me?");
  await world.settles();
  expect(world).toHaveLeakedNothing();
  world.mac.say({ from: "me", chat: sam, text: "The party for Sam is on Friday" });
  expect(() => expect(world).toHaveLeakedNothing()).toThrow(/tells what was written in chat \d+/);
});

test("says what keeps it from its rest", async ({ messagesWorld }) => {
  const world = await messagesWorld({
    agents: { main: async (turn) => void (await turn.sleep(Number.POSITIVE_INFINITY)) },
    config: { agents: { defaults: { timeoutSeconds: 600 } } },
  });
  world.person(mia).says("Hello");
  await expect(world.settles({ seconds: 30 })).rejects.toMatchObject({
    code: "WORLD_RESTLESS",
    message: expect.stringMatching(/1 run[\s\S]*Hello/),
  });
});
