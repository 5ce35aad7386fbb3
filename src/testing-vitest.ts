/**
 * `tapback/testing/vitest`: the kit's matchers on vitest's `expect`, and a `test` that closes the worlds of its own.
 *
 * ```ts
 * import { expect, test } from "tapback/testing/vitest";
 *
 * test("it answers", async ({ messagesWorld }) => {
 *   const world = await messagesWorld({ agents: { main: ({ text }) => `You wrote: ${text}` } });
 *   const mia = world.person("+15550100123");
 *   mia.says("Hello");
 *   await world.settles();
 *   expect(mia).toReceive("You wrote: Hello");
 * });
 * ```
 */
import { test as base, expect } from "vitest";
import { type MessagesWorld, matchers, messagesWorld, type WorldMatchers } from "./testing/index.js";

declare module "vitest" {
  // biome-ignore lint/suspicious/noExplicitAny: it has to be declared as vitest declares it.
  interface Matchers<T = any> extends WorldMatchers<T> {}
}

expect.extend(matchers);

/** What a test of the kit is given. */
export interface WorldFixtures {
  /** Makes a world that is closed when the test is over. */
  messagesWorld: typeof messagesWorld;
}

/** Vitest's `test`, with what makes worlds. */
export const test = base.extend<WorldFixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads here that it needs nothing.
  messagesWorld: async ({}, use) => {
    const worlds: MessagesWorld[] = [];
    await use(async (options) => {
      const world = await messagesWorld(options);
      worlds.push(world);
      return world;
    });
    for (const world of worlds) await world.close();
  },
});

export { expect, test as it };
