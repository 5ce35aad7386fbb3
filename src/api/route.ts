import * as z from "zod";
import type { Config } from "../config/index.js";
import type { TokenScope } from "../store/index.js";
import type { ApiDeps } from "./deps.js";
import type { EventStreams } from "./events/streams.js";
import type { Reach } from "./reach.js";

/** What a listener of the API has of its own. */
export interface ApiListener {
  streams: EventStreams;
  /** The OpenAPI document of the whole table. */
  document: () => Record<string, unknown>;
}

/** What a request is answered with and for. */
export interface Call<Path, Query, Headers, Body> {
  path: Path;
  query: Query;
  headers: Headers;
  body: Body;
  reach: Reach;
  /** The program, as logs and decisions name it: `token NAME`. */
  by: string;
  /** The token's id: what one token names is another's no more. */
  tokenId: string;
  /** What the program may. */
  scopes: readonly TokenScope[];
  /** Whether it still may, for what goes on after it was let in. */
  isStillIn: () => Promise<boolean>;
  api: ApiDeps;
  /** What it came over; undefined where that is no listener of the API. */
  listener: ApiListener | undefined;
}

type Shape = z.ZodObject;

/** A row of the table: from it come the routing, the checks, the OpenAPI document and the reference. */
export interface Route<
  Path extends Shape = Shape,
  Query extends Shape = Shape,
  Headers extends Shape = Shape,
  Body extends Shape | undefined = Shape | undefined,
  Result extends z.ZodType = z.ZodType,
> {
  /** What clients call it. */
  id: string;
  method: "get" | "post";
  /** As OpenAPI writes it. */
  path: string;
  /** Absent: no token is asked for. */
  scope?: TokenScope;
  /** One line. */
  summary: string;
  description?: string;
  parameters: { path: Path; query: Query; headers: Headers };
  body?: Body;
  result: Result;
  /** Most bytes of a body, where that is more than of others; it is read only of whoever may ask. */
  mostBytes?: (config: Config) => number;
  /** What the answer is where it is not JSON of `result`, which is then what stands in it: a `Response` is given. */
  media?: string;
  /** What it is refused with beside what holds for every request. */
  refusals?: number[];
  /** Answers what was checked; what it throws is told by its code. What it may not see is not there: `RESOURCE_UNKNOWN`. */
  handle(
    call: Call<
      z.output<Path>,
      z.output<Query>,
      z.output<Headers>,
      Body extends Shape ? z.output<Body> : undefined
    >,
  ): Promise<z.input<Result> | Response>;
}

/** A row of whatever types. */
export type AnyRoute = Omit<Route, "handle"> & {
  handle(call: Call<unknown, unknown, unknown, unknown>): Promise<unknown>;
};

const none = z.strictObject({});
type None = typeof none;

type Given<
  P extends Shape,
  Q extends Shape,
  H extends Shape,
  B extends Shape | undefined,
  R extends z.ZodType,
> = Omit<Route<P, Q, H, B, R>, "parameters"> & { parameters?: { path?: P; query?: Q; headers?: H } };

/** Checks a row against its own types, and fills in what it leaves out. */
export function route<
  R extends z.ZodType,
  P extends Shape = None,
  Q extends Shape = None,
  H extends Shape = None,
  B extends Shape | undefined = undefined,
>({ parameters = {}, ...row }: Given<P, Q, H, B, R>): AnyRoute {
  const { path = none, query = none, headers = none } = parameters;
  return { ...row, parameters: { path, query, headers } } as unknown as AnyRoute;
}
