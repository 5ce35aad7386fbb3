import type * as z from "zod";
import type { TokenScope } from "../store/index.js";
import type { ApiDeps } from "./deps.js";
import type { Reach } from "./reach.js";
import { invalid } from "./refusals.js";
import type { AnyRoute, ApiListener } from "./route.js";

/** Who asks, and what they reach. */
export interface Asker {
  reach: Reach;
  /** As logs and decisions name them. */
  by: string;
  /** What one asker names is another's no more. */
  tokenId: string;
  scopes: readonly TokenScope[];
  /** Whether it may still ask, for what goes on after it was let in. */
  isStillIn: () => Promise<boolean>;
}

/** What a request gives, not yet checked. */
export interface Given {
  path: unknown;
  query: unknown;
  headers: unknown;
  /** Looked at only by rows that take one. */
  body: () => unknown;
}

/**
 * Answers a request of the table, however it came: checked by the row, done with the asker's rights, told as the row says.
 * @param listener what it came over; undefined where that is no listener of the API
 * @returns a `Response` where the row's answer is not JSON
 * @throws `REQUEST_INVALID`, and what the row is refused with
 */
export async function perform(
  row: AnyRoute,
  given: Given,
  asker: Asker,
  api: ApiDeps,
  listener?: ApiListener,
): Promise<unknown> {
  const { parameters, body } = row;
  const result = await row.handle({
    path: checked(parameters.path, given.path),
    query: checked(parameters.query, given.query),
    headers: checked(parameters.headers, given.headers),
    body: body && checked(body, given.body()),
    ...{ ...asker, api, listener },
  });
  // Cursors and states that somebody was told must hold, also after a power cut. A disk that is full takes no reading away.
  await api.store.toDisk().catch((error) => {
    if (row.method !== "get") throw error;
  });
  if (row.method === "post") api.log.info(`${asker.by}: ${row.id}`, { method: row.method, path: row.path });
  return result instanceof Response ? result : row.result.parse(result, { jitless: true });
}

/** @returns what was given, as the schema takes it @throws `REQUEST_INVALID`, naming what is wrong */
export function checked<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const parsed = schema.safeParse(given, { jitless: true });
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues as [z.core.$ZodIssue];
  throw invalid(path.length === 0 ? message : `${path.join(".")}: ${message}`);
}
