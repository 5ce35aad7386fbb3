import * as z from "zod";
import { accountPolicy } from "../../access/index.js";
import { accountQuery, route, time } from "../../api/serving/index.js";
import { approveRequest, findRequest, firstOwnerIn } from "../../commands/index.js";
import { defaultAccountId, membersOf, normalizeId, regionOf, resolveAccounts } from "../../config/index.js";
import { normalizeHandle } from "../../conversation/index.js";
import { localDay } from "../../platform/index.js";
import { isLimited, People, spentInAll } from "../../turns/index.js";

export const admitted = z
  .object({
    account: z.string(),
    dmPolicy: z.string(),
    owners: z.array(z.string()),
    allowFrom: z.object({ key: z.string(), everyone: z.boolean(), handles: z.array(z.string()) }),
    approved: z.array(z.object({ handle: z.string(), approvedAt: time() })),
    optedOut: z.array(z.object({ handle: z.string(), since: time() })),
  })
  .meta({ id: "Admitted" });

const daily = z.object({ most: z.int(), key: z.string() }).nullable();

export const limited = z
  .object({
    handle: z.string(),
    groups: z.array(z.string()),
    turnsPerDay: daily,
    tokensPerDay: daily,
    turns: z.int().describe("That began today."),
    tokens: z.number().nullable().describe("Read and written today; null where turns of today told none."),
  })
  .meta({ id: "LimitedPerson" });

export const peopleRoutes = [
  route({
    id: "listLimited",
    method: "get",
    path: "/v1/limited",
    scope: "people",
    summary: "List whom a limit of a day holds, with what they had today (behaviour 18.3b).",
    result: z.object({ items: z.array(limited) }),
    async handle({ api: { config, store, clock } }) {
      const current = config();
      const region = regionOf(current, defaultAccountId(current));
      const people = new People(current, region);
      const members = Object.values(current.accessGroups).flatMap(membersOf);
      const handles = new Set(members.map((each) => people.personOf(normalizeHandle(each, region))));
      const day = localDay(clock.now());
      const items = [];
      for (const handle of handles) {
        const rights = people.of(handle);
        if (!isLimited(rights)) continue;
        const today = (await store.allowance.counted(day, rights.handles)).filter((turn) => turn.day === day);
        const { turns, untold, inputTokens, outputTokens } = spentInAll(today, current.models);
        items.push({
          ...{ handle, groups: rights.groups, turns },
          ...{ turnsPerDay: rights.turnsPerDay ?? null, tokensPerDay: rights.tokensPerDay ?? null },
          tokens: untold > 0 ? null : (inputTokens ?? 0) + (outputTokens ?? 0),
        });
      }
      return { items };
    },
  }),
  route({
    id: "listAdmitted",
    method: "get",
    path: "/v1/admitted",
    scope: "people",
    summary: "Tell of each account who may write to it, and by what.",
    result: z.object({ items: z.array(admitted) }),
    async handle({ api: { config, store } }) {
      const current = config();
      const items = [];
      for (const { id: account, dmPolicy } of resolveAccounts(current)) {
        const { owners, allowFrom } = accountPolicy(current, account, {})!;
        const approvals = await store.pairing.approvals(account);
        const optedOut = await store.pairing.optedOut(account);
        items.push({
          ...{ account, dmPolicy },
          owners: [...new Set([...owners, ...(await store.pairing.owners(account))])],
          allowFrom: {
            key: "channels.imessage.allowFrom",
            everyone: allowFrom.everyone,
            handles: [...allowFrom.handles],
          },
          approved: approvals.map(({ handle, approvedAt }) => ({
            handle,
            approvedAt: new Date(approvedAt).toISOString(),
          })),
          optedOut: optedOut.map(({ handle, since }) => ({ handle, since: new Date(since).toISOString() })),
        });
      }
      return { items };
    },
  }),
  route({
    id: "approveAsOwner",
    method: "post",
    path: "/v1/pairing/{code}/admit",
    scope: "people",
    summary: "Let somebody in, as `tapback pairing approve` does: the first one becomes the owner.",
    parameters: {
      path: z.strictObject({ code: z.string().max(40) }),
      query: z.strictObject(accountQuery),
    },
    body: z.strictObject({
      notify: z.boolean().default(false),
      replay: z.boolean().default(false),
      owner: z.boolean().default(true),
    }),
    result: z.object({
      approved: z.string(),
      owner: z.boolean(),
      replayed: z.int(),
      report: z.array(z.string()),
    }),
    refusals: [409],
    async handle({ path, query, body, api: { store, config, clock } }) {
      const account = query.account === undefined ? undefined : normalizeId(query.account);
      const at = clock.now();
      const request = await findRequest(store, path.code, at, account);
      const { notify, replay } = body;
      const firstOwner = body.owner ? firstOwnerIn(config(), request.account) : "no";
      const wish = { at, config: config(), firstOwner, notify, replay, namesAccount: true };
      const { owner, replayed, report } = await approveRequest(store, request, wish);
      return { approved: request.handle, owner, replayed, report };
    },
  }),
];
