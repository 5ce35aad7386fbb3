import * as z from "zod";
import { accountPolicy } from "../../access/index.js";
import { accountQuery, route, time } from "../../api/serving/index.js";
import { approveRequest, findRequest } from "../../commands/index.js";
import { normalizeId, resolveAccounts } from "../../config/index.js";

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

export const peopleRoutes = [
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
      const { owner: mayOwn, notify, replay } = body;
      const wish = { at, config: config(), mayOwn, notify, replay, namesAccount: true };
      const { owner, replayed, report } = await approveRequest(store, request, wish);
      return { approved: request.handle, owner, replayed, report };
    },
  }),
];
