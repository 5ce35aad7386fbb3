import { expect, it } from "vitest";
import { FakeClock } from "../../test/support/fake-clock.js";
import type { Topic } from "../store/index.js";
import { News } from "./news.js";

class Bench {
  readonly clock = new FakeClock();
  readonly ends = new AbortController();
  readonly listeners = new Map<Topic, () => void>();
  readonly news = new News(
    {
      watch: (topic, listener) => {
        this.listeners.set(topic, listener);
        return () => this.listeners.delete(topic);
      },
    },
    { watch: (listener) => this.#logged(listener) },
    this.clock,
    this.ends.signal,
  );

  /** Notes a line of the log. */
  line = () => {};

  #logged(listener: () => void): () => void {
    this.line = listener;
    return () => {
      this.line = () => {};
    };
  }

  open(cursor: string | null = null, isIn = () => true) {
    const reader = this.news.open(cursor, isIn)!.getReader();
    const text = new TextDecoder();
    return {
      reader,
      /** The next event, once the time that it is gathered in is over. */
      next: async (ms = 50) => {
        const read = reader.read();
        await this.clock.advance(ms);
        const { value, done } = await read;
        if (done) return undefined;
        const [, id = "", data = ""] = /^id: (\S+)\ndata: (.*)\n\n$/.exec(text.decode(value)) ?? [];
        return id === "" ? text.decode(value) : { id, topics: JSON.parse(data) as string[] };
      },
    };
  }
}

const all = ["journal", "turns", "outbox", "schedule", "drafts", "questions", "health", "log"];

it("tells a new page of everything, then of what changed, gathered", async () => {
  const bench = new Bench();
  const page = bench.open();
  expect(await page.next()).toMatchObject({ topics: all });
  bench.listeners.get("journal")!();
  bench.listeners.get("outbox")!();
  bench.listeners.get("journal")!();
  expect(await page.next()).toMatchObject({ topics: ["journal", "outbox"] });
});

it("tells of rows that come in, whatever becomes of them", async () => {
  const bench = new Bench();
  const page = bench.open();
  await page.next();
  bench.listeners.get("rows")!();
  expect(await page.next()).toMatchObject({ topics: ["journal"] });
});

it("tells of lines of the log, gathered", async () => {
  const bench = new Bench();
  const page = bench.open();
  await page.next();
  for (let line = 0; line < 100; line++) bench.line();
  expect(await page.next()).toMatchObject({ topics: ["log"] });
});

it("tells a page that comes back what changed since, and all of it after a restart", async () => {
  const bench = new Bench();
  const page = bench.open();
  const other = bench.open();
  await other.next();
  const first = (await page.next()) as { id: string };
  await page.reader.cancel();
  bench.listeners.get("drafts")!();
  expect(await bench.open(first.id).next()).toMatchObject({ topics: ["drafts"] });
  expect(await new Bench().open(first.id).next()).toMatchObject({ topics: all });
  for (const odd of ["", "x", `${first.id}x`, `.1`])
    expect(await bench.open(odd).next()).toMatchObject({ topics: all });
});

it("costs a page that does not read a few words, however much changes", async () => {
  const bench = new Bench();
  const slow = bench.open();
  await slow.next();
  for (let i = 0; i < 10_000; i++) bench.listeners.get("turns")!();
  await bench.clock.advance(60_000);
  for (let i = 0; i < 10_000; i++) bench.listeners.get("outbox")!();
  const topics = [await slow.next(), await slow.next()].flatMap((event) =>
    typeof event === "object" ? event.topics : [],
  );
  expect(new Set(topics)).toEqual(new Set(["turns", "outbox", "health"]));
});

it("tells the health by itself, and ends with the listener", async () => {
  const bench = new Bench();
  const page = bench.open();
  await page.next();
  expect(await page.next(5050)).toMatchObject({ topics: ["health"] });
  bench.ends.abort();
  expect(await page.next()).toBeUndefined();
  expect(await bench.open().next()).toBeUndefined();
  expect(bench.listeners.size).toBe(0);
});

it("ends with the listener also for a page that reads late, and for one that comes then", async () => {
  const bench = new Bench();
  const slow = bench.open();
  await bench.clock.advance(50);
  bench.ends.abort();
  expect(await slow.next()).toMatchObject({ topics: all });
  const last = slow.next();
  expect(await Promise.race([last, bench.clock.advance(60_000).then(() => "nothing")])).toBeUndefined();
  expect(await bench.open().next()).toBeUndefined();
  expect([bench.listeners.size, bench.clock.waiting]).toEqual([0, 0]);
});

it("takes sixty-four pages, and another when one has gone", async () => {
  const bench = new Bench();
  const pages = Array.from({ length: 64 }, () => bench.open());
  expect(bench.news.open(null, () => true)).toBeUndefined();
  await pages[0]!.reader.cancel();
  expect(bench.news.open(null, () => true)).toBeDefined();
  bench.ends.abort();
});

it("tells a browser that is let in no more nothing, and ends its stream with the next look at the health", async () => {
  const bench = new Bench();
  let isIn = true;
  const [page, other] = [bench.open(null, () => isIn), bench.open()];
  expect(await page.next()).toMatchObject({ topics: all });
  expect(await other.next()).toMatchObject({ topics: all });
  isIn = false;
  expect(await page.next(5000)).toBeUndefined();
  expect(await other.next()).toMatchObject({ topics: ["health"] });
  // It takes nobody's place.
  const pages = Array.from({ length: 63 }, () => bench.open());
  expect(bench.news.open(null, () => true)).toBeUndefined();
  for (const { reader } of [...pages, other]) await reader.cancel();
});
