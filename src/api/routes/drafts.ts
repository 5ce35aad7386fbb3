import * as z from "zod";
import { accountDefaults, resolveAccount } from "../../config/index.js";
import { findDraft } from "../../facts/index.js";
import { TapbackError } from "../../platform/index.js";
import type { Draft, Store } from "../../store/index.js";
import { type Decided, decideDraft, ownersOf, rewordDraft } from "../../turns/index.js";
import type { ApiDeps } from "../deps.js";
import type { Reach } from "../reach.js";
import { unknown } from "../refusals.js";
import { route } from "../route.js";
import { accountQuery, draft, limitQuery } from "../schemas.js";
import { draftedFor, reachedDraft } from "../story.js";

/** More than ever wait; those of other chats are left out after they were read. */
const mostRead = 1000;

const draftPath = z.strictObject({ draft: z.string().max(40).describe("The `id` of a draft.") });
const words = z.string().min(1).max(100_000);
const settled = [409];
/** Also words of which nothing is left to be read. */
const refused = [409, 422];

export const draftRoutes = [
  route({
    id: "listDrafts",
    method: "get",
    path: "/v1/drafts",
    scope: "people",
    summary: "List what waits for an owner's yes, newest first.",
    parameters: {
      query: z.strictObject({
        ...accountQuery,
        state: z
          .enum(["held", "all"])
          .default("held")
          .describe("Only those that wait, or also what was decided."),
        ...limitQuery,
      }),
    },
    result: z.object({ items: z.array(draft) }),
    async handle({ query: { account: named, state, limit }, reach, api }) {
      const account = named === undefined ? reach.onlyAccount : reach.account(named);
      const states: { states?: Draft["state"][] } = state === "held" ? { states: ["held"] } : {};
      const found = await api.store.drafts.list({ account, ...states, limit: mostRead });
      const items = [];
      for (const each of found) {
        if (items.length === limit) break;
        if (each.state !== "open" && (await isReached(each, reach, api.store)))
          items.push(await reachedDraft(each, reach, api.store));
      }
      return { items };
    },
  }),
  route({
    id: "getDraft",
    method: "get",
    path: "/v1/drafts/{draft}",
    scope: "people",
    summary: "Show one draft.",
    parameters: { path: draftPath },
    result: draft,
    async handle({ path, reach, api }) {
      return reachedDraft(await draftNamed(path.draft, reach, api), reach, api.store);
    },
  }),
  route({
    id: "sendDraft",
    method: "post",
    path: "/v1/drafts/{draft}/send",
    scope: "people",
    summary: "Say yes to a draft.",
    parameters: { path: draftPath },
    body: z.strictObject({ text: words.optional().describe("Goes in the place of its texts.") }),
    result: draft,
    refusals: refused,
    async handle({ path, body, reach, by, api }) {
      const found = await draftNamed(path.draft, reach, api);
      const decision = { sends: true, by, words: body.text };
      return decided(
        await decideDraft(api.store, found, decision, rulesOf(found, api), api.clock.now()),
        found,
        reach,
        api,
      );
    },
  }),
  route({
    id: "dropDraft",
    method: "post",
    path: "/v1/drafts/{draft}/drop",
    scope: "people",
    summary: "Say no to a draft.",
    parameters: { path: draftPath },
    result: draft,
    refusals: settled,
    async handle({ path, reach, by, api }) {
      const found = await draftNamed(path.draft, reach, api);
      const outcome = await decideDraft(
        api.store,
        found,
        { sends: false, by },
        rulesOf(found, api),
        api.clock.now(),
      );
      return decided(outcome, found, reach, api);
    },
  }),
  route({
    id: "editDraft",
    method: "post",
    path: "/v1/drafts/{draft}/edit",
    scope: "people",
    summary: "Give a draft better words; it goes on waiting.",
    parameters: { path: draftPath },
    body: z.strictObject({ text: words }),
    result: draft,
    refusals: refused,
    async handle({ path, body, reach, api }) {
      const found = await draftNamed(path.draft, reach, api);
      const owners = await ownersOf(api.config(), found.account, api.store);
      const asked = { rules: rulesOf(found, api), owners };
      return decided(
        await rewordDraft(api.store, found, body.text, asked, api.clock.now()),
        found,
        reach,
        api,
      );
    },
  }),
];

/** @throws `DRAFT_SETTLED` where somebody was quicker, `DRAFT_WORDLESS` */
async function decided(outcome: Decided, { id }: Draft, reach: Reach, { store }: ApiDeps) {
  if (!outcome.counted) throw new TapbackError(outcome.code, outcome.text);
  return reachedDraft((await store.drafts.get(id))!, reach, store);
}

async function draftNamed(id: string, reach: Reach, { store }: ApiDeps): Promise<Draft> {
  const found = await findDraft(store, id);
  if (await isReached(found, reach, store)) return found;
  throw unknown();
}

async function isReached(draft: Draft, reach: Reach, store: Store): Promise<boolean> {
  const { account, target } = draft;
  if (!reach.isLimited) return reach.hasTarget(account, target, [], undefined);
  return reach.hasTarget(account, target, await reach.chats(account), await draftedFor(draft, store));
}

function rulesOf({ account }: Draft, { config }: ApiDeps) {
  return resolveAccount(config(), account) ?? accountDefaults;
}
