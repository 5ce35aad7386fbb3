import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "vitest";
import type { JournalEntry } from "../../src/store/index.js";
import { openStore } from "../../src/store/index.js";
import { House } from "../faults/harness/house.js";

const listed = "+15550100001";
const stranger = "+15550100002";

/**
 * Flips the policy of a running gateway between two configurations while messages arrive, by writing the file in place
 * and by renaming, and checks that each message was judged by exactly one of them and that none was lost.
 */
export async function reloadUnderLoad(flips: number, messages: number): Promise<void> {
  const house = await new House().configure();
  try {
    const gateway = await house.start();
    const open = { dmPolicy: "open", allowFrom: ["*"] };
    const closed = { dmPolicy: "allowlist", allowFrom: [listed] };
    // An edit counts as finished after 150 ms of quiet; most flips get to hold.
    const pauseMs = 260;
    const perFlip = Math.ceil(messages / flips);
    for (let flip = 0; flip < flips; flip++) {
      await house.configure(flip % 2 === 0 ? closed : open);
      // Now and then an editor leaves half a file behind for a moment.
      if (flip % 10 === 5) writeFileSync(join(house.folder, "tapback.json5"), "{ channels: { imess");
      for (let index = 0; index < perFlip; index++) {
        const number = flip * perFlip + index;
        if (number < messages) house.mac.say(number % 2 === 0 ? listed : stranger, `message ${number}`);
      }
      // On a busy machine the next edit may come before the one before it counts as finished: one surely holds.
      if (flip === 0)
        await expect.poll(() => gateway.log, { timeout: 20_000 }).toContain("configuration changed");
      await pause(pauseMs);
    }
    await house.configure(open);
    const last = house.mac.say(stranger, "the last one");
    await house.settled("every message is judged", 120_000);
    await expect
      .poll(async () => (await entriesOf(house)).some((entry) => entry.row.guid === last), {
        timeout: 20_000,
      })
      .toBe(true);
    const entries = await entriesOf(house);
    expect(entries).toHaveLength(messages + 1);
    expect(entries.filter((entry) => !isJudgedByOne(entry)).map(({ decision }) => decision)).toEqual([]);
    expect(gateway.ending).toBeUndefined();
  } finally {
    await house.close();
  }
}

async function entriesOf(house: House): Promise<JournalEntry[]> {
  const store = openStore(join(house.stateDir, "state.db"));
  const entries = await store.journal.list({ limit: 100_000 });
  void store.close();
  return entries;
}

/** Under `open` everyone passes by "*"; under `allowlist` the listed one passes by name and the stranger does not. */
function isJudgedByOne({ decision, row }: JournalEntry): boolean {
  const detailOf = (gate: string) => decision?.gates.find((step) => step.gate === gate)?.detail ?? "";
  if (detailOf("dmPolicy").includes("open"))
    return decision?.kind === "dispatch" && detailOf("allowFrom").includes("Everyone");
  if (!detailOf("dmPolicy").includes("allowlist")) return false;
  if (row.sender === listed) return decision?.kind === "dispatch" && detailOf("allowFrom").includes("listed");
  return decision?.kind === "drop" && decision.reason === "dm_not_allowed";
}
