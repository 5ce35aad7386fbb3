import * as z from "zod";
import { time } from "./schemas.js";

const whenever = () => time().nullable();

const stage = z.object({
  name: z.string(),
  ok: z.boolean(),
  provenAt: whenever(),
  detail: z.string(),
  remedy: z.string().nullable(),
});

const account = z
  .object({
    id: z.string(),
    name: z.string(),
    ...{ enabled: z.boolean(), configured: z.boolean(), running: z.boolean(), connected: z.boolean() },
    verdict: z.string().describe("`works`, `stopped`, `disabled`, or what is broken."),
    state: z.string(),
    ...{ connectedSince: whenever(), lastInboundAt: whenever(), lastOutboundAt: whenever() },
    restarts: z.int(),
    stages: z.array(stage),
    deliveries: z.object({
      ...{ delivered: z.int(), read: z.int(), downgraded: z.int(), failed: z.int() },
    }),
    queues: z.object({
      ...{ inbound: z.int(), turns: z.int(), running: z.int() },
      outbox: z.object({
        ...{ held: z.int(), pending: z.int(), sending: z.int(), delivered: z.int() },
        ...{ stored: z.int(), not_sent: z.int(), unknown: z.int() },
      }),
    }),
  })
  .meta({ id: "AccountHealth" });

/** The health of the gateway and its accounts (behaviour 16.1, 17.5). */
export const health = z
  .object({
    gateway: z.object({ pid: z.int(), startedAt: time(), version: z.string() }).nullable(),
    defaultAccount: z.string(),
    accounts: z.array(account),
  })
  .meta({ id: "Health" });
