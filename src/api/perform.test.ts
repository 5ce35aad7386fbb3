import { expect, it } from "vitest";
import * as z from "zod";
import { TapbackError } from "../platform/index.js";
import type { ApiDeps } from "./deps.js";
import { type Asker, perform } from "./perform.js";
import { type AnyRoute, route } from "./route.js";

const asker = { by: "token shop" } as Asker;

/** Performs a request over a disk that is told when it is asked. */
async function performs(method: AnyRoute["method"], disk: () => Promise<void>) {
  const happened: string[] = [];
  const row = route({
    ...{ id: "look", method, path: "/look", summary: "", scope: "read" as const },
    result: z.object({ cursor: z.number() }),
    async handle() {
      happened.push("handled");
      return { cursor: 7 };
    },
  } as unknown as Parameters<typeof route>[0]);
  const toDisk = () => {
    happened.push("to the disk");
    return disk();
  };
  const api = { store: { toDisk }, log: { info: () => happened.push("logged") } } as unknown as ApiDeps;
  const given = { path: {}, query: {}, headers: {}, body: () => undefined };
  const answer = await perform(row, given, asker, api).catch((error) => error);
  return { answer, happened };
}

const full = () => Promise.reject(new TapbackError("STORE_FULL", "no room"));

it("answers once the disk has what the answer is made of", async () => {
  expect(await performs("get", async () => {})).toEqual({
    answer: { cursor: 7 },
    happened: ["handled", "to the disk"],
  });
  expect((await performs("post", async () => {})).happened).toEqual(["handled", "to the disk", "logged"]);
});

it("lets people read while the disk is full, and tells nobody that something was done", async () => {
  expect((await performs("get", full)).answer).toEqual({ cursor: 7 });
  const refused = await performs("post", full);
  expect(refused.answer).toMatchObject({ code: "STORE_FULL" });
  expect(refused.happened).not.toContain("logged");
});
