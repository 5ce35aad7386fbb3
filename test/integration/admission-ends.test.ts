import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { chatKeyOf, type Target } from "../../src/conversation/index.js";
import { type Origin, openExistingStore, type Store } from "../../src/store/index.js";
import { type MessagesWorld, messagesWorld } from "../../src/testing/index.js";
import { textsTo } from "../support/recording-world.js";

const tom = "+15550100123";
const ida = "+15550100124";
const owner = "+15550100009";
const groups = { "*": { requireMention: false } };

let world: MessagesWorld;
afterEach(() => world.close());

/** Looks into the state, and writes to it, as another process would. */
async function look<T>(view: (store: Store) => T | Promise<T>): Promise<T> {
  const store = openExistingStore(join(world.stateDir, "state.db"))!;
  try {
    return await view(store);
  } finally {
    await store.close();
  }
}

/** Puts a message of an agent's kind into the outbox. @returns what becomes of it */
async function outcomeOf(target: Target, origin: Origin): Promise<string> {
  const item = { target, chatKey: chatKeyOf(target), origin, text: `by ${origin}` };
  const id = await look((store) => store.outbox.add("default", item, world.now));
  await world.passes({ minutes: 2 });
  const { state, error } = (await look((store) => store.outbox.get(id)))!;
  return error ? `${state} ${error.code}` : state;
}

it("sends nothing more where an admission has ended, and tells the owner", async () => {
  const codes: unknown[] = [];
  const config = (imessage: object) => ({
    channels: { imessage: { streaming: "block", ...imessage } },
    commands: { ownerAllowFrom: [owner] },
  });
  world = await messagesWorld({
    agents: {
      // Works for a while, then says more, and sends and reacts by actions.
      main: async (turn) => {
        if (turn.text !== "work") return;
        turn.say("working on it");
        await turn.sleep(60_000);
        turn.say("a late block");
        for (const [action, parameters] of [
          ["send", { text: "by action" }],
          ["send", { to: turn.sender.handle, text: "by action, to the handle" }],
          ["react", { messageId: turn.envelope.messages[0]!.guid, emoji: "love" }],
        ] as const)
          codes.push(
            await turn.act(action, parameters).then(
              () => "done",
              ({ code }) => code,
            ),
          );
        return "a late answer";
      },
    },
    config: config({ allowFrom: [tom, owner], groups }),
  });
  const [him, her, boss] = [world.person(tom), world.person(ida), world.person(owner)];
  const group = world.group([him, her], { name: "Climbing" });
  const inGroup: Target = { kind: "chat_id", chatId: group.id };
  him.says("work");
  await world.passes({ seconds: 30 });
  expect(textsTo(him)).toEqual(["working on it"]);
  const toms: Target = { kind: "chat_id", chatId: him.chatIds[0]! };

  // Taken out of the list while the turn runs.
  await world.configures(config({ allowFrom: [owner, "+15550100777"], groups }));
  await look((store) =>
    store.schedule.add({
      id: "s1",
      account: "default",
      sessionKey: "agent:main:main",
      item: { target: toms, chatKey: chatKeyOf(toms), origin: "schedule", text: "by schedule" },
      dueAt: world.now,
      createdAt: world.now,
    }),
  );
  await world.settles();
  expect(await look((store) => store.schedule.list())).toEqual([]);
  expect(codes).toEqual(Array(3).fill("RECIPIENT_REFUSED"));
  expect(textsTo(him)).toEqual(["working on it"]);
  expect(textsTo(boss)).toContainEqual(expect.stringContaining("was refused"));

  // Let in by a code, then sent away.
  her.says("hello?");
  await world.settles();
  const { code } = (await look((store) => store.pairing.pending(world.now)))[0]!;
  expect(textsTo(her)).toEqual([expect.stringContaining(code)]);
  boss.says(`/pairing approve ${code}`);
  await world.settles();
  const idas: Target = { kind: "chat_id", chatId: her.chatIds[0]! };
  expect(await outcomeOf(idas, "turn")).toBe("delivered");
  expect(await look((store) => store.pairing.revoke("default", ida))).toBe(true);
  for (const origin of ["turn", "schedule", "command", "approval"] as const)
    expect(await outcomeOf(idas, origin)).toBe("not_sent RECIPIENT_REFUSED");

  // A group, then no groups.
  await world.configures(config({ allowFrom: [tom, owner], groups }));
  him.says("who is in?", { in: group });
  await world.settles();
  expect(await outcomeOf(inGroup, "schedule")).toBe("delivered");
  expect(await outcomeOf(toms, "schedule")).toBe("delivered");
  for (const ended of [{ groups, groupPolicy: "disabled" }, { groups: { [group.id + 1]: {} } }]) {
    await world.configures(config({ allowFrom: [tom, owner], ...ended }));
    expect(await outcomeOf(inGroup, "schedule")).toBe("not_sent RECIPIENT_REFUSED");
    expect(await outcomeOf(toms, "schedule")).toBe("delivered");
  }
  await world.configures(config({ allowFrom: [tom, owner], dmPolicy: "disabled" }));
  expect(await outcomeOf(toms, "schedule")).toBe("not_sent RECIPIENT_REFUSED");
  expect(await outcomeOf(toms, "person")).toBe("delivered");
});

it("takes no START that was sent before a STOP and comes after it, and the one that follows", async () => {
  world = await messagesWorld({ agents: { main: (turn) => `re: ${turn.text}` } });
  const [person, other] = [world.person(tom), world.person(ida)];
  for (const each of [person, other]) {
    each.says("hello");
    await world.settles();
    each.says("STOP");
    await world.settles();
  }
  const came = [textsTo(person), textsTo(other)];
  // Held back by Apple, of which one was sent between two STOPs.
  const late = world.now;
  await world.passes({ minutes: 5 });
  person.says("STOP");
  await world.passes({ minutes: 15 });
  for (const from of [tom, ida]) world.mac.say({ from, text: "START", at: late });
  await world.settles();
  person.says("are you there?");
  await world.settles();
  expect(textsTo(person)).toEqual(came[0]);
  // Hers is newer than her STOP, however late it comes.
  expect(textsTo(other)).toEqual([...came[1]!, expect.stringContaining("Welcome back")]);
  person.says("START");
  await world.settles();
  expect(textsTo(person)).toEqual([...came[0]!, expect.stringContaining("Welcome back")]);
});
