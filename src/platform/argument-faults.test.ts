import { describe, expect, it } from "vitest";
import * as z from "zod";
import { argumentFaults } from "./argument-faults.js";

const schema = z.object({
  do: z.enum(["add", "list"]).optional(),
  limit: z.coerce.number().int().min(1).max(100).optional(),
  text: z.string().trim().min(1).max(5).optional(),
  names: z.union([z.array(z.string().min(1)).min(2), z.string()]).optional(),
  id: z.union([z.string(), z.number()]).optional(),
  asVoice: z.union([z.boolean(), z.stringbool()]).optional(),
});

function say(given: unknown, by: z.ZodType = schema): string[] {
  const { error } = by.safeParse(given);
  return argumentFaults(error?.issues ?? [], given).map(({ sentence }) => sentence);
}

describe("what is wrong with arguments", () => {
  it.each<[unknown, string]>([
    ["x", 'the arguments must be an object, not "x"'],
    [null, "the arguments must be an object, not null"],
    [{ do: "ad" }, '"do" must be "add" or "list", not "ad"'],
    [{ limit: "ten" }, '"limit" must be a number, not "ten"'],
    [{ limit: 1.5 }, '"limit" must be a whole number, not 1.5'],
    [{ limit: 0 }, '"limit" must be at least 1, not 0'],
    [{ limit: 500 }, '"limit" must be at most 100, not 500'],
    [{ text: "  " }, '"text" must be text that is not empty, not "  "'],
    [{ text: "long enough" }, '"text" must be at most 5 characters long, not "long enough"'],
    [{ names: ["a", 3] }, '"names.1" must be text, not 3'],
    [{ names: ["a"] }, '"names" must be at least 2 entries long, not this list'],
    [{ id: {} }, '"id" must be text or a number, not an object'],
    [{ asVoice: "maybe" }, '"asVoice" must be true or false, not "maybe"'],
  ])("%j: %s", (given, sentence) => {
    expect(say(given)).toEqual([sentence]);
  });

  it("says it of each, and of those that are missing", () => {
    const two = z.object({ action: z.enum(["react"]), messageId: z.string() });
    expect(say({ messageId: 4 }, two)).toEqual([
      '"action" must be "react", and is missing',
      '"messageId" must be text, not 4',
    ]);
  });

  it("names what a field that tells events apart may be", () => {
    const events = z.discriminatedUnion("type", [
      z.object({ type: z.literal("text") }),
      z.object({ type: z.literal("end") }),
    ]);
    expect(say({}, events)).toEqual(['"type" must be "text" or "end", and is missing']);
  });

  it("names the whole as its reader knows it", () => {
    const { error } = schema.safeParse(4);
    expect(argumentFaults(error!.issues, 4, "the event")[0]!.sentence).toBe(
      "the event must be an object, not 4",
    );
  });

  it("does not repeat a long value whole", () => {
    expect(say({ limit: "x".repeat(5000) })[0]!.length).toBeLessThan(100);
  });
});
