import { randomBytes } from "node:crypto";
import * as z from "zod";
import { enrolmentLifetimeMs, enrolmentPhrase, phraseLength } from "../../access/index.js";
import { accountQuery, route, time } from "../../api/serving/index.js";
import { sharedMemoryWarning, sharedSessions } from "../../commands/index.js";
import { type Account, defaultAccountId, normalizeId, resolveAccount } from "../../config/index.js";
import { enrolmentRow } from "../../facts/index.js";
import { TapbackError } from "../../platform/index.js";
import type { Enrolment } from "../../store/index.js";
import type { ConsoleDeps } from "../deps.js";

type Api = Pick<ConsoleDeps["api"], "store" | "config" | "clock">;

export const enrolment = z
  .object({
    ...{ account: z.string(), phrase: z.string(), owner: z.boolean() },
    address: z
      .string()
      .nullable()
      .describe("Where it is texted to; null where nobody has written there yet."),
    link: z.string().nullable().describe("Opens Messages on a phone; null where the address is no number."),
    state: z.enum(["open", "used", "replaced", "guessed", "expired"]),
    expiresAt: time(),
    handle: z.string().nullable().describe("Who wrote it."),
    warning: z.string().nullable().describe("That whoever was let in shares a memory with others."),
  })
  .meta({ id: "Enrolment" });

/** The phrase that lets in whoever texts it first, as `tapback pair` makes it (behaviour 3.6). */
export const enrolmentRoutes = [
  route({
    id: "getEnrolment",
    method: "get",
    path: "/v1/enrolment",
    scope: "admin",
    summary: "Tell what became of the newest phrase that lets somebody in.",
    parameters: { query: z.strictObject(accountQuery) },
    result: z.object({ newest: enrolment.nullable() }),
    async handle({ query, api }) {
      const newest = await api.store.enrolment.last(accountNamed(query.account, api).id);
      return { newest: newest ? await facts(newest, api) : null };
    },
  }),
  route({
    id: "openEnrolment",
    method: "post",
    path: "/v1/enrolment",
    scope: "admin",
    summary: "Make a phrase that lets in whoever texts it first; an open one is replaced.",
    parameters: { query: z.strictObject(accountQuery) },
    body: z.strictObject({ owner: z.boolean().default(false) }),
    result: enrolment,
    async handle({ query, body, api }) {
      const { id, enabled } = accountNamed(query.account, api);
      if (!enabled) throw new TapbackError("ACCOUNT_DISABLED", `the account ${id} is not enabled`);
      const createdAt = api.clock.now();
      const opened = await api.store.enrolment.open(id, {
        phrase: enrolmentPhrase(randomBytes(phraseLength)),
        owner: body.owner,
        createdAt,
        expiresAt: createdAt + enrolmentLifetimeMs,
      });
      return facts(opened, api);
    },
  }),
];

/** @throws `ACCOUNT_UNKNOWN` */
function accountNamed(id: string | undefined, { config }: Api): Account {
  const account = resolveAccount(config(), normalizeId(id ?? defaultAccountId(config())));
  if (account) return account;
  throw new TapbackError("ACCOUNT_UNKNOWN", `there is no account ${id}`);
}

async function facts(found: Enrolment, { store, config, clock }: Api) {
  const [address] = await store.journal.ownAddresses(found.account);
  const row = enrolmentRow(found, address, clock.now());
  const warning = row.state === "used" ? sharedMemoryWarning(await sharedSessions(config(), store)) : null;
  return { ...row, warning: warning ?? null };
}
