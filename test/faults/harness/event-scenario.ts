import { join } from "node:path";
import { type KeptEvent, openStore, type Store } from "../../../src/store/index.js";
import { MortalGateway } from "./mortal-gateway.js";
import { Random } from "./random.js";
import { inHouse, type SideScenario } from "./side-scenarios.js";
import { isSettled, readState } from "./state.js";

const mia = "+15550100001";

/**
 * Messages come while somebody reads the events, page by page. Wherever the gateway dies, the events tell of each change that
 * was kept and of none that was not, once, and the reader has them all in their order (behaviour 20.1a).
 */
export const eventScenario: SideScenario = (point, seed) =>
  inHouse(async (house) => {
    const random = new Random(seed);
    await house.configure();
    const store = openStore(join(house.stateDir, "state.db"));
    try {
      const { cursor } = await store.events.follow("reader", Date.now());
      const read = { cursor, ids: [] as number[] };
      const gateway = await MortalGateway.start(house, point);
      const texts = Array.from(
        { length: random.between(2, 4) },
        (_, index) => `q${index} ${random.pick(["plain", "parts"])}`,
      );
      for (const [index, text] of texts.entries()) {
        house.mac.say(mia, text);
        await gateway.reached(() => house.agent.runs.length > index);
        await readPage(store, read, random.between(1, 5));
      }
      await gateway.reached(
        () => house.textsTo(mia).length >= texts.length && isSettled(readState(house.folder)),
      );
      await gateway.stop();
      const { events, gap } = await store.events.after(cursor, { limit: 10_000 });
      while ((await readPage(store, read, 7)) > 0);
      const ids = events.map(({ id }) => id);
      return {
        crashes: gateway.crashes,
        problems: [
          ...(gap ? ["a gap is told"] : []),
          ...(read.ids.join() === ids.join() ? [] : [`read ${read.ids.join()} of ${ids.join()}`]),
          ...(await differences(store, events)).map((each) => `${each}\n${house.log}`),
        ],
      };
    } finally {
      await store.close();
    }
  });

async function readPage(
  store: Store,
  read: { cursor: number; ids: number[] },
  limit: number,
): Promise<number> {
  const { events, cursor } = await store.events.after(read.cursor, { limit });
  read.ids.push(...events.map(({ id }) => id));
  read.cursor = cursor;
  return events.length;
}

/** What the events say, beside what the state holds. */
async function differences(store: Store, events: KeptEvent[]): Promise<string[]> {
  const told: string[] = [];
  const last = new Map<string, string>();
  for (const { type, facts, about } of events) {
    if (type === "message") told.push(`message ${about!.id}`);
    if (type === "decision") last.set(`row ${about!.id}`, facts.kind);
    if (type === "turn") told.push(`turn ${about!.id} ${facts.state}`);
    if (type === "sent") last.set(`send ${about!.id}`, facts.state);
  }
  const held: string[] = [];
  const ends = new Map<string, string>();
  const turns = new Set<string>();
  for (const { id, decision, turnId } of await store.journal.list({ own: true, limit: 1000 })) {
    held.push(`message ${id}`);
    if (decision) ends.set(`row ${id}`, decision.kind);
    if (turnId !== undefined) turns.add(turnId);
  }
  for (const id of turns) {
    const { attempt, state } = (await store.turns.get(id))!;
    for (let begun = 0; begun < attempt; begun++) held.push(`turn ${id} started`);
    held.push(`turn ${id} ${state}`);
  }
  for (const { id, state } of await store.outbox.list({ limit: 1000 })) ends.set(`send ${id}`, state);
  const both = [
    [told, held],
    [last, ends].map((map) => [...map].map(([what, state]) => `${what} ${state}`)),
  ] as string[][][];
  return both.flatMap(([one, other]) => {
    const [first, second] = [one!.toSorted().join(", "), other!.toSorted().join(", ")];
    return first === second ? [] : [`told ${first}; the state has ${second}`];
  });
}
