import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { Bench, row } from "../../test/contract/store/bench.js";
import { removeFolder } from "../../test/support/remove-folder.js";
import { chatOf } from "../../test/support/send-bench.js";
import type { Target } from "../conversation/index.js";
import { err, ok, TapbackError } from "../platform/index.js";
import { openStore } from "../store/index.js";
import { type QueuedSend, queueSend } from "./queue-send.js";

const stores = new Bench(openStore);
const folder = mkdtempSync(join(tmpdir(), "tapback-queue-send-"));
afterAll(() => removeFolder(folder));
const mia = "+15550100123";
const ben = "+15550100456";
const chat = (chatId: number): Target => ({ kind: "chat_id", chatId });
const to = (handle: string): Target => ({ kind: "handle", handle, service: "auto" });

/** A state without a gateway, in which Ben said STOP; Messages lists Mia as 7, Ben as 8 and their group as 9. */
async function queue() {
  const { store, claim } = await stores.claimed();
  const wrote = chatOf(8, ben);
  const [id] = await store.journal.admit(claim, [row(50, { chat: wrote, sender: ben })], "live", 1);
  await store.journal.decide(
    claim,
    id!,
    { kind: "command", name: "opt-out", isOwner: false, gates: [], treatedAs: "direct" },
    1,
  );
  await store.journal.complete(claim, id!, { replies: [], optOut: { handle: ben, value: true } }, 1);
  let listed = 0;
  const add = (send: Partial<QueuedSend>) =>
    queueSend(
      store,
      { account: "default", target: to(mia), media: [], ...send },
      {
        ...{ region: "US", textChunkLimit: 4000, chunkMode: "length" },
        chats: async () => {
          listed++;
          return [chatOf(7, mia), chatOf(10, ben, "SMS")];
        },
        files: {
          check: async (path) =>
            path.startsWith(folder) ? ok(path) : err(new TapbackError("FILE_REFUSED", "elsewhere")),
          folder: join(folder, "out"),
          maxMb: 1,
        },
      },
      2000,
    );
  const items = async () => (await store.outbox.list({ limit: 99 })).reverse();
  return { add, items, listed: () => listed, store, claim };
}

it("puts a person's text and then each file into the outbox, in their order", async () => {
  const { add, items } = await queue();
  const paths = ["one.txt", "two.txt"].map((name) => join(folder, name));
  for (const path of paths) writeFileSync(path, path);
  const ids = await add({ text: "**hello**", media: paths });
  const found = await items();
  expect(found.map(({ id }) => id)).toEqual(ids);
  for (const each of found)
    expect(each).toMatchObject({
      ...{ account: "default", target: to(mia), chatKey: `handle:${mia}` },
      ...{ origin: "person", state: "pending", createdAt: 2000 },
    });
  expect(found[0]).toMatchObject({ text: "hello", runs: [{ start: 0, length: 5, styles: ["bold"] }] });
  expect(found[0]!.file).toBeUndefined();
  expect(found.slice(1).map(({ file }) => readFileSync(file!, "utf8"))).toEqual(paths);
  // A copy goes, as the file is now.
  expect(found[1]!.file).not.toBe(paths[0]);
});

it("sends no part after one that could not go, and what was sent beside it as ever", async () => {
  const { add, items, store, claim } = await queue();
  const path = join(folder, "caption.txt");
  writeFileSync(path, "x");
  await add({ text: "look", media: [path] });
  await add({ text: "another" });
  const [taken] = await store.outbox.take(claim, 1, 2000);
  const error = { code: "CHAT_NOT_FOUND" as const, message: "no" };
  await store.outbox.settle(taken!.claim, { state: "not_sent", error }, 2000);
  expect((await items()).map(({ state, error }) => [state, error?.code])).toEqual([
    ["not_sent", "CHAT_NOT_FOUND"],
    ["not_sent", "EARLIER_PART_FAILED"],
    ["pending", undefined],
  ]);
});

it("takes files alone, and twenty at most", async () => {
  const { add, items } = await queue();
  const path = join(folder, "photo.txt");
  writeFileSync(path, "x");
  expect(await add({ media: Array.from({ length: 20 }, () => path) })).toHaveLength(20);
  await expect(add({ text: "a", media: Array.from({ length: 21 }, () => path) })).rejects.toMatchObject({
    code: "ACTION_PARAMETERS",
  });
  expect(await items()).toHaveLength(20);
});

it("puts nothing there where a file cannot go", async () => {
  const { add, items } = await queue();
  await expect(add({ text: "a", media: ["/etc/passwd"] })).rejects.toMatchObject({ code: "FILE_REFUSED" });
  expect(await items()).toEqual([]);
});

it("writes to nobody who said STOP, or may be who did", async () => {
  const { add, items, listed } = await queue();
  for (const target of [to(ben), chat(8)])
    await expect(add({ target, text: "a" }), JSON.stringify(target)).rejects.toMatchObject({
      code: "RECIPIENT_REFUSED",
      hint: undefined,
    });
  expect(listed()).toBe(0);
  // A chat in which nobody wrote yet: Messages tells whose it is.
  await expect(add({ target: chat(10), text: "a" })).rejects.toMatchObject({ code: "RECIPIENT_REFUSED" });
  await expect(add({ target: chat(99), text: "a" })).rejects.toMatchObject({
    code: "RECIPIENT_REFUSED",
    hint: expect.stringContaining("--target"),
  });
  expect(listed()).toBe(2);
  expect(await items()).toEqual([]);
  expect(await add({ target: chat(7), text: "a" })).toHaveLength(1);
  expect(await add({ target: to(mia), text: "b" })).toHaveLength(1);
});
