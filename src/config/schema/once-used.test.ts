import { expect, it } from "vitest";
import * as z from "zod";
import { judge } from "./config.js";
import { about, onceUsed } from "./fields.js";
import { keysOf, metaOf } from "./walk.js";

it("makes a part of the schema when a value for it comes, not for the block around it", () => {
  let made = 0;
  const part = onceUsed(() => {
    made += 1;
    return z.strictObject({ a: z.int() });
  });
  const block = z.strictObject({
    one: part.optional().apply(about, "one of them"),
    list: z.array(part).default([]),
    byName: z.record(z.string(), part).default({}),
    other: z.string().default("as ever"),
  });
  expect(block.safeParse({}, { jitless: true }).data).toEqual({ list: [], byName: {}, other: "as ever" });
  expect(made).toBe(0);
  expect(block.safeParse({ one: { a: 1 }, list: [{ a: 2 }] }, { jitless: true }).success).toBe(true);
  expect(made).toBe(1);
  expect(block.safeParse({ byName: { x: { b: 1 } } }, { jitless: true }).success).toBe(false);
  expect(keysOf(block.shape.one)).toEqual(["a"]);
  expect(metaOf(block.shape.one)).toEqual({ description: "one of them" });
});

it("holds a file to parts that are made late as to all others", () => {
  expect(judge({ channels: { imessage: { catchup: { maxAgeMinutes: 60 } } } }).success).toBe(true);
  for (const wrong of [
    { channels: { imessage: { catchup: { maxAge: 60 } } } },
    { channels: { imessage: { groups: { "42": { requireMention: "no" } } } } },
    { agents: { list: [{ id: "main", runtime: { type: "nobody" } }] } },
    { bindings: [{}] },
    { voice: { speak: {} } },
  ])
    expect(judge(wrong).success, JSON.stringify(wrong)).toBe(false);
});
