import * as z from "zod";
import { route, time } from "../../api/serving/index.js";
import { defaultAccountId, regionOf } from "../../config/index.js";
import { replyFacts } from "../../facts/index.js";
import { localDay } from "../../platform/index.js";
import type { CountedTurn } from "../../store/index.js";
import { People, spentBy } from "../../turns/index.js";

export const doubtful = z
  .object({
    id: z.int(),
    account: z.string(),
    state: z.string(),
    target: z.string(),
    text: z.string().nullable(),
    file: z.string().nullable(),
    sentAt: time().nullable(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
  })
  .meta({ id: "DoubtfulSend" });

export const usageDay = z
  .object({
    day: z.string(),
    turns: z.int(),
    inputTokens: z.number().nullable(),
    outputTokens: z.number().nullable(),
    cost: z.object({ amount: z.number(), currency: z.string() }).nullable(),
    seconds: z
      .object({ median: z.number(), slow: z.number() })
      .nullable()
      .describe(
        "From a turn's queueing to its end, of those that ended well; 19 of 20 were no slower than `slow`.",
      ),
  })
  .meta({ id: "UsageDay" });

export const workRoutes = [
  route({
    id: "listDoubtful",
    method: "get",
    path: "/v1/doubtful",
    scope: "admin",
    summary: "List the newest sends that did not leave, or of which nobody knows.",
    result: z.object({ items: z.array(doubtful) }),
    async handle({ api: { store } }) {
      const found = await store.outbox.list({ states: ["unknown", "not_sent"], limit: 50 });
      const whole = (text: string) => text;
      return { items: found.map((item) => ({ account: item.account, ...replyFacts(item, whole) })) };
    },
  }),
  route({
    id: "listUsage",
    method: "get",
    path: "/v1/usage",
    scope: "admin",
    summary: "Tell what turns came to on each of the last days.",
    parameters: {
      query: z.strictObject({ days: z.coerce.number().int().min(1).max(365).default(30) }),
    },
    result: z.object({
      items: z.array(usageDay),
    }),
    async handle({ query, api: { store, config, clock } }) {
      const current = config();
      const people = new People(current, regionOf(current, defaultAccountId(current)));
      const now = clock.now();
      const days = Array.from({ length: query.days }, (_, ago) => localDay(now, ago)).reverse();
      const turns = await store.allowance.counted(days[0]!);
      const spent = spentBy(turns, "day", current.models, (handle) => people.personOf(handle));
      const byDay = new Map(spent.map((row) => [row.of, row]));
      return {
        items: days.map((day) => {
          const {
            turns: count = 0,
            inputTokens = null,
            outputTokens = null,
            cost = null,
          } = byDay.get(day) ?? {};
          const seconds = secondsOf(turns.filter((turn) => turn.day === day));
          return { day, turns: count, inputTokens, outputTokens, cost, seconds };
        }),
      };
    },
  }),
];

function secondsOf(turns: readonly CountedTurn[]): { median: number; slow: number } | null {
  const took = turns.flatMap(({ tookMs }) => tookMs ?? []).sort((one, other) => one - other);
  if (took.length === 0) return null;
  // The nearest rank: a time that one of them took.
  const at = (share: number) => took[Math.ceil(took.length * share) - 1]! / 1000;
  return { median: at(0.5), slow: at(0.95) };
}
