import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Decision, type Reason, reasons } from "../../src/conversation/index.js";
import { Place } from "../support/refusal-place.js";
import { type Change, changes, type Refusing, refusals } from "../support/refusals.js";

interface Told {
  decision: string;
  reason: string;
  remedy: string;
  key: string | null;
  steps: { gate: string; passed: boolean }[];
}

const place = new Place();
const table = Object.entries(refusals) as [Reason, Refusing][];
const seen = new Set<string>();
/** What takes its time to be refused. */
const late = new Map<Reason, string>();

beforeAll(async () => {
  place.configure();
  await place.start();
  for (const [reason, { come, when }] of table) if (when === "first") late.set(reason, await come(place));
});
afterAll(() => place.close());

/** The row's reason, once it has come to it, as `tapback explain` tells it: it prints what the journal keeps of the decision. */
async function explained(reason: Reason, guid: string): Promise<Told> {
  await place.decided(guid);
  await place.lab.until(async () => (await place.reasonOf(guid)) === reason, 15_000).catch(() => {});
  expect(await place.reasonOf(guid)).toBe(reason);
  const told = toldOf((await place.decided(guid)).decision!);
  expect(told.reason).toBe(reason);
  expect(["drop", "context", "pairing"]).toContain(told.decision);
  expect(told.remedy).toMatch(/^[A-Z].*\.$/);
  expect(told.steps.at(-1)).toMatchObject({ passed: false });
  seen.add(reason);
  return told;
}

function toldOf(decision: Decision): Told {
  if (decision.kind === "dispatch" || decision.kind === "command") throw new Error("it was not refused");
  const { kind, reason, remedy, gates } = decision;
  return {
    decision: kind,
    reason,
    remedy,
    key: ("key" in decision ? decision.key : undefined) ?? null,
    steps: gates,
  };
}

describe("a refusal", { timeout: 120_000 }, () => {
  const fixed = table.filter(([, { by, when }]) => !by && !when);
  /** They play several turns each. */
  const slow: Reason[] = ["loop_guard", "edited", "taken_back"];
  const fixedTitle = "that no key changes is explained with what to do instead: %s";
  const isExplained = async (reason: Reason, { come, remedy }: Refusing) => {
    const guid = await come(place);
    expect((await explained(reason, guid)).key).toBeNull();
    await remedy?.(place, guid);
  };
  it.each(fixed.filter(([reason]) => !slow.includes(reason)))(fixedTitle, isExplained);
  it.each(fixed.filter(([reason]) => slow.includes(reason)))(fixedTitle, { tags: ["long"] }, isExplained);

  const title = "is explained with the key that changes it, and that key alone changes it: %s";
  const isChanged = async (name: keyof typeof changes, { given, key, value }: Change) => {
    const rows = table.filter(([, { by }]) => by === name);
    expect(rows).not.toEqual([]);
    if (given) await place.change(...given);
    const guids: [Reason, string][] = [];
    for (const [reason, { come }] of rows) {
      const guid = await come(place);
      await place.decided(guid);
      guids.push([reason, guid]);
    }
    const told = await Promise.all(guids.map(([reason, guid]) => explained(reason, guid)));
    expect(told.map((one) => one.key)).toEqual(rows.map(() => key(place)));
    await place.change(key(place), value(place));
    for (const [reason, { come, becomes = "dispatch" }] of rows) {
      const { decision } = await place.decided(await come(place));
      expect([reason, decision?.kind]).toEqual([reason, becomes]);
      expect(decision).not.toMatchObject({ reason });
    }
  };
  const keys = Object.entries(changes) as [keyof typeof changes, Change][];
  /** What came while the gateway was down: each look costs it some starts. */
  const offline = keys.filter(([name]) => name === "catchup" || name === "perRunLimit");
  const online = keys.filter((one) => !offline.includes(one));
  it.each(online.slice(0, 6))(title, isChanged);
  it.each([...online.slice(6), ...offline])(title, { tags: ["long"] }, isChanged);

  it("that comes late, or with a newer build, is explained as well", { tags: ["long"] }, async () => {
    for (const [reason, { come, when }] of table) if (when === "last") late.set(reason, await come(place));
    for (const [reason, guid] of late) {
      const told = await explained(reason, guid);
      expect(told.key).toBeNull();
      const { code, stdout } = await place.lab.run("explain", guid, "--json");
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject(told);
    }
    expect([...seen].sort()).toEqual([...reasons].sort());
  });
});
