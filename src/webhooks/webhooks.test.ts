import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { drop, item, row } from "../../test/contract/store/bench.js";
import { FakeClock } from "../../test/support/fake-clock.js";
import { parseConfig, type WebhookConfig } from "../config/index.js";
import { type Claim, openStore, type Store } from "../store/index.js";
import { hookStates } from "./hook-state.js";
import { readerOf } from "./reader.js";
import { Webhooks } from "./webhooks.js";

const folder = mkdtempSync(join(tmpdir(), "tapback-webhooks-"));
const weekMs = 7 * 24 * 3600_000;
const parsed = await parseConfig("{}");
if (!parsed.ok) throw new Error("the empty configuration is refused");
const { config } = parsed.value;
let place = 0;
let store: Store;
let claim: Claim;
let clock: FakeClock;
let owners: string[];
let logged: unknown[];
let webhooks: Webhooks;
const closing: (() => void)[] = [];

function serving(): Webhooks {
  const note = (message: string, fields?: object) => void logged.push([message, fields]);
  const log = { debug: note, info: note, warn: note, error: note };
  const tellOwners = (text: string) => void owners.push(text);
  const direct = store.events;
  return new Webhooks({ store, direct, config: () => config, clock, log, random: () => 0.5, tellOwners });
}

beforeEach(async () => {
  clock = new FakeClock();
  store = openStore(join(folder, `${place++}.db`));
  ({ claim } = await store.accounts.claim("default", "node-1"));
  owners = [];
  logged = [];
  webhooks = serving();
});
afterEach(async () => {
  await webhooks.stop();
  await store.close();
  for (const close of closing.splice(0)) close();
});
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));

/** A receiver that answers as it is told, and what it was posted. */
async function receiver() {
  const posted: { rowId: unknown; type: string; id: string; text: unknown }[] = [];
  const asked: { authorization?: string } = {};
  const answer = { status: 200, refuses: "", held: Promise.resolve() };
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece) => {
      body += piece;
    });
    request.on("end", async () => {
      const { type, data } = JSON.parse(body);
      Object.assign(asked, { authorization: request.headers.authorization });
      posted.push({
        ...{ rowId: data.rowId, type, text: data.text },
        id: String(request.headers["webhook-id"]),
      });
      await answer.held;
      response.writeHead(type === answer.refuses ? 500 : answer.status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const hook: WebhookConfig = {
    url,
    secret: `whsec_${"A".repeat(32)}`,
    formerSecrets: [],
    events: ["message"],
  };
  return { hook, posted, asked, answer, rows: () => posted.map(({ rowId }) => rowId) };
}

const comes = (rowId: number) => store.journal.admit(claim, [row(rowId)], "live", clock.now());
const soon = (holds: () => void) => vi.waitFor(holds, { timeout: 10_000, interval: 5 });
const memoryOf = async (hook: WebhookConfig) =>
  (await store.events.readers()).find(({ name }) => name === readerOf(hook.url))?.memory;

it("tries one that is dead after growing pauses, tells owners once, and lets it hold up no other", async () => {
  const [dead, well] = await Promise.all([receiver(), receiver()]);
  dead.answer.status = 500;
  await comes(1);
  await webhooks.serve([dead.hook, well.hook]);
  await comes(2);
  await soon(() => expect([dead.rows(), well.rows()]).toEqual([[2], [2]]));
  await comes(3);
  await soon(() => expect(well.rows()).toEqual([2, 3]));
  for (const [index, seconds] of [1, 5, 30, 120, 600].entries()) {
    const nextTryAt = clock.now() + seconds * 1000;
    await soon(async () => expect(await memoryOf(dead.hook)).toMatchObject({ nextTryAt }));
    // Until the pause is over it is left alone.
    await clock.advance(seconds * 1000 - 10);
    expect(dead.posted).toHaveLength(index + 1);
    await clock.advance(10);
    await soon(() => expect(dead.posted).toHaveLength(index + 2));
  }
  await soon(() => expect(owners).toHaveLength(1));
  expect(owners[0]).toMatch(
    /^The webhook 127\.0\.0\.1:\d+ takes nothing: it answered 500\. It is tried again/,
  );
  await soon(async () =>
    expect(await memoryOf(dead.hook)).toMatchObject({ why: "it answered 500", told: true }),
  );
  // Another gateway begins at once, where it was, and owners know of it.
  await webhooks.stop();
  webhooks = serving();
  await webhooks.serve([dead.hook, well.hook]);
  await soon(() => expect(dead.posted).toHaveLength(7));
  expect(new Set(dead.posted.map(({ id }) => id)).size).toBe(1);
  const nextTryAt = clock.now() + 1000;
  await soon(async () => expect(await memoryOf(dead.hook)).toMatchObject({ nextTryAt, told: true }));
  dead.answer.status = 200;
  await clock.advance(1000);
  await soon(() => expect(dead.rows().slice(-2)).toEqual([2, 3]));
  await soon(async () => expect(await memoryOf(dead.hook)).toEqual({}));
  expect(owners).toHaveLength(1);
});

it("keeps the place of one that was removed for a week, and begins a new one at now", async () => {
  const [stays, goes] = await Promise.all([receiver(), receiver()]);
  await webhooks.serve([stays.hook, goes.hook]);
  await webhooks.serve([stays.hook]);
  await comes(1);
  await soon(() => expect(stays.rows()).toEqual([1]));
  await clock.advance(weekMs - 1000);
  await webhooks.serve([stays.hook, goes.hook]);
  await soon(() => expect(goes.rows()).toEqual([1]));
  await webhooks.serve([stays.hook]);
  await comes(2);
  await clock.advance(weekMs + 24 * 3600_000);
  await soon(async () => expect(await memoryOf(goes.hook)).toBeUndefined());
  await webhooks.serve([stays.hook, goes.hook]);
  await comes(3);
  await soon(() =>
    expect([stays.rows(), goes.rows()]).toEqual([
      [1, 2, 3],
      [1, 3],
    ]),
  );
});

it("tries one that is told again at once, and leaves others and their pauses alone", async () => {
  const [back, dead] = await Promise.all([receiver(), receiver()]);
  back.answer.status = dead.answer.status = 500;
  await webhooks.serve([back.hook, dead.hook]);
  await comes(1);
  const isTried = (count: number, nextMs: number) =>
    soon(async () => {
      expect([back.posted.length, dead.posted.length]).toEqual([count, Math.min(count, 5)]);
      const nextTryAt = clock.now() + nextMs;
      expect(await memoryOf(back.hook)).toMatchObject({ nextTryAt });
      if (count <= 5) expect(await memoryOf(dead.hook)).toMatchObject({ nextTryAt });
    });
  for (const [index, seconds] of [1, 5, 30, 120, 600].entries()) {
    await isTried(index + 1, seconds * 1000);
    if (seconds < 600) await clock.advance(seconds * 1000);
  }
  // What happens meanwhile shortens no pause.
  await comes(2);
  expect((await webhooks.states()).map(({ behind }) => behind)).toEqual([2, 2]);
  await clock.advance(1000);
  expect([back.posted.length, dead.posted.length]).toEqual([5, 5]);
  const again = async () => store.events.advance(readerOf(back.hook.url), await store.events.cursorAt(0), {});
  await again();
  await isTried(6, 1000);
  // Also where that comes while a try is under way.
  let goOn = () => {};
  back.answer.held = new Promise((resolve) => {
    goOn = resolve;
  });
  await clock.advance(1000);
  await soon(() => expect(back.posted).toHaveLength(7));
  await again();
  goOn();
  await isTried(8, 1000);
  back.answer.status = 200;
  await again();
  await soon(() => expect(back.rows()).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 2]));
  await soon(async () => expect(await memoryOf(back.hook)).toEqual({}));
  expect(dead.posted).toHaveLength(5);
  dead.answer.status = 200;
  await clock.advance(597_999);
  expect(dead.posted).toHaveLength(5);
  await clock.advance(1);
  await soon(() => expect(dead.rows()).toEqual([1, 1, 1, 1, 1, 1, 2]));
});

it("says how many events one is behind, and counts no ids that none has", async () => {
  const [one, other] = await Promise.all([receiver(), receiver()]);
  const hooks = [one.hook, other.hook];
  const { cursor } = await store.events.follow(readerOf(one.hook.url), clock.now());
  await comes(1);
  await store.events.unfollow(readerOf(one.hook.url));
  await comes(2);
  // The next one that reads leaves ids out.
  for (const { url } of hooks) await store.events.follow(readerOf(url), clock.now());
  await store.events.advance(readerOf(one.hook.url), cursor);
  await comes(3);
  expect((await hookStates(hooks, store.events)).map(({ behind }) => behind)).toEqual([2, 1]);
});

it("tells a gap, ends at 410, and leaves out what is of no chat that it names", async () => {
  const [late, gone, some] = await Promise.all([receiver(), receiver(), receiver()]);
  gone.answer.status = 410;
  await webhooks.serve([late.hook]);
  await webhooks.serve([]);
  for (const rowId of [1, 2]) await comes(rowId);
  await clock.advance(1000);
  await comes(3);
  await store.events.forget(clock.now());
  const chosen = { ...some.hook, events: ["message" as const, "sent" as const], chats: ["chat_id:9"] };
  await webhooks.serve([late.hook, gone.hook, chosen]);
  await soon(() => expect(late.posted.map(({ type }) => type)).toEqual(["gap", "message"]));
  await comes(4);
  await soon(() => expect(owners.join()).toContain("is gone (410). It is told nothing any more."));
  for (const chatId of [8, 9]) {
    await store.outbox.add("default", item(`to ${chatId}`, chatId), clock.now());
    const [taken] = await store.outbox.take(claim, 1, clock.now());
    await store.outbox.settle(taken!.claim, { state: "stored" }, clock.now());
  }
  await comes(5);
  await soon(() => expect(late.rows().slice(-1)).toEqual([5]));
  await soon(() => expect(some.posted.map(({ type }) => type)).toEqual(["sent"]));
  expect(gone.rows()).toEqual([4]);
});

it("gives a receiver the name and password of its address, and tells them to nobody else", async () => {
  const [named, other] = await Promise.all([receiver(), receiver()]);
  const hookOf = ({ hook }: typeof named, url = hook.url) => ({
    ...hook,
    url: url.replace("//", "//ann:s3cret@"),
  });
  // It listens nowhere any more, and has no port that may be asked.
  const [dead, wrong] = [await receiver(), await receiver()];
  closing.pop()!();
  closing.pop()!();
  const lost = [hookOf(dead), hookOf(wrong, "http://127.0.0.1:6000/")];
  await webhooks.serve([hookOf(named), other.hook, ...lost]);
  await comes(1);
  await soon(() => expect([named.rows(), other.rows()]).toEqual([[1], [1]]));
  expect(named.asked).toEqual({
    authorization: `Basic ${Buffer.from("ann:s3cret").toString("base64")}`,
  });
  expect(other.asked.authorization).toBeUndefined();
  const whys = () => Promise.all(lost.map(async (hook) => (await memoryOf(hook)) as { why?: string }));
  await soon(async () =>
    expect((await whys()).map(({ why }) => why)).toEqual(["ECONNREFUSED", "it could not be asked"]),
  );
  for (const seconds of [1, 5, 30, 120]) {
    await clock.advance(seconds * 1000);
    const nextTryAt = expect.any(Number);
    await soon(async () => expect(await whys()).toMatchObject([{ nextTryAt }, { nextTryAt }]));
  }
  await soon(() => expect(owners).toHaveLength(2));
  expect(JSON.stringify([owners, logged, await webhooks.states(), await store.events.readers()])).not.toMatch(
    /s3cret|ann:/,
  );
});

it("tells nothing that was forgotten while it waited, and a gap once", async () => {
  const [dead, well] = await Promise.all([receiver(), receiver()]);
  dead.answer.status = 500;
  await webhooks.serve([dead.hook, well.hook]);
  const isDropped = async (rowId: number) => {
    const [id] = await comes(rowId);
    await store.journal.decide(claim, id!, drop, clock.now());
  };
  await isDropped(1);
  await waits();
  await clock.advance(10);
  const second = clock.now();
  await isDropped(2);
  await soon(() => expect(well.posted.map(({ text }) => text)).toEqual(["text 1", "text 2"]));
  expect(dead.posted).toMatchObject([{ rowId: 1, text: "text 1" }]);
  // Its words go first, then the event itself.
  await store.journal.forget(second);
  await isTriedAgain();
  expect(dead.posted[1]).toMatchObject({ rowId: 1, text: "", id: dead.posted[0]!.id });
  await store.events.forget(second);
  await isTriedAgain();
  dead.answer.status = 200;
  await isTriedAgain();
  await soon(() =>
    expect(dead.posted.slice(2)).toMatchObject([
      { type: "gap" },
      { type: "gap", id: dead.posted[2]!.id },
      { rowId: 2, text: "text 2" },
    ]),
  );

  // One that was taken is not told again with what waits behind it.
  dead.answer.status = 500;
  await comes(3);
  await waits();
  await clock.advance(10);
  await comes(4);
  await store.events.forget(clock.now());
  dead.answer.refuses = "message";
  dead.answer.status = 200;
  await isTriedAgain();
  await isTriedAgain();
  dead.answer.refuses = "";
  await isTriedAgain();
  const types = () => dead.posted.slice(6).map(({ type, rowId }) => `${type} ${rowId ?? ""}`);
  await soon(() => expect(types()).toEqual(["gap ", "message 4", "message 4", "message 4"]));
  await soon(() => expect(well.rows()).toEqual([1, 2, 3, 4]));

  // Where nothing is left behind it, the gap itself says that events are taken again.
  dead.answer.status = 500;
  await comes(5);
  await waits();
  await clock.advance(10);
  await store.events.forget(clock.now());
  dead.answer.status = 200;
  await isTriedAgain();
  await soon(async () => expect(await memoryOf(dead.hook)).toEqual({}));

  /** Until it is tried again. */
  async function waits(): Promise<number> {
    let at = 0;
    await soon(async () => {
      at = ((await memoryOf(dead.hook)) as { nextTryAt?: number }).nextTryAt ?? 0;
      expect(at).toBeGreaterThan(clock.now());
    });
    return at;
  }
  async function isTriedAgain() {
    const at = await waits();
    const before = dead.posted.length;
    await clock.advance(at - clock.now());
    await soon(() => expect(dead.posted.length).toBeGreaterThan(before));
  }
});
