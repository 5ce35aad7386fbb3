import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { openStore } from "../../../src/store/index.js";
import { bubblesFor } from "./answers.js";
import type { GatewayProcess } from "./gateway-process.js";
import { House } from "./house.js";
import { Random } from "./random.js";
import type { Result } from "./scenario.js";
import { isSettled, readState } from "./state.js";
import { until } from "./wait.js";

const mia = "+15550100001";

/** A scenario of its own: what it is played with, and its judgement. */
export type SideScenario = (point: string, seed: number) => Promise<Result>;

/** A stranger writes, is offered a code once, is approved with replay (by a command that may die too), and answered once. */
export const pairingScenario: SideScenario = (point, seed) =>
  inHouse(async (house) => {
    const random = new Random(seed);
    await house.configure({ dmPolicy: "pairing", allowFrom: [] });
    const first = await house.start({ crashAt: point });
    const texts = Array.from({ length: random.between(1, 3) }, (_, index) => `q${index} plain`);
    for (const text of texts) house.mac.say(mia, text);
    await doneOrDead(house, first, 1);
    const crashes = first.ending === undefined ? 0 : 1;
    const second = first.ending === undefined ? first : await house.start();
    await house.got(mia, 1);
    await house.settled("the code is out");
    const [{ code } = { code: "" }] = JSON.parse(
      (await house.tapback(["pairing", "list", "--json"])).stdout,
    ) as {
      code: string;
    }[];
    const approve = ["pairing", "approve", code, "--replay", "--json"];
    const dying = random.pick(["store.commit:1", "store.committed:1", undefined]);
    if (dying !== undefined) await house.program(approve, { TAPBACK_CRASH_AT: dying });
    await house.tapback(approve);
    await house.got(mia, 1 + texts.length);
    await house.settled();
    await second.stop();
    const [offer = "", ...answers] = house.textsTo(mia);
    const whole = house.textsTo(mia).join("\n");
    return {
      crashes,
      problems: [
        ...(code !== "" && whole.split("Your pairing code").length === 2 ? [] : [`offered: ${offer}`]),
        ...judge(house, answers.slice(-texts.length), texts),
        ...(house.agent.runs.every(({ text }) => texts.includes(text)) ? [] : ["a turn for something else"]),
        ...turnsPerMessage(house, texts.length),
      ],
    };
  });

/**
 * Messages and turns for later come once, whatever dies between their release and their row, and what repeats has its next
 * time then.
 */
export const scheduleScenario: SideScenario = (point, seed) =>
  inHouse(async (house) => {
    const random = new Random(seed);
    await house.configure();
    const first = await house.start({ crashAt: point });
    house.mac.say(mia, "q0 plain");
    await doneOrDead(house, first, 1);
    const store = openStore(join(house.stateDir, "state.db"));
    const chatId = house.mac.chatId(mia);
    const texts = Array.from({ length: random.between(1, 3) }, (_, index) => `reminder ${index}`);
    for (const [index, text] of texts.entries())
      await store.schedule.add({
        id: randomUUID(),
        account: "default",
        sessionKey: "agent:main:main",
        dueAt: Date.now() + index,
        createdAt: Date.now(),
        item: { target: { kind: "chat_id", chatId }, chatKey: `chat:${chatId}`, text, origin: "schedule" },
      });
    const { chat } = (await store.journal.lastWritten("default", { chatId }))!.row;
    const { id: _, ...facts } = chat;
    await store.schedule.add({
      ...{ id: "again", account: "default", sessionKey: "agent:main:main", runsTurn: true },
      ...{ dueAt: Date.now(), createdAt: Date.now(), repeat: { cron: "0 0 29 2 *", zone: "UTC" } },
      item: {
        target: { kind: "chat_id", chatId },
        chatKey: `chat:${chatId}`,
        text: "q1 plain",
        origin: "schedule",
      },
      maker: { handle: mia, isOwner: false, chat: { ...facts, target: `chat_id:${chatId}`, chatId } },
    });
    await store.close();
    await doneOrDead(house, first, texts.length + 2);
    const crashes = first.ending === undefined ? 0 : 1;
    const second = first.ending === undefined ? first : await house.start();
    await house.got(mia, 2 + texts.length);
    await house.settled();
    await second.stop();
    const after = openStore(join(house.stateDir, "state.db"));
    const waits = (await after.schedule.list()).map(({ id, dueAt }) => `${id} ${dueAt > Date.now()}`).join();
    await after.close();
    const got = house.textsTo(mia);
    const due = ["answer to q0", "answer to q1", ...texts];
    const same = JSON.stringify(got.toSorted()) === JSON.stringify(due.toSorted()) && waits === "again true";
    return { crashes, problems: same ? [] : [`got ${JSON.stringify(got)}, ${waits} waits\n${house.log}`] };
  });

/** SIGTERM while turns run and sends are under way, and a death in the middle of the orderly end. */
export const shutdownScenario: SideScenario = (point, seed) => {
  const random = new Random(seed);
  return inHouse(
    async (house) => {
      await house.configure({}, { gateway: { shutdownGraceMs: random.pick([0, 50, 1000]) } });
      const first = await house.start({ crashAt: point });
      const texts = Array.from(
        { length: random.between(2, 5) },
        (_, index) => `q${index} ${random.pick(["plain", "parts"])}`,
      );
      for (const text of texts) house.mac.say(mia, text);
      const enough = random.between(0, 2);
      await until(
        () => first.ending !== undefined || house.agent.runs.length >= enough,
        () => house.log,
      );
      const { signal } = await first.stop();
      const second = await house.start();
      await house.got(mia, texts.flatMap(bubblesFor).length);
      await house.settled();
      await second.stop();
      return {
        crashes: signal === "SIGKILL" ? 1 : 0,
        problems: [...judge(house, house.textsTo(mia), texts), ...turnsPerMessage(house, texts.length)],
      };
    },
    () => random.pick([0, 100, 300]),
  );
};

/** Waits for a death, or for so many messages to the person with nothing left to do: then there was none. */
const doneOrDead = (house: House, gateway: GatewayProcess, messages: number) =>
  until(
    () =>
      gateway.ending !== undefined ||
      (house.textsTo(mia).length >= messages && isSettled(readState(house.folder))),
    () => house.log,
  );

/** Plays in a house of its own, which is closed afterwards. @param thinkMs how long its agent takes, milliseconds */
export async function inHouse(
  play: (house: House) => Promise<Result>,
  thinkMs?: () => number,
  mac: ConstructorParameters<typeof House>[0] = {},
): Promise<Result> {
  const house = new House({ watchPollMs: 200, ...mac }, thinkMs);
  try {
    return await play(house);
  } finally {
    await house.close();
  }
}

function judge(house: House, got: string[], texts: string[]): string[] {
  const due = texts.flatMap(bubblesFor);
  return JSON.stringify(got) === JSON.stringify(due)
    ? []
    : [`got ${JSON.stringify(house.textsTo(mia))} instead of ${JSON.stringify(due)}\n${house.log}`];
}

function turnsPerMessage(house: House, messages: number): string[] {
  const turns = new Set(house.agent.runs.map(({ turnId }) => turnId));
  const guids = new Set(house.agent.runs.flatMap((run) => run.guids));
  return turns.size === messages && guids.size === messages
    ? []
    : [`${turns.size} turns for ${guids.size} of ${messages} messages\n${house.log}`];
}
