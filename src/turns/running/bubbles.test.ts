import { describe, expect, it } from "vitest";
import { storeWith } from "../../../test/support/store-with.js";
import { turnLabs } from "../../../test/support/turn-lab.js";
import type { ClaimedTurn, NewOutboxItem, Store } from "../../store/index.js";
import type { Answer, ReplyBlock } from "./answer.js";
import { Bubbles, type Streaming } from "./bubbles.js";

const open = turnLabs();

/** A turn that runs, beside another of the same account, with what its answer came to. */
async function bench(
  streaming: Partial<Streaming> = {},
  { compose, over }: { compose?: (text: string) => string[]; over?: (store: Store) => Store } = {},
) {
  const lab = open();
  for (const id of ["t", "neighbour"]) await lab.queue(id, { session: id });
  const [claimed] = await lab.store.turns.claim("node", 2, lab.clock.now());
  const answer: Answer = { blocks: [], notes: [], usage: [], wasAsked: true };
  const abort = new AbortController();
  const asked: { text: string; sent: number }[] = [];
  const bubblesOf = (turn: ClaimedTurn) => {
    const { target, chatKey } = turn.turn;
    const itemOf = (text: string): NewOutboxItem => ({ target, chatKey, origin: "turn", text });
    const composed = async (blocks: ReplyBlock[], sent: number) => {
      const [{ text } = { text: "" }] = blocks;
      asked.push({ text, sent });
      const texts = compose?.(text) ?? [text];
      return { messages: texts.map(itemOf), notes: [`of ${text}`] };
    };
    const store = over?.(lab.store) ?? lab.store;
    const { clock, log } = lab;
    const keep = async (block: ReplyBlock, before: number) => {
      const media = block.media?.map((path) => `copy ${before} of ${path}`);
      return { block: { ...block, ...(media && { media }) }, notes: media ? ["a secret"] : [] };
    };
    return new Bubbles(turn, { mode: "block", maxBubbles: 4, ...streaming }, composed, {
      ...{ store, clock, log, keep, mask: (text: string) => text.replace("secret", "***") },
    });
  };
  const bubbles = bubblesOf(claimed!);
  const take = async (...texts: string[]) => {
    for (const text of texts) await bubbles.take({ text }, answer, abort.signal);
  };
  return { lab, claimed: claimed!, bubblesOf, bubbles, answer, abort, asked, take };
}

const left = ({ blocks }: Answer) => blocks.map(({ text }) => text);

describe("blocks of an answer (behaviour 6.3)", () => {
  it("go out while one message stays free for the rest", async () => {
    const { lab, bubbles, answer, asked, take } = await bench();
    await take("1", "2", "3", "4", "5");
    expect(await lab.sent("t")).toEqual(["1", "2", "3"]);
    expect(await lab.sent("neighbour")).toEqual([]);
    expect(left(answer)).toEqual(["4", "5"]);
    expect(bubbles.sent).toBe(3);
    expect(answer.notes).toEqual(["of 1", "of 2", "of 3"]);
    // What is composed for nothing would be composed again at the end.
    expect(asked).toEqual([
      { text: "1", sent: 0 },
      { text: "2", sent: 1 },
      { text: "3", sent: 2 },
    ]);
  });

  it("wait for the end where it is one answer", async () => {
    const { lab, answer, asked, take } = await bench({ mode: "final" });
    await take("1", "2");
    expect(await lab.sent("t")).toEqual([]);
    expect(left(answer)).toEqual(["1", "2"]);
    expect(asked).toEqual([]);
  });

  it("have their files copied when they begin to wait, and not at the end", async () => {
    const { bubbles, answer, abort } = await bench({ mode: "final" });
    for (const media of [["a", "b"], ["a"]]) await bubbles.take({ text: "", media }, answer, abort.signal);
    expect(answer.blocks.map(({ media }) => media)).toEqual([
      ["copy 0 of a", "copy 0 of b"],
      ["copy 2 of a"],
    ]);
    expect(answer.notes).toEqual(["a ***", "a ***"]);
  });

  it("wait with all that follow, when one needs more messages than there are", async () => {
    const { lab, bubbles, answer, take } = await bench({}, { compose: (text) => text.split("+") });
    await take("1", "a+b+c", "2");
    expect(await lab.sent("t")).toEqual(["1"]);
    expect(left(answer)).toEqual(["a+b+c", "2"]);
    expect(answer.notes).toEqual(["of 1"]);
    expect(bubbles.sent).toBe(1);
  });

  it("count every message that they came to", async () => {
    const { lab, bubbles, answer, take } = await bench({}, { compose: (text) => text.split("+") });
    await take("a+b", "1", "2");
    expect(await lab.sent("t")).toEqual(["a", "b", "1"]);
    expect(left(answer)).toEqual(["2"]);
    expect(bubbles.sent).toBe(3);
  });

  it("keep their order when one cannot be stored, though the next could be", async () => {
    let isBroken = true;
    const { lab, bubbles, answer, take } = await bench(
      {},
      {
        over: (store) =>
          storeWith(store, {
            turns: {
              emit: async (...given) => {
                if (!isBroken) return store.turns.emit(...given);
                isBroken = false;
                throw new Error("locked");
              },
            },
          }),
      },
    );
    await take("1", "2");
    expect(await lab.sent("t")).toEqual([]);
    expect(left(answer)).toEqual(["1", "2"]);
    expect(answer.notes).toEqual([]);
    expect(bubbles.sent).toBe(0);
    expect(lab.lines).toEqual(["warn: a block of an answer is kept for the end of its turn: locked"]);
  });

  it("are not sent by a turn that has ended", async () => {
    const { lab, claimed, answer, take } = await bench();
    await lab.store.turns.end(claimed.claim, { outcome: "done", replies: [] }, lab.clock.now(), false);
    await take("1");
    expect(await lab.sent("t")).toEqual([]);
    expect(left(answer)).toEqual(["1"]);
    expect(lab.lines).toEqual([]);
  });

  it("are dropped when the turn was stopped while they were composed", async () => {
    const { lab, answer, abort, take } = await bench();
    abort.abort();
    await take("1");
    expect(await lab.sent("t")).toEqual([]);
    expect(left(answer)).toEqual([]);
    expect(answer.notes).toEqual([]);
  });

  it("that come to nothing take no place", async () => {
    const { bubbles, answer, take, lab } = await bench(
      {},
      { compose: (text) => (text === "" ? [] : [text]) },
    );
    await take("", "1");
    expect(await lab.sent("t")).toEqual(["1"]);
    expect(bubbles.sent).toBe(1);
    expect(left(answer)).toEqual([]);
  });
});

it("finds the place that no earlier attempt can have taken", async () => {
  const { claimed, bubblesOf, take, bubbles } = await bench();
  expect(bubbles.free).toBe(0);
  await take("1", "2");
  expect(bubbles.free).toBe(2);
  expect(bubblesOf({ ...claimed, emitted: 3 }).free).toBe(3);
});
