import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStore, type ScheduledMessage } from "../../../src/store/index.js";
import { acpAgent } from "../../support/acp-agent.js";
import { AcpHouse, guest, owner } from "../../support/acp-house.js";
import { casesOf } from "../../support/cases.js";
import { type FakeModels, startFakeModels } from "../../support/fake-models.js";

const acting = join(import.meta.dirname, "../../fixtures/acting-agent.mjs");
const nextWeekday = { cron: "0 7 * * MON-FRI", zone: "America/New_York" };

let models: FakeModels;
/** What the model asks for in answer to a message of a person. */
let wish: { name: string; input: unknown } | undefined;
let service: Server;
beforeAll(async () => {
  models = await startFakeModels();
  models.answer = ({ raw }) => {
    const call = wish;
    wish = undefined;
    return call ? { tools: [call] } : { text: raw.includes("what is on today") ? "a walk" : "done" };
  };
  service = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => (body += chunk));
    request.on("end", () => {
      const { text, results } = JSON.parse(body) as { text: string; results?: object[] };
      const hex = (value: unknown) => ({
        type: "text",
        text: Buffer.from(JSON.stringify(value)).toString("hex"),
      });
      const events = results
        ? hex(results[0])
        : text.startsWith("{")
          ? [{ type: "action", id: 1, ...JSON.parse(text) }, { type: "continue" }]
          : { type: "text", text: "done" };
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(events));
    });
  });
  await new Promise<void>((listening) => service.listen(0, "127.0.0.1", listening));
});
afterAll(async () => {
  await models.close();
  service.closeAllConnections();
  service.close();
});

/** How a person gets the agent of a runtime to use a tool, and what it answers a scheduled question. */
interface Played {
  runtime: () => object;
  says: (tool: string, input: object) => string;
  question: string;
  /** Whether a text answers the question. */
  isAnswer: (text: string) => boolean;
}

const unhex = (text: string) => Buffer.from(text, "hex").toString("utf8");
const byEvents = {
  says: (tool: string, input: object) => JSON.stringify({ action: tool, ...input }),
  question: '{"action":"history","query":"history","limit":1}',
  isAnswer: (text: string) => /"ok":true,"value":\[/.test(unhex(text)),
};
const runtimes: Record<string, Played> = {
  acp: {
    runtime: () => ({
      type: "acp",
      acp: { command: process.execPath, args: [acpAgent], env: { WORD: "walrus" } },
    }),
    says: (tool, input) => `mcp ${tool} ${JSON.stringify(input)}`,
    question: "env WORD",
    isAnswer: (text) => text === "walrus",
  },
  command: {
    runtime: () => ({ type: "command", command: process.execPath, args: [acting], output: "jsonl" }),
    ...byEvents,
  },
  http: {
    runtime: () => ({ type: "http", url: `http://127.0.0.1:${(service.address() as AddressInfo).port}/` }),
    ...byEvents,
  },
  llm: {
    runtime: () => ({ type: "llm", model: "fake/m" }),
    says: (name, input) => {
      wish = { name, input };
      return "do it";
    },
    question: "what is on today?",
    isAnswer: (text) => text === "a walk",
  },
};

async function start(played: Played, imessage: Record<string, unknown> = {}): Promise<AcpHouse> {
  const house = new AcpHouse();
  await house.configure({
    imessage,
    more: {
      agents: {
        defaults: { userTimezone: nextWeekday.zone },
        list: [{ id: "main", runtime: played.runtime() }],
      },
      models: {
        providers: { fake: { api: "openai-completions", baseUrl: models.baseUrl, apiKey: "k-1" } },
      },
    },
  });
  await house.house.startHere();
  return house;
}

/** What waits, as the command line lists it. */
async function listed({ house }: AcpHouse): Promise<Record<string, unknown>[]> {
  return JSON.parse((await house.tapback(["schedule", "list", "--json"])).stdout);
}

/** Lets what waits be due now. */
async function bringForward({ house }: AcpHouse): Promise<void> {
  const store = openStore(join(house.stateDir, "state.db"));
  const now = Date.now();
  for (const waiting of await store.schedule.list())
    await store.schedule.hand(waiting, { items: [], next: now }, now);
  await store.close();
}

async function waiting({ house }: AcpHouse): Promise<ScheduledMessage[]> {
  const store = openStore(join(house.stateDir, "state.db"));
  return store.schedule.list().finally(() => store.close());
}

describe.each(casesOf(Object.entries(runtimes), 1))("an agent of runtime %s", (_, played) => {
  it("reminds once, and asks itself again and again, until that is cancelled", {
    timeout: 120_000,
  }, async () => {
    const house = await start(played);
    try {
      const say = (input: object) => house.ask(played.says("schedule", input));
      await say({ do: "add", text: "Time to go.", inMinutes: 0.02 });
      await house.sees("Time to go.");
      await say({ do: "add", text: played.question, repeat: nextWeekday.cron, turn: true });
      const [first, ...more] = await listed(house);
      expect(more).toEqual([]);
      expect(first).toMatchObject({
        ...{ kind: "turn", repeat: nextWeekday, by: { handle: owner }, text: played.question },
      });
      const before = house.house.textsTo(owner).length;
      await bringForward(house);
      const texts = await house.house.got(owner, before + 1);
      expect(texts.slice(before)).toSatisfy(([text, ...rest]) => rest.length === 0 && played.isAnswer(text));
      await house.house.settled();
      const [again] = await listed(house);
      expect(again).toMatchObject({ id: first!.id, repeat: nextWeekday });
      expect(Date.parse(String(again!.dueAt))).toBeGreaterThan(Date.now());
      const shown = await house.ask("/schedule");
      expect(shown).toContain(`${first!.id}  `);
      expect(shown).toContain(" 07:00 (America/New_York), again by 0 7 * * MON-FRI");
      expect(await house.ask(`/schedule cancel ${first!.id}`, guest)).toMatch(/^Nothing with the id/);
      expect(await house.ask(`/schedule cancel ${first!.id}`)).toBe(`Cancelled ${first!.id}.`);
      expect(await listed(house)).toEqual([]);
    } finally {
      await house.close();
    }
  });
});

it("ends with the admission of who made it, and an owner hears of it", { timeout: 120_000 }, async () => {
  const played = runtimes.command!;
  const house = await start(played);
  try {
    const asked = { do: "add", text: played.question, repeat: nextWeekday.cron, turn: true };
    await house.ask(played.says("schedule", asked), guest);
    await house.ask("hello");
    await house.house.stopHere();
    await house.configure({
      imessage: { dmPolicy: "allowlist", allowFrom: [owner] },
      more: { agents: { list: [{ id: "main", runtime: played.runtime() }] } },
    });
    await house.house.startHere();
    await bringForward(house);
    await house.sees("has ended, because");
    await house.house.settled();
    expect(house.house.textsTo(guest)).toHaveLength(1);
    expect(await waiting(house)).toEqual([]);
  } finally {
    await house.close();
  }
});
