import { expect, it } from "vitest";
import { fakeTurn } from "../../../test/support/agent-turn.js";
import { FakeClock } from "../../../test/support/fake-clock.js";
import { unheld } from "../../../test/support/turn-lab.js";
import type { Agent, AgentEvent } from "../../agents/index.js";
import type { TurnEnd } from "../../store/index.js";
import type { PermissionRequest, TurnParts } from "./parts.js";
import { TurnRunner } from "./runner.js";

const timeoutMs = 60_000;

/** Runs one turn of an agent that asks for permission, and then works on for some time. */
function bench(workMs: number) {
  const clock = new FakeClock();
  const asked: PermissionRequest[] = [];
  const ends: TurnEnd[] = [];
  const agent = {
    async *run(_turn: unknown, signal: AbortSignal): AsyncGenerator<AgentEvent> {
      let answered = () => {};
      const answer = new Promise<void>((resolve) => {
        answered = resolve;
      });
      yield { type: "permission", id: "1", title: "x", details: "", options: [], answer: () => answered() };
      await answer;
      await clock.sleep(workMs, signal);
      signal.throwIfAborted();
      yield { type: "text", text: "done" };
    },
  } as unknown as Agent;
  const { envelope } = fakeTurn("hi");
  const turn = {
    id: "t",
    sessionKey: "s",
    account: "default",
    agentId: "main",
    deaths: 0,
    attempt: 1,
    envelope,
  };
  const claims = [[{ turn, claim: { id: "t" }, session: undefined, emitted: 0, told: [] }]];
  const store = {
    watch: () => () => {},
    turns: {
      claim: async () => claims.shift() ?? [],
      end: async (_claim: unknown, end: TurnEnd) => {
        ends.push(end);
        return {};
      },
    },
  };
  const parts = {
    limits: { maxConcurrent: () => 1, timeoutMs: async () => timeoutMs, admit: async () => "runs" },
    preparation: { refresh: async () => envelope, ready: async () => ({ envelope, notes: [] }) },
    agents: { lend: async () => ({ agent, giveBack: () => {} }) },
    equipment: {
      equip: () => ({ tools: {}, ask: (request: PermissionRequest) => asked.push(request), end: () => {} }),
    },
    composer: {
      streaming: () => ({ mode: "final", maxBubbles: 1 }),
      compose: async () => ({ messages: [], notes: [] }),
      ...unheld,
    },
    steering: { isOn: () => false },
    signs: { of: () => undefined },
    listener: { started: () => {}, ended: () => {} },
  } as unknown as TurnParts;
  const log = { warn: () => {}, error: () => {} };
  const mask = (text: string) => text;
  new TurnRunner({ store, node: "n", clock, log, mask } as never, parts).start();
  return { clock, asked, ends };
}

it("lets a turn's clock stand still while a person is asked (behaviour 6.2)", async () => {
  const { clock, asked, ends } = bench(1000);
  await clock.advanceUntil(() => asked.length === 1);
  await clock.advance(10 * timeoutMs);
  expect(ends).toEqual([]);
  asked[0]!.answer(undefined);
  await clock.advanceUntil(() => ends.length === 1);
  expect(ends).toMatchObject([{ outcome: "done" }]);
});

it("counts on when the person has answered", async () => {
  const { clock, asked, ends } = bench(10 * timeoutMs);
  await clock.advanceUntil(() => asked.length === 1);
  asked[0]!.answer(undefined);
  await clock.advanceUntil(() => ends.length === 1);
  expect(ends).toMatchObject([{ outcome: "failed", error: { code: "AGENT_TIMEOUT" } }]);
});
