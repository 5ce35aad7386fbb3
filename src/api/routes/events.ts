import * as z from "zod";
import { defaultAccountId } from "../../config/index.js";
import { Sight } from "../../events/index.js";
import type { KeptEvent, KeptEventType } from "../../store/index.js";
import type { ApiDeps } from "../deps.js";
import { scopeOfType, typesOf } from "../events/scopes.js";
import { Reach } from "../reach.js";
import { invalid, scopeMissing } from "../refusals.js";
import { route } from "../route.js";
import { event } from "../schemas.js";
import { targetIn } from "./chats.js";

const types = Object.keys(scopeOfType) as KeptEventType[];
const cursor = z.string().regex(/^\d{1,15}$/, "this is no id of an event");

export const eventRoutes = [
  route({
    id: "streamEvents",
    method: "get",
    path: "/v1/events",
    scope: "read",
    summary: "Follow what happens, as server-sent events that resume without loss.",
    description:
      "Each has the `id`, the type as its `event`, and an `Event` in JSON as its `data`. A client that comes back with the last id that it has, as `EventSource` does by itself, goes on behind it, over restarts of the gateway too; without one it begins at now. Events are kept from the first stream on, until nobody has read for a week, and not longer than `gateway.retentionDays`. An event `gap`, which has no id, says that some before its `data.upTo` are not kept any more; an event `cursor` has nothing but an id, behind which a client may come back: it begins each stream, and is told now and then where nothing else is. A comment comes every 15 seconds at least. `draft`, `question` and `pairing` are told to a token that has the scope `people` too, `health` to one with `admin` that reaches all of the gateway. The stream ends within a second when its token is revoked or expires.",
    parameters: {
      query: z.strictObject({
        types: z
          .string()
          .max(200)
          .optional()
          .describe(`Only these, with commas between: ${types.map((type) => `\`${type}\``).join(", ")}.`),
        chats: z
          .string()
          .max(4000)
          .optional()
          .describe(
            "Only these conversations, named as in `GET /v1/chats/{chat}`, with commas between; nothing that is of none.",
          ),
        account: z
          .string()
          .max(200)
          .optional()
          .describe("Only this account. Chats are those of the token's, else of the default one."),
        after: cursor
          .optional()
          .describe("Where to begin, where no `Last-Event-ID` says so; 0 is the oldest that is kept."),
      }),
      headers: z.object({ "Last-Event-ID": cursor.optional().describe("The last id that the client has.") }),
    },
    result: event,
    media: "text/event-stream",
    refusals: [503],
    async handle({ query, headers, reach, scopes, tokenId, isStillIn, listener, api }) {
      const account = query.account === undefined ? reach.onlyAccount : reach.account(query.account);
      const wanted = query.chats === undefined ? undefined : reachOfChats(query.chats, account, api);
      const from = headers["Last-Event-ID"] ?? query.after;
      const stream = await listener!.streams.open(tokenId, {
        cursor: from === undefined ? undefined : Number(from),
        filter: {
          types: query.types === undefined ? typesOf(scopes) : typesIn(query.types, scopes),
          ...(account !== undefined && { accounts: [account] }),
        },
        sight() {
          const sights = [reach, ...(wanted ? [wanted] : [])].map((each) => new Sight(each, api.store));
          return (each: KeptEvent) => hasAll(sights, each);
        },
        isStillIn,
      });
      return new Response(stream, {
        headers: {
          "Content-Type": "text/event-stream; charset=utf-8",
          "Cache-Control": "no-store",
          "X-Content-Type-Options": "nosniff",
          // Proxies that gather answers would hold events back.
          "X-Accel-Buffering": "no",
        },
      });
    },
  }),
];

async function hasAll(sights: readonly Sight[], event: KeptEvent): Promise<boolean> {
  for (const sight of sights) if (!(await sight.has(event))) return false;
  return true;
}

/** What nobody has written in yet may be named too: whatever comes of it is told then. */
function reachOfChats(named: string, account: string | undefined, api: ApiDeps): Reach {
  const id = account ?? defaultAccountId(api.config());
  const chats = named.split(",").map((each) => targetIn(each, id, api));
  return new Reach({ account: id, chats }, api.config(), api.store);
}

/** @throws `REQUEST_INVALID`, `SCOPE_MISSING` */
function typesIn(named: string, scopes: Parameters<typeof typesOf>[0]): KeptEventType[] {
  return named.split(",").map((each) => {
    const type = types.find((known) => known === each);
    if (type === undefined) throw invalid(`types: there is no type ${each}`);
    if (!typesOf(scopes).includes(type)) throw scopeMissing(scopeOfType[type]);
    return type;
  });
}
