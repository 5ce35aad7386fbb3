import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { openExistingStore } from "../../src/store/index.js";
import type { MessagesWorld } from "../../src/testing/index.js";
import { closeWorlds, recordingWorld, textsTo } from "../support/recording-world.js";

const mia = "+15550100123";

afterEach(closeWorlds);

/** What the state has of the only message, whatever was told of it before. */
async function kept({ stateDir }: MessagesWorld) {
  const store = openExistingStore(join(stateDir, "state.db"))!;
  try {
    const entry = (await store.journal.get(1))!;
    const turn = await store.turns.get(entry.turnId!);
    return { all: JSON.stringify([entry, turn]), entry, turn };
  } finally {
    await store.close();
  }
}

it("forgets what people wrote soon after a start, and keeps what was decided", async () => {
  const { world } = await recordingWorld({ allowFrom: [mia] }, { gateway: { retentionDays: 0 } });
  world.person(mia).says("the secret word");
  await world.settles();
  expect(textsTo(world.person(mia))).toHaveLength(1);
  await world.stops();
  expect((await kept(world)).all).toContain("the secret word");
  await world.starts();
  await world.passes({ seconds: 65 });
  const { all, entry, turn } = await kept(world);
  expect(all).not.toContain("the secret word");
  expect(entry).toMatchObject({ decision: { kind: "dispatch" }, row: { sender: mia } });
  expect(turn?.state).toBe("done");
});
