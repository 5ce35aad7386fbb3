import { describe, expect, it } from "vitest";
import { row } from "../../test/contract/store/bench.js";
import { chatOf, sendBenches } from "../../test/support/send-bench.js";
import { storeWith } from "../../test/support/store-with.js";
import { compilePolicy } from "../access/index.js";
import { BridgeError } from "../bridge/index.js";
import { asSure, expired, inDoubt, isNews, isOurRule, withCause } from "./send-outcomes.js";

const benchOf = sendBenches();

const failure = (code: "APPLESCRIPT_FAILED" | "CHILD_EXITED" | "LEASE_OVER", more = {}) => ({
  ok: false as const,
  error: new BridgeError(code, "no", { disposition: "not_sent", ...more }),
});

describe("an answer of Messages", () => {
  it.each([
    ["a row", { rowId: 60 }, { rowId: 60 }],
    ["a row and its GUID", { guid: "G", rowId: 60 }, { guid: "G", rowId: 60 }],
    ["a row, and a GUID that is empty", { guid: "", rowId: 60 }, { rowId: 60 }],
    ["a GUID that nobody knows yet", { guid: "G" }, { guid: "G" }],
  ])("that names %s ends the send", async (_, value, stored) => {
    const bench = await benchOf();
    bench.answer = () => ({ ok: true, value });
    const id = await bench.add("a");
    await bench.sender.start();
    await bench.until(id, "stored");
    expect(await bench.get(id)).toMatchObject({ state: "stored", ...stored });
    expect(bench.settled).toEqual([{ id, outcome: { state: "stored", ...stored } }]);
  });

  it("that names the GUID of a row that came before proves nothing (protocol reference 3.5)", async () => {
    const bench = await benchOf();
    bench.answer = () => ({ ok: true, value: { guid: "GUID-40" } });
    const id = await bench.add("a");
    await bench.sender.start();
    await bench.until(id, "accepted");
    expect(await bench.get(id)).toMatchObject({ state: "sending" });
    expect((await bench.get(id)).guid).toBeUndefined();
    bench.rows = [row(61, { fromMe: true, text: "a", chat: chatOf(7, "+15550100123") })];
    await bench.until(id, "stored");
    expect(await bench.get(id)).toMatchObject({ guid: "GUID-61", rowId: 61 });
  });

  it("that names no row leaves it to five looks, three seconds apart", async () => {
    const bench = await benchOf();
    const id = await bench.add("a");
    await bench.sender.start();
    await bench.until(id, "accepted");
    const at = bench.clock.now();
    await bench.clock.advance(14_999);
    expect(bench.statesOf(id)).toEqual(["accepted"]);
    await bench.until(id, "unknown");
    expect(bench.clock.now() - at).toBe(15_000);
    expect(bench.queries.filter(({ chatId }) => chatId === 7)).toHaveLength(5);
    expect((await bench.get(id)).error).toEqual({
      code: "OUTCOME_UNKNOWN",
      message: "Messages took it, but its row was never seen in the chat",
    });
    expect(bench.sent).toEqual(["a"]);
  });

  it("counts no look that could not be taken", async () => {
    const bench = await benchOf();
    const id = await bench.add("a");
    await bench.sender.start();
    await bench.until(id, "accepted");
    bench.state = "waiting";
    await bench.clock.advance(600_000);
    expect(bench.statesOf(id)).toEqual(["accepted"]);
    bench.state = "live";
    await bench.clock.advance(14_000);
    expect(bench.statesOf(id)).toEqual(["accepted"]);
    await bench.until(id, "unknown");
  });

  it("is confirmed by the row's own arrival, and told once", async () => {
    const bench = await benchOf();
    const id = await bench.add("a");
    await bench.sender.start();
    await bench.until(id, "accepted");
    const [taken] = await bench.store.outbox.accepted("default");
    await bench.store.outbox.settle(
      taken!.claim,
      { state: "stored", guid: "G", rowId: 9 },
      bench.clock.now(),
    );
    await bench.until(id, "stored");
    expect(bench.settled.at(-1)!.outcome).toEqual({ state: "stored", guid: "G", rowId: 9 });
    await bench.clock.advance(60_000);
    expect(bench.statesOf(id)).toEqual(["accepted", "stored"]);
  });
});

describe("a failure", () => {
  it("that no repeat can mend ends the send, with what to do", async () => {
    const bench = await benchOf();
    bench.answer = () => failure("APPLESCRIPT_FAILED", { hint: "Look." });
    const id = await bench.add("a");
    await bench.sender.start();
    await bench.until(id, "not_sent");
    await bench.clock.advance(600_000);
    expect(bench.sent).toEqual(["a"]);
    expect((await bench.get(id)).error).toEqual({ code: "APPLESCRIPT_FAILED", message: "no (Look.)" });
    expect(bench.lines).toEqual(["error: send not_sent: no (Look.)"]);
  });

  it("that surely sent nothing is tried again with growing pauses, without a look", async () => {
    const bench = await benchOf();
    const at: number[] = [];
    bench.answer = () => {
      at.push(bench.clock.now());
      return at.length < 4
        ? failure("APPLESCRIPT_FAILED", { retryable: true })
        : { ok: true, value: { rowId: 60 } };
    };
    const id = await bench.add("a");
    await bench.sender.start();
    await bench.until(id, "stored");
    expect(at.slice(1).map((time, index) => time - at[index]!)).toEqual([1000, 2000, 4000]);
    expect(bench.queries).toEqual([]);
    // Another try is news once, not each time.
    expect(bench.lines).toEqual(["warn: send is tried again: no"]);
  });

  it("in doubt is looked for before it is repeated, and not repeated when it is there", async () => {
    const bench = await benchOf();
    bench.answer = () => failure("CHILD_EXITED", { disposition: "unknown", retryable: true });
    const id = await bench.add("a");
    await bench.sender.start();
    await bench.clock.advanceUntil(() => bench.sent.length === 1);
    const at = bench.clock.now();
    await bench.clock.advance(1999);
    expect(bench.queries).toEqual([]);
    bench.rows = [row(61, { fromMe: true, text: "a", chat: chatOf(7, "+15550100123") })];
    await bench.until(id, "stored");
    expect(bench.clock.now() - at).toBe(2000);
    await bench.clock.advance(600_000);
    expect(bench.sent).toEqual(["a"]);
  });

  /** Has the only send tried under a GUID that Messages does not have yet; the next try is due in a while. */
  const triedInDoubt = async () => {
    const bench = await benchOf();
    const id = await bench.add("a");
    const [taken] = await bench.store.outbox.take(bench.claim, 1, bench.clock.now(), () => true);
    const guid = taken!.item.attemptId!;
    await bench.store.outbox.settle(taken!.claim, inDoubt(bench.clock.now() + 60_000), bench.clock.now());
    const arrives = () => {
      bench.rows = [{ ...row(61, { fromMe: true, text: "a", chat: chatOf(7, "+15550100123") }), guid }];
    };
    Object.assign(bench.bridge.actions, {
      sendStatus: async () => ({ state: "unsupported", missing: "method", why: "" }),
    });
    return {
      bench,
      id,
      guid,
      arrives,
      stop: () => bench.store.outbox.stopAnswers("default", [taken!.item.chatKey], bench.clock.now()),
    };
  };

  it.each([true, false])(
    "in doubt is looked for when it is stopped, and not sent again: there %s",
    async (isThere) => {
      const { bench, id, guid, arrives, stop } = await triedInDoubt();
      if (isThere) arrives();
      await bench.sender.start();
      await bench.clock.advance(5000);
      expect(bench.statesOf(id)).toEqual([]);
      expect(await stop()).toBe(0);
      await bench.until(id, isThere ? "stored" : "unknown");
      const end = isThere ? { guid } : { error: { code: "STOPPED" } };
      expect(await bench.get(id)).toMatchObject({ state: isThere ? "stored" : "unknown", ...end });
      expect(bench.sent).toEqual([]);
    },
  );

  it.each([true, false])(
    "in doubt is never told as not sent, also where nobody may be written to any more: there %s",
    async (isThere) => {
      const { bench, id, arrives } = await triedInDoubt();
      if (isThere) arrives();
      bench.settings = {
        ...bench.settings,
        policy: compilePolicy({ accountId: "default", dmPolicy: "disabled", allowFrom: [] }),
      };
      await bench.sender.start();
      await bench.clock.advance(61_000);
      const end = isThere ? { state: "stored" } : { state: "unknown", error: { code: "RECIPIENT_REFUSED" } };
      expect(await bench.get(id)).toMatchObject(end);
      expect(bench.settled.map(({ outcome }) => outcome)).toEqual([
        expect.objectContaining({ state: end.state }),
      ]);
      expect(bench.sent).toEqual([]);
    },
  );

  it("in doubt is found in a database that took the place of the one that it went to", async () => {
    const bench = await benchOf();
    await bench.store.accounts.setCursor(bench.claim, 500_000);
    bench.answer = () => failure("CHILD_EXITED", { disposition: "unknown", retryable: true });
    const ids = [await bench.add("a"), await bench.add("b", 8)];
    await bench.sender.start();
    await bench.clock.advanceUntil(() => bench.sent.length === 2);
    await bench.store.accounts.setCursor(bench.claim, 1000);
    bench.answer = () => ({ ok: true, value: { rowId: 1021 } });
    // What says the same from before it is somebody's own.
    bench.rows = [
      row(1020, { fromMe: true, text: "a", chat: chatOf(7, "+15550100123") }),
      row(1000, { fromMe: true, text: "b", chat: chatOf(8, "+15550100456") }),
    ];
    for (const id of ids) await bench.until(id, "stored");
    expect(bench.sent).toEqual(["a", "b", "b"]);
    expect(await bench.get(ids[0]!)).toMatchObject({ rowId: 1020 });
  });

  it("in doubt is looked for beside what other messages wait for: other words, or another chat", async () => {
    const bench = await benchOf();
    bench.answer = ({ text, target }) =>
      text === "a" && target.kind === "chat_id" && target.chatId === 7
        ? failure("CHILD_EXITED", { disposition: "unknown", retryable: true })
        : { ok: true, value: {} };
    for (const [text, chatId] of [
      ["a", 8],
      ["b", 7],
    ] as const)
      await bench.add(text, chatId);
    const id = await bench.add("a");
    bench.rows = [row(61, { fromMe: true, text: "a", chat: chatOf(7, "+15550100123") })];
    await bench.sender.start();
    await bench.clock.advanceUntil(() => bench.sent.length === 3);
    const at = bench.clock.now();
    await bench.until(id, "stored");
    expect(bench.clock.now() - at).toBe(2000);
  });

  it("in doubt waits until Messages can be asked", async () => {
    const bench = await benchOf();
    bench.answer = () => {
      bench.state = "waiting";
      return failure("CHILD_EXITED", { disposition: "unknown", retryable: true });
    };
    const id = await bench.add("a");
    await bench.sender.start();
    await bench.clock.advance(60_000);
    expect(bench.queries).toEqual([]);
    expect(bench.statesOf(id)).toEqual([]);
    bench.answer = () => ({ ok: true, value: { rowId: 60 } });
    bench.state = "live";
    await bench.until(id, "stored");
    expect(bench.sent).toEqual(["a", "a"]);
    expect(bench.queries.length).toBeGreaterThan(0);
  });
});

it("gives back unsent what it was not sure to own any more", async () => {
  const bench = await benchOf();
  bench.answer = () => failure("LEASE_OVER", { disposition: "not_sent", retryable: true });
  const id = await bench.add("a");
  await bench.sender.start();
  await bench.clock.advanceUntil(async () => (await bench.get(id))?.state === "pending");
  expect(await bench.get(id)).toMatchObject({ state: "pending", error: { code: "LEASE_OVER" } });
  // It was never in doubt: another owner sends it without a look.
  expect(bench.queries).toEqual([]);
  bench.answer = () => ({ ok: true, value: { rowId: 60 } });
  await bench.until(id, "stored");
  expect(bench.queries).toEqual([]);
});

it("looks for what an earlier process left in doubt, and says nothing twice", async () => {
  const bench = await benchOf();
  const [lost, there] = [await bench.add("a", 7), await bench.add("b", 8)];
  await bench.store.outbox.take(bench.claim, 9, bench.clock.now());
  const { claim } = await bench.store.accounts.claim("default", "node-2");
  Object.assign(bench.claim, claim);
  bench.rows = [row(61, { fromMe: true, text: "b", chat: chatOf(8, "+15550100456") })];
  bench.answer = () => ({ ok: true, value: { rowId: 70 } });
  await bench.sender.start();
  expect(bench.queries).toEqual([]);
  await bench.until(there, "stored");
  await bench.until(lost, "stored");
  expect(bench.sent).toEqual(["a"]);
  expect(await bench.get(there)).toMatchObject({ rowId: 61 });
});

it("says that a send which could not be recorded is looked up later", async () => {
  const bench = await benchOf((store) =>
    storeWith(store, {
      outbox: {
        settle: async () => {
          throw new Error("disk full");
        },
      },
    }),
  );
  await bench.add("a");
  await bench.sender.start();
  await bench.clock.advanceUntil(() => bench.lines.length > 0);
  expect(bench.lines).toEqual(["error: a send could not be recorded; it is looked up at the next start"]);
  expect(bench.settled).toEqual([]);
});

describe("what is told of a send that failed", () => {
  const cause = { code: "CHILD_EXITED" as const, message: "imsg is gone" };
  const lost = { code: "OUTCOME_UNKNOWN" as const, message: "nobody knows" };

  it("is why it failed, not that it was then looked for (behaviour 10.1)", () => {
    expect(inDoubt(9)).toEqual({
      ...{ state: "retry", dueAt: 9, inDoubt: true },
      error: { code: "NOT_FOUND_IN_HISTORY", message: "Messages does not have it" },
    });
    expect(withCause(inDoubt(9), cause)).toEqual({ state: "retry", dueAt: 9, inDoubt: true, error: cause });
    expect(withCause(inDoubt(9), undefined)).toEqual(inDoubt(9));
    expect(withCause({ state: "unknown", error: lost }, cause)).toEqual({
      state: "unknown",
      error: { code: "OUTCOME_UNKNOWN", message: "nobody knows; its send failed: imsg is gone" },
    });
    expect(withCause({ state: "stored", rowId: 60 }, cause)).toEqual({ state: "stored", rowId: 60 });
  });

  it("is that it became too old, and the last failure", () => {
    const message = "it could not be sent for 2 minutes (outbound.ttlMinutes) and is not sent late";
    expect(expired(110_000, undefined)).toEqual({
      state: "not_sent",
      error: { code: "EXPIRED", message },
    });
    expect(expired(120_000, cause)).toEqual({
      state: "not_sent",
      error: { code: "EXPIRED", message: `${message}; the last time: imsg is gone` },
    });
  });

  it("is never that it was not sent where an earlier try is in doubt", () => {
    const end = { state: "not_sent" as const, error: cause };
    expect(asSure(end, { inDoubt: true })).toEqual({ ...end, state: "unknown" });
    expect(asSure(end, {})).toBe(end);
    const stored = { state: "stored" as const, guid: "G" };
    expect(asSure(stored, { inDoubt: true })).toBe(stored);
    const again = { state: "retry" as const, dueAt: 1, error: cause };
    expect(asSure(again, { inDoubt: true })).toBe(again);
  });

  it("is news where the code or the words differ from the last time", () => {
    const outcome = (error: typeof cause | typeof lost) => ({ state: "unknown" as const, error });
    const earlier = (error?: typeof cause) => ({ error }) as never;
    expect(isNews(earlier(), outcome(cause))).toBe(true);
    expect(isNews(earlier(cause), outcome({ ...cause }))).toBe(false);
    expect(isNews(earlier(cause), outcome({ ...cause, message: "another" }))).toBe(true);
    expect(isNews(earlier(cause), outcome({ ...lost, message: cause.message }))).toBe(true);
  });

  it.each([
    ...["RECIPIENT_REFUSED", "PACED", "STOPPED", "UNANSWERED", "FIRST_MESSAGE", "EARLIER_PART_FAILED"],
    ...["FILE_MISSING", "FILE_TOO_LARGE"],
  ])("%s is a rule of ours", (code) => {
    expect(isOurRule(code)).toBe(true);
  });

  it.each(["EXPIRED", "CHILD_EXITED", "NOT_PACED", "PACED_BY_APPLE", "FILE_", ""])("%s is none", (code) => {
    expect(isOurRule(code)).toBe(false);
  });
});
