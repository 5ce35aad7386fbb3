import { expect, it } from "vitest";
import { type TurnLab, turnLabs } from "../../../test/support/turn-lab.js";
import { parseConfig } from "../../config/index.js";
import { TapbackError } from "../../platform/index.js";
import type { TurnAccounts } from "../accounts.js";
import type { TurnParts } from "../running/parts.js";
import { People } from "./people.js";
import { TurnAllowance } from "./turn-allowance.js";

const open = turnLabs();
const guest = "+15550100123";

/** A runner that asks what is left to people, with an agent whose turns take so many tokens each. */
async function house(
  limits: object,
  tokens?: number,
  preparation?: Partial<TurnParts["preparation"]>,
): Promise<TurnLab> {
  const parsed = await parseConfig(
    JSON.stringify({ accessGroups: { few: { members: [guest], ...limits } } }),
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const people = new People(parsed.value.config, "US");
  const accounts = {
    peopleOf: () => people,
    settingsOf: () => ({ region: "US" }),
  } as unknown as TurnAccounts;
  const allowance = (): TurnAllowance =>
    new TurnAllowance({
      ...{ store: lab.store, clock: lab.clock, log: lab.log, accounts },
      owners: async () => ["+15550100999", guest],
    });
  const lab: TurnLab = open({
    agent: async function* (turn) {
      if (turn.envelope.turnId === "detaches") throw new TapbackError("AGENT_DETACHED", "gone");
      if (tokens !== undefined)
        yield { type: "usage", model: "m", inputTokens: tokens, outputTokens: 0, cachedInputTokens: 0 };
      yield { type: "text", text: `answer to ${turn.envelope.text}` };
    },
    parts: {
      ...(preparation && {
        preparation: {
          refresh: async ({ envelope }) => envelope,
          ready: async ({ envelope }) => ({ envelope, notes: [] }),
          ...preparation,
        },
      }),
      limits: {
        maxConcurrent: () => 9,
        timeoutMs: async () => 600_000,
        admit: (turn, claim) => allowance().admit(turn, claim),
      },
    },
  });
  lab.runner.start();
  return lab;
}

const told = async ({ store }: TurnLab) =>
  (await store.outbox.list({ limit: 99 }))
    .filter(({ origin }) => origin !== "turn")
    .map(({ origin, text }) => [origin, text]);
const over = (lab: TurnLab, ...ids: string[]) =>
  lab.until(async () =>
    (await lab.states(...ids)).every((state) => state !== "queued" && state !== "running"),
  );

it("begins turns until the day is over in the machine's zone, and tells each owner but the person", async () => {
  const lab = await house({ turnsPerDay: 1 });
  for (const [index, id] of ["t1", "t2", "t3"].entries()) await lab.queue(id, { session: `s${index}` });
  await over(lab, "t1", "t2", "t3");
  expect((await lab.states("t1", "t2", "t3")).sort()).toEqual(["cancelled", "cancelled", "done"]);
  expect(await told(lab)).toEqual([
    ["owner-notice", expect.stringMatching(/^\+15550100123 has had 1 of 1 turns of today/)],
    ["command", expect.stringMatching(/^That is all/)],
  ]);
  const midnight = new Date(lab.clock.now());
  midnight.setHours(24, 0, 0, 0);
  await lab.clock.advance(midnight.getTime() - lab.clock.now() - 1);
  await lab.queue("t4");
  await over(lab, "t4");
  await lab.clock.advance(1);
  await lab.queue("t5");
  await over(lab, "t5");
  expect(await lab.states("t4", "t5")).toEqual(["cancelled", "done"]);
});

it("lets no turns side by side take more than the tokens that one of them may", async () => {
  const lab = await house({ tokensPerDay: 100 }, 60);
  const ids = ["t1", "t2", "t3", "t4"];
  for (const [index, id] of ids.entries()) await lab.queue(id, { session: `s${index}` });
  await over(lab, ...ids);
  expect((await lab.states(...ids)).sort()).toEqual(["cancelled", "cancelled", "done", "done"]);
  expect((await told(lab))[0]![1]).toContain("120 of 100 tokens");
});

it.each([
  ["whose message was taken back", undefined, "cancelled"],
  ["that was stopped meanwhile", "cancel", "cancelled"],
  ["that nothing could be made ready for", "fail", "failed"],
] as const)("takes no day for a turn %s before its agent was asked", async (_, how, outcome) => {
  const lab: TurnLab = await house({ tokensPerDay: 100 }, undefined, {
    refresh: async ({ id, envelope }) => {
      if (id !== "t1") return envelope;
      if (how === "fail") throw new Error("no history");
      if (how === "cancel") await lab.runner.cancel("s");
      return how && envelope;
    },
  });
  for (const id of ["t1", "t2", "t3"]) await lab.queue(id);
  await over(lab, "t1", "t2", "t3");
  // With the second one, whose agent was asked and tells nothing, the day is over.
  const rest = how === "cancel" ? ["cancelled", "cancelled"] : ["done", "cancelled"];
  expect(await lab.states("t1", "t2", "t3")).toEqual([outcome, ...rest]);
  if (how !== "cancel") return;
  await lab.queue("t4");
  await over(lab, "t4");
  expect(await lab.states("t4")).toEqual(["done"]);
});

it("takes a turn that a process began and nobody finished for one that told nothing", async () => {
  const lab = await house({ tokensPerDay: 100 }, undefined, {
    refresh: async ({ attempt, envelope }) => (attempt > 1 ? undefined : envelope),
  });
  await lab.queue("detaches");
  await over(lab, "detaches");
  await lab.queue("t2");
  await over(lab, "t2");
  expect(lab.asked.has("detaches")).toBe(true);
  expect(await lab.states("detaches", "t2")).toEqual(["cancelled", "cancelled"]);
});

it("ends the day of who has a limit of tokens alone where an agent tells none, and says why", async () => {
  const lab = await house({ tokensPerDay: 100 });
  for (const id of ["t1", "t2"]) await lab.queue(id);
  await over(lab, "t1", "t2");
  expect(await lab.states("t1", "t2")).toEqual(["done", "cancelled"]);
  expect((await told(lab))[0]![1]).toMatch(/told none, last asked of main: .* counts as reached/);
});
