import * as z from "zod";
import { readPairingCode } from "../../access/index.js";
import { approveRequest, denyRequest, findRequest, revokeApproval } from "../../commands/index.js";
import { defaultAccountId, regionOf } from "../../config/index.js";
import { isNationalNumber, normalizeHandle } from "../../conversation/index.js";
import { iso, personFacts, personNamed, requestRow } from "../../facts/index.js";
import type { PairingRequest } from "../../store/index.js";
import type { ApiDeps } from "../deps.js";
import type { Reach } from "../reach.js";
import { unknown } from "../refusals.js";
import { route } from "../route.js";
import { accountQuery, knownPerson, person, request } from "../schemas.js";

const handlePath = z.strictObject({
  handle: z.string().max(200).describe("A phone number or an e-mail address."),
});
const codePath = z.strictObject({ code: z.string().max(40).describe("The code, in any case.") });

export const peopleRoutes = [
  route({
    id: "listPeople",
    method: "get",
    path: "/v1/people",
    scope: "people",
    summary: "List whom pairing let in, and who said STOP.",
    parameters: { query: z.strictObject(accountQuery) },
    result: z.object({ items: z.array(knownPerson) }),
    async handle({ query, reach, api: { store } }) {
      const account = query.account === undefined ? reach.onlyAccount : reach.account(query.account);
      const people = new Map<string, z.input<typeof knownPerson>>();
      const of = (id: string, handle: string) => {
        const key = `${id} ${handle}`;
        const known = people.get(key) ?? { account: id, handle, approvedAt: null, optedOutAt: null };
        people.set(key, known);
        return known;
      };
      for (const each of await store.pairing.approvals(account))
        of(each.account, each.handle).approvedAt = iso(each.approvedAt);
      for (const each of await store.pairing.optedOut(account))
        of(each.account, each.handle).optedOutAt = iso(each.since);
      return { items: [...people.values()].filter((each) => reach.hasPerson(each.account, each.handle)) };
    },
  }),
  route({
    id: "getPerson",
    method: "get",
    path: "/v1/people/{handle}",
    scope: "people",
    summary: "Tell how a person is known, and how much is kept of them.",
    description: "It is told of all chats and accounts together, so only to a token that reaches them all.",
    parameters: { path: handlePath },
    result: person,
    async handle({ path, reach, api: { store, config } }) {
      if (!reach.isWhole) throw unknown();
      const named = personNamed(config(), path.handle);
      return personFacts(named, await store.people.about(named.isPerson), store);
    },
  }),
  route({
    id: "revokePerson",
    method: "post",
    path: "/v1/people/{handle}/revoke",
    scope: "people",
    summary: "Take an approval back.",
    parameters: { path: handlePath, query: z.strictObject(accountQuery) },
    result: z.object({ revoked: z.string(), accounts: z.array(z.string()) }),
    refusals: [409],
    async handle({ path, query, reach, api: { store, config } }) {
      const account = query.account === undefined ? reach.onlyAccount : reach.account(query.account);
      const region = regionOf(config(), account ?? defaultAccountId(config()));
      const normal = normalizeHandle(path.handle, region);
      // What is judged and what is taken back is the same handle, with its country.
      if (isNationalNumber(normal) || (account !== undefined && !reach.hasPerson(account, normal)))
        throw unknown();
      const { handle, accounts } = await revokeApproval(store, normal, account, () =>
        Promise.reject(unknown()),
      );
      return { revoked: handle, accounts };
    },
  }),
  route({
    id: "listPairing",
    method: "get",
    path: "/v1/pairing",
    scope: "people",
    summary: "List who asks to be let in.",
    parameters: { query: z.strictObject(accountQuery) },
    result: z.object({ items: z.array(request) }),
    async handle({ query, reach, api: { store, clock } }) {
      const account = query.account === undefined ? reach.onlyAccount : reach.account(query.account);
      const pending = await store.pairing.pending(clock.now(), account);
      return { items: pending.filter((each) => isReached(each, reach)).map(requestRow) };
    },
  }),
  route({
    id: "approvePairing",
    method: "post",
    path: "/v1/pairing/{code}/approve",
    scope: "people",
    summary: "Let somebody in.",
    description: "Never as an owner: that is for people to say (`tapback pairing approve`).",
    parameters: { path: codePath, query: z.strictObject(accountQuery) },
    body: z.strictObject({
      notify: z.boolean().default(false).describe("Whether the sender is told."),
      replay: z.boolean().default(false).describe("Whether what was written before is answered."),
    }),
    result: z.object({ approved: z.string(), account: z.string(), replayed: z.int() }),
    refusals: [409],
    async handle({ path, query, body, reach, api }) {
      const found = await requestIn(path.code, query.account, reach, api);
      const { store, config, clock } = api;
      const wish = { at: clock.now(), config: config(), firstOwner: "no" as const, ...body };
      const { replayed } = await approveRequest(store, found, wish);
      return { approved: found.handle, account: found.account, replayed };
    },
  }),
  route({
    id: "denyPairing",
    method: "post",
    path: "/v1/pairing/{code}/deny",
    scope: "people",
    summary: "Refuse a request to be let in.",
    parameters: { path: codePath, query: z.strictObject(accountQuery) },
    result: z.object({ denied: z.string(), account: z.string() }),
    refusals: [409],
    async handle({ path, query, reach, api }) {
      const found = await requestIn(path.code, query.account, reach, api);
      await denyRequest(api.store, found);
      return { denied: found.handle, account: found.account };
    },
  }),
];

function isReached({ account, handle }: PairingRequest, reach: Reach): boolean {
  return reach.hasPerson(account, handle);
}

/** Looked at before it is said what became of it: of another one's request nothing is told. */
async function requestIn(
  code: string,
  account: string | undefined,
  reach: Reach,
  { store, clock }: ApiDeps,
): Promise<PairingRequest> {
  const id = account === undefined ? reach.onlyAccount : reach.account(account);
  const read = readPairingCode(code);
  const newest = read === undefined ? undefined : await store.pairing.findByCode(read, id);
  if (!newest || !isReached(newest, reach)) throw unknown();
  return findRequest(store, code, clock.now(), newest.account);
}
