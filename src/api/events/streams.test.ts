import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Bench, row } from "../../../test/contract/store/bench.js";
import { FakeClock } from "../../../test/support/fake-clock.js";
import { storeWith } from "../../../test/support/store-with.js";
import { restWithoutPrograms } from "../../events/index.js";
import type { Log } from "../../platform/index.js";
import { type Claim, type KeptEvent, openStore, type Store } from "../../store/index.js";
import { EventStreams } from "./streams.js";

const bench = new Bench(openStore);
const warned: string[] = [];
const log = { warn: (message: string) => void warned.push(message) } as unknown as Log;
let store: Store;
let claim: Claim;
let clock: FakeClock;
let listener: AbortController;
let streams: EventStreams;
let isIn: boolean;
let rows: number;

beforeEach(async () => {
  ({ store, claim } = await bench.claimed());
  clock = new FakeClock(1000);
  listener = new AbortController();
  streams = new EventStreams({ store, clock, log }, listener.signal);
  isIn = true;
  rows = 0;
  warned.length = 0;
});
afterEach(async () => {
  listener.abort();
  await bench.clear();
});

async function happen(count = 1) {
  const made = Array.from({ length: count }, () => row(++rows));
  await store.journal.admit(claim, made, "live", clock.now());
}

interface Wish {
  cursor?: number;
  tokenId?: string;
  tells?: (event: KeptEvent) => boolean;
}

class Client {
  readonly reader: ReadableStreamDefaultReader<Uint8Array>;
  constructor(stream: ReadableStream<Uint8Array>) {
    this.reader = stream.getReader();
  }

  /** The next frame; undefined at the end. */
  async next(): Promise<string | undefined> {
    const { value } = await this.reader.read();
    return value && new TextDecoder().decode(value);
  }

  /** The ids of the next events of the log. */
  async ids(count: number): Promise<number[]> {
    const ids: number[] = [];
    while (ids.length < count) {
      const [, id] = /^id: (\d+)\nevent: message\n/.exec((await this.next()) ?? "event: end") ?? [];
      if (id !== undefined) ids.push(Number(id));
    }
    return ids;
  }
}

async function open({ cursor, tokenId = "t", tells = () => true }: Wish = {}): Promise<Client> {
  const sight = () => async (event: KeptEvent) => tells(event);
  return new Client(await streams.open(tokenId, { cursor, filter: {}, sight, isStillIn: async () => isIn }));
}

describe("a stream of events", () => {
  it("begins at now with the cursor, and tells each event under its id", async () => {
    await happen();
    const client = await open();
    const from = await store.events.newest();
    expect(await client.next()).toBe(
      `retry: 1000\n\nid: ${from}\nevent: cursor\ndata: {"id":${from},"type":"cursor","at":"1970-01-01T00:00:01.000Z","account":null,"chat":null,"data":{}}\n\n`,
    );
    await happen(2);
    const frame = (await client.next())!;
    expect(frame).toMatch(
      new RegExp(
        `^id: ${from + 1}\nevent: message\ndata: {"id":${from + 1},"type":"message",.*"text":"text 2".*\n\n$`,
      ),
    );
    expect(await client.ids(1)).toEqual([from + 2]);
  });

  it("goes on behind a cursor, and leaves out what is not for its reader", async () => {
    const first = await open();
    await happen(120);
    const ids = await first.ids(120);
    const again = await open({ cursor: ids[9]!, tells: ({ id }) => id % 2 === 0 });
    expect(await again.ids(55)).toEqual(ids.slice(10).filter((id) => id % 2 === 0));
  });

  it("keeps events while nobody reads, for a week", async () => {
    const client = await open();
    await happen();
    const [id] = await client.ids(1);
    await client.reader.cancel();
    const day = 24 * 3600_000;
    await clock.advance(7 * day);
    await restWithoutPrograms(store.events, clock.now());
    await happen();
    expect(await (await open({ cursor: id! })).ids(1)).toEqual([id! + 1]);
    listener.abort();
    await clock.advance(7 * day + 1);
    await restWithoutPrograms(store.events, clock.now());
    await happen();
    expect(await store.events.newest()).toBe(id! + 1);
  });

  it("keeps events as long as a stream is open", async () => {
    const client = await open();
    await client.next();
    await clock.jump(4 * 24 * 3600_000);
    await clock.jump(4 * 24 * 3600_000);
    await vi.waitFor(async () => {
      await restWithoutPrograms(store.events, clock.now());
      expect(await store.events.readers()).toHaveLength(1);
    });
    await happen();
    expect(await client.ids(1)).toHaveLength(1);
  });

  it("tells of a gap once, without an id, and what is left of the events before it", async () => {
    const first = await open();
    await happen(3);
    const ids = await first.ids(3);
    await store.events.forget(clock.now() + 1);
    const [gap] = await framesOf(await open({ cursor: ids[0]! }), 1);
    expect(gap).toMatch(new RegExp(`^event: gap\ndata: {"id":${ids[2]},.*"data":{"upTo":${ids[2]}}}\n\n$`));
    // Of the next life of a state: everything is told.
    await happen(2);
    const foreign = await open({ cursor: 999_999 });
    const [told, ...rest] = await framesOf(foreign, 3);
    expect(told).toMatch(/^event: gap\n/);
    expect(rest.map((frame) => /^id: (\d+)/.exec(frame)?.[1])).toEqual([`${ids[2]! + 1}`, `${ids[2]! + 2}`]);
    await happen();
    expect((await framesOf(foreign, 1))[0]).toMatch(/^id: .*\nevent: message/);
  });

  it("is never silent for long, and moves its cursor past what it does not tell", async () => {
    const client = await open({ tells: () => false });
    await client.next();
    const beat = client.next();
    await clock.advance(15_000);
    expect(await beat).toBe(":\n\n");
    const moved = client.next();
    // Whatever happens elsewhere, the silence is its own.
    for (let second = 0; second < 15; second++) {
      await happen();
      await clock.advance(1000);
    }
    expect(await moved).toMatch(/^id: \d+\nevent: cursor\n/);
  });

  it("costs a page for a reader that is slow", async () => {
    let asked = 0;
    const spied = storeWith(store, {
      events: {
        after: (cursor, filter) => {
          asked += filter.limit;
          return store.events.after(cursor, filter);
        },
      },
    });
    streams = new EventStreams({ store: spied, clock, log }, listener.signal);
    const client = await open();
    await client.next();
    for (let i = 0; i < 20; i++) await happen(100);
    await clock.advance(60_000);
    expect(asked).toBeLessThanOrEqual(100);
    expect(await client.ids(2000)).toHaveLength(2000);
  });

  it("ends within a second when its reader may not read on, also one that takes nothing", async () => {
    const [reading, slow] = [await open(), await open()];
    await reading.next();
    await happen(3);
    await reading.ids(1);
    isIn = false;
    await clock.advance(1000);
    const left = async (client: Client) => {
      const frames = [];
      for (let frame = await client.next(); frame !== undefined; frame = await client.next())
        frames.push(frame);
      return frames;
    };
    // What was written before is not taken back.
    expect((await left(reading)).length).toBeLessThanOrEqual(2);
    expect(await left(slow)).toHaveLength(2);
  });

  it("ends with its listener, with a word on when to be back", async () => {
    const client = await open();
    await client.next();
    const last = client.next();
    listener.abort();
    expect([await last, await client.next()]).toEqual(["retry: 1000\n\n", undefined]);
    // So does one that was asked for before, and opens later.
    const late = await open();
    expect([await late.next(), await late.next()]).toEqual(["retry: 1000\n\n", undefined]);
    expect(clock.waiting).toBe(0);
  });

  it("ends at once where its listener ended before it began", async () => {
    const opening = open();
    listener.abort();
    const client = await opening;
    expect([await client.next(), await client.next()]).toEqual(["retry: 1000\n\n", undefined]);
    expect(clock.waiting).toBe(0);
  });

  it("ends when the state cannot be read, which the log tells", async () => {
    const broken = storeWith(store, { events: { after: () => Promise.reject(new Error("no disk")) } });
    streams = new EventStreams({ store: broken, clock, log }, listener.signal);
    const client = await open();
    await client.next();
    expect([await client.next(), await client.next()]).toEqual(["retry: 1000\n\n", undefined]);
    expect(warned).toEqual(["a stream of events ended: no disk"]);
  });

  it("has eight for a token and sixty-four in all, and room again when one is left", async () => {
    const limited = expect.objectContaining({ code: "RATE_LIMITED" });
    const own = await Promise.all(Array.from({ length: 8 }, () => open()));
    await expect(open()).rejects.toEqual(limited);
    await own[0]!.reader.cancel();
    await open();
    for (let token = 0; token < 7; token++)
      await Promise.all(Array.from({ length: 8 }, () => open({ tokenId: `other ${token}` })));
    await expect(open({ tokenId: "new" })).rejects.toEqual(limited);
  });
});

async function framesOf(client: Client, count: number): Promise<string[]> {
  const frames: string[] = [];
  while (frames.length < count) {
    const frame = await client.next();
    if (frame === undefined) throw new Error("the stream ended");
    if (!/event: cursor/.test(frame)) frames.push(frame);
  }
  return frames;
}
