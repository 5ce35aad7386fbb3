import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { fakeMessage, fakeTurn } from "../../../test/support/agent-turn.js";
import { RecentPictures } from "./recent-pictures.js";
import { userMessage } from "./user-message.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tapback-pictures-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function picture(name: string, bytes = 10) {
  const path = join(folder, name);
  writeFileSync(path, Buffer.alloc(bytes, name));
  return { path, name, mimeType: "image/png", bytes };
}

/** What the model is given: its pictures by their first byte, and what it is told of them. */
async function seen(recent: RecentPictures, text: string, ...attachments: ReturnType<typeof picture>[]) {
  const { envelope } = fakeTurn(text, { envelope: { messages: [fakeMessage(text, { attachments })] } });
  const { full, kept } = await userMessage(envelope, true, recent);
  expect(JSON.stringify(kept)).not.toContain("data");
  const content = full.content as { type: string; text?: string; data?: Uint8Array }[];
  return {
    pictures: content.flatMap(({ data }) => (data ? [String.fromCharCode(data[0]!)] : [])),
    told: content.slice(1).flatMap(({ text: words }) => words ?? []),
  };
}

it("keeps recent pictures in view, and says which are not", async () => {
  const recent = new RecentPictures();
  expect(await seen(recent, "look", picture("a.png"))).toEqual({ pictures: ["a"], told: [] });
  rmSync(join(folder, "a.png"));
  expect(await seen(recent, "what is on it?")).toEqual({
    pictures: ["a"],
    told: ['[The first 1 of these pictures came with earlier messages: "a.png".]'],
  });
  await seen(recent, "more", picture("b.png"), picture("c.png"), picture("d.png"));
  expect(await seen(recent, "and", picture("e.png"))).toEqual({
    pictures: ["b", "c", "d", "e"],
    told: [
      '[The first 3 of these pictures came with earlier messages: "b.png", "c.png", "d.png". 1 older picture is not in view any more.]',
    ],
  });
  for (let turn = 0; turn < 6; turn++) await seen(recent, "hm");
  expect((await seen(recent, "hm")).pictures).toEqual([]);
});

it("keeps no more bytes than it may, and forgets a session", async () => {
  const recent = new RecentPictures();
  for (const name of ["a.png", "b.png", "c.png"]) await seen(recent, "look", picture(name, 3_400_000));
  expect((await seen(recent, "all?")).pictures).toEqual(["b", "c"]);
  recent.forget("agent:main:main");
  expect((await seen(recent, "all?")).pictures).toEqual([]);
});

it("has the pictures of a turn that runs again once", async () => {
  const recent = new RecentPictures();
  const { envelope } = fakeTurn("look", {
    envelope: { messages: [fakeMessage("look", { attachments: [picture("a.png")] })] },
  });
  await userMessage(envelope, true, recent);
  const { full } = await userMessage(envelope, true, recent);
  expect(full.content).toHaveLength(2);
});
