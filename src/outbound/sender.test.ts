import { describe, expect, it } from "vitest";
import { chatOf, sendBenches } from "../../test/support/send-bench.js";
import { storeWith } from "../../test/support/store-with.js";
import { compilePolicy } from "../access/index.js";
import { err, ok } from "../platform/index.js";

const benchOf = sendBenches();

describe("what is in the outbox", () => {
  it("goes out in order per chat, chats side by side, each item once", async () => {
    const bench = await benchOf();
    const waiting: (() => void)[] = [];
    bench.answer = () =>
      new Promise((resolve) => {
        waiting.push(() => resolve({ ok: true, value: { guid: "", rowId: 60 + waiting.length } }));
      });
    for (const text of ["a1", "a2"]) await bench.add(text, 7);
    await bench.add("b1", 8);
    await bench.sender.start();
    await bench.clock.advanceUntil(() => waiting.length === 2);
    await bench.clock.advance(60_000);
    expect(bench.sent).toEqual(["a1", "b1"]);
    waiting[0]!();
    await bench.clock.advanceUntil(() => waiting.length === 3);
    expect(bench.sent).toEqual(["a1", "b1", "a2"]);
    for (const go of waiting) go();
    await bench.clock.advanceUntil(() => bench.settled.length === 3);
    expect((await bench.store.outbox.counts("default")).stored).toBe(3);
  });

  it("is under way 32 messages at a time", async () => {
    const bench = await benchOf();
    const answers: (() => void)[] = [];
    bench.answer = () =>
      new Promise((resolve) => {
        answers.push(() => resolve({ ok: true, value: { rowId: 60 + answers.length } }));
      });
    for (let n = 10; n < 50; n++) {
      const handle = `+155501000${n}`;
      const target = { kind: "handle" as const, handle, service: "auto" as const };
      await bench.add("hello", 0, { origin: "person", target, chatKey: `handle:${handle}` });
    }
    await bench.sender.start();
    await bench.clock.advanceUntil(() => bench.sent.length >= 32);
    await bench.clock.advance(60_000);
    expect(bench.sent).toHaveLength(32);
    answers[0]!();
    await bench.clock.advanceUntil(() => bench.sent.length > 32);
    await bench.clock.advance(60_000);
    expect(bench.sent).toHaveLength(33);
    while (bench.settled.length < 40) {
      for (const answered of answers.splice(0)) answered();
      await bench.clock.advance(1000);
    }
  });

  it("is on the disk as being sent before the bridge hears of it", async () => {
    const bench = await benchOf();
    const id = await bench.add("a");
    let state = "";
    bench.answer = async () => {
      state = (await bench.get(id)).state;
      return { ok: true, value: { rowId: 60 } };
    };
    await bench.sender.start();
    await bench.until(id, "stored");
    expect(state).toBe("sending");
  });

  it("waits while Messages is not there, and goes when it is told that something changed", async () => {
    const bench = await benchOf();
    bench.state = "starting";
    await bench.add("a");
    await bench.sender.start();
    await bench.clock.advance(3_000_000);
    expect(bench.sent).toEqual([]);
    bench.state = "live";
    bench.sender.wake();
    await bench.clock.advanceUntil(() => bench.sent.length === 1);
  });

  it("is asked of the bridge with everything that it carries", async () => {
    const bench = await benchOf();
    bench.settings = { ...bench.settings, transport: "applescript", region: "DE" };
    const runs = [{ start: 0, length: 1, styles: ["bold" as const] }];
    const form = { runs, effect: "e", voice: true, strict: true, replyTo: "R", file: "/f" };
    await bench.add("a", 7, form);
    await bench.sender.start();
    await bench.clock.advanceUntil(() => bench.asked.length === 1);
    const target = { kind: "chat_id", chatId: 7 };
    expect(bench.asked).toEqual([{ ...form, target, text: "a", transport: "applescript", region: "DE" }]);
  });

  it("is looked for again when the outbox cannot be read", async () => {
    let fails = 2;
    const bench = await benchOf((store) =>
      storeWith(store, {
        outbox: {
          nextDue: async (...given) => {
            if (fails-- > 0) throw new Error("locked");
            return store.outbox.nextDue(...given);
          },
        },
      }),
    );
    await bench.add("a");
    await bench.sender.start();
    const began = bench.clock.now();
    await bench.clock.advanceUntil(() => bench.sent.length === 1);
    expect(bench.clock.now() - began).toBe(2000);
    expect(bench.lines.filter((line) => line === "error: the outbox cannot be read")).toHaveLength(2);
  });

  it("is sent to its end before a stop is over", async () => {
    const bench = await benchOf();
    let answered = () => {};
    bench.answer = () =>
      new Promise((resolve) => {
        answered = () => resolve({ ok: true, value: { rowId: 60 } });
      });
    const id = await bench.add("a");
    await bench.sender.start();
    await bench.clock.advanceUntil(() => bench.sent.length === 1);
    let isOver = false;
    const stopping = bench.sender.stop().then(() => {
      isOver = true;
    });
    await bench.clock.advance(60_000);
    expect(isOver).toBe(false);
    answered();
    await stopping;
    expect((await bench.get(id)).state).toBe("stored");
    expect(bench.clock.waiting).toBe(0);
  });

  it("is sent before a stop is over also where it was just about to be taken", async () => {
    let taken: (() => void) | undefined;
    const bench = await benchOf((store) =>
      storeWith(store, {
        outbox: {
          take: async (...given) => {
            await new Promise<void>((resolve) => {
              taken = resolve;
            });
            return store.outbox.take(...given);
          },
        },
      }),
    );
    const id = await bench.add("a");
    await bench.sender.start();
    await bench.clock.advanceUntil(() => taken !== undefined);
    bench.answer = () => ({ ok: true, value: { rowId: 60 } });
    const stopping = bench.sender.stop();
    taken!();
    await stopping;
    expect((await bench.get(id)).state).toBe("stored");
  });

  it("is left alone after a stop", async () => {
    const bench = await benchOf();
    await bench.sender.start();
    await bench.sender.stop();
    await bench.add("a");
    bench.sender.wake();
    await bench.clock.advance(120_000);
    expect(bench.sent).toEqual([]);
    expect(bench.clock.waiting).toBe(0);
  });
});

describe("a message that may not go out now", () => {
  it("is refused where no rule admits its chat any more; others go (behaviour 10.3)", async () => {
    const bench = await benchOf();
    const policy = compilePolicy({
      accountId: "default",
      dmPolicy: "allowlist",
      allowFrom: ["+15550100456"],
    });
    bench.settings = { ...bench.settings, policy };
    const [refused, fine] = [await bench.add("a", 7), await bench.add("b", 8)];
    await bench.sender.start();
    await bench.until(refused, "not_sent");
    await bench.clock.advanceUntil(() => bench.sent.length > 0);
    expect(bench.sent).toEqual(["b"]);
    expect(bench.asked[0]!.target).toEqual({ kind: "chat_id", chatId: 8 });
    expect((await bench.get(refused)).error).toMatchObject({ code: "RECIPIENT_REFUSED" });
    expect((await bench.get(fine)).error).toBeUndefined();
  });

  it("is refused where its number names another conversation now (behaviour 10.3b)", async () => {
    const bench = await benchOf();
    bench.chats = [chatOf(7, "+15550100999"), chatOf(8, "+15550100456")];
    const [refused] = [await bench.add("a", 7), await bench.add("b", 8)];
    await bench.sender.start();
    await bench.until(refused, "not_sent");
    await bench.clock.advanceUntil(() => bench.sent.length > 0);
    expect(bench.sent).toEqual(["b"]);
  });

  it("is not sent when it is too old, to the millisecond", async () => {
    const bench = await benchOf();
    bench.state = "starting";
    const late = await bench.add("late", 7);
    await bench.clock.advance(1);
    await bench.add("in time", 8);
    await bench.sender.start();
    await bench.clock.advance(3_600_000);
    bench.state = "live";
    bench.sender.wake();
    await bench.until(late, "not_sent");
    await bench.clock.advanceUntil(() => bench.sent.length > 0);
    expect(bench.sent).toEqual(["in time"]);
    expect((await bench.get(late)).error).toMatchObject({
      code: "EXPIRED",
      message: expect.stringContaining("for 60 minutes"),
    });
  });

  it("waits for its budget, and goes then (behaviour 10.5)", async () => {
    const bench = await benchOf();
    bench.settings = { ...bench.settings, pace: { ...bench.settings.pace, perChatPerMinute: 1 } };
    bench.answer = () => ({ ok: true, value: { rowId: 60 + bench.asked.length } });
    const [first, second] = [await bench.add("a1", 7), await bench.add("a2", 7)];
    await bench.add("b1", 8);
    await bench.sender.start();
    await bench.clock.advanceUntil(() => bench.held.length === 1);
    expect(bench.sent.sort()).toEqual(["a1", "b1"]);
    const { takenAt } = await bench.get(first);
    expect(bench.held).toMatchObject([
      { id: second, held: { limit: "perChatPerMinute", until: takenAt! + 60_000 } },
    ]);
    expect(await bench.get(second)).toMatchObject({
      state: "pending",
      dueAt: takenAt! + 60_000,
      error: { code: "PACED" },
    });
    await bench.until(second, "stored");
    expect(bench.clock.now()).toBe(takenAt! + 60_000);
    expect(bench.held).toHaveLength(1);
  });

  it("goes without its file to nobody", async () => {
    const bench = await benchOf();
    bench.fileOf = async ({ file }) =>
      file === "/bad" ? err({ code: "FILE_REFUSED", message: "it was replaced" }) : ok(`${file} here`);
    const bad = await bench.add("", 7, { file: "/bad" });
    await bench.add("", 8, { file: "/good" });
    await bench.sender.start();
    await bench.until(bad, "not_sent");
    await bench.clock.advanceUntil(() => bench.asked.length > 0);
    expect(bench.asked.map(({ file }) => file)).toEqual(["/good here"]);
    // Of a recording the text goes that it says.
    await bench.add("see you", 7, { file: "/bad", voice: true });
    bench.sender.wake();
    await bench.clock.advanceUntil(() => bench.asked.length > 1);
    expect(bench.asked[1]).toMatchObject({ text: "see you" });
    expect([bench.asked[1]!.file, bench.asked[1]!.voice]).toEqual([undefined, undefined]);
    expect((await bench.get(bad)).error).toEqual({ code: "FILE_REFUSED", message: "it was replaced" });
  });

  it("waits while its file cannot be had ready, and goes when it can", async () => {
    const bench = await benchOf();
    let isFull = true;
    bench.fileOf = async ({ file }) => {
      if (isFull) throw new Error("ENOSPC: no space left on device");
      return ok(file!);
    };
    const id = await bench.add("", 7, { file: "/a" });
    await bench.add("behind it");
    await bench.sender.start();
    await bench.clock.advanceUntil(async () => (await bench.get(id)).error !== undefined);
    expect(await bench.get(id)).toMatchObject({ state: "pending", error: { code: "FILE_UNREADABLE" } });
    isFull = false;
    await bench.clock.advanceUntil(() => bench.asked.length > 1);
    expect(bench.asked.map(({ file, text }) => file ?? text)).toEqual(["/a", "behind it"]);
  });

  it("is tried again when nobody can tell whether it may go", async () => {
    let fails = 1;
    const bench = await benchOf((store) =>
      storeWith(store, {
        pairing: {
          owners: async (account) => {
            if (fails-- > 0) throw new Error("locked");
            return store.pairing.owners(account);
          },
        },
      }),
    );
    const id = await bench.add("a");
    await bench.sender.start();
    await bench.until(id, "retry");
    expect(bench.sent).toEqual([]);
    expect(bench.lines).toEqual(["warn: send is tried again: locked"]);
    await bench.until(id, "accepted");
    expect(bench.sent).toEqual(["a"]);
  });
});

it("begins a conversation over the service that the settings name", async () => {
  const bench = await benchOf();
  bench.settings = { ...bench.settings, service: "sms" };
  const to = (handle: string) => ({ kind: "handle" as const, handle, service: "auto" as const });
  await bench.add("new", 0, { origin: "person", target: to("+15550100777"), chatKey: "new" });
  await bench.add("known", 0, { origin: "person", target: to("+15550100123"), chatKey: "known" });
  await bench.sender.start();
  await bench.clock.advanceUntil(() => bench.asked.length === 2);
  expect(bench.asked.map(({ target }) => target)).toEqual([
    { kind: "handle", handle: "+15550100777", service: "sms" },
    { kind: "handle", handle: "+15550100123", service: "auto" },
  ]);
});
