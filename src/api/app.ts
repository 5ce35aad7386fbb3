import { type Context, Hono } from "hono";
import type * as z from "zod";
import { type Answer, problemOf } from "../http/index.js";
import { messageOf, TapbackError } from "../platform/index.js";
import type { Token, TokenScope } from "../store/index.js";
import { bodyOf } from "./body.js";
import type { ApiDeps } from "./deps.js";
import { openApiDocument } from "./document.js";
import { EventStreams } from "./events/streams.js";
import { Gate, TooOften } from "./gate.js";
import { LargeBodies } from "./large-bodies.js";
import { Reach } from "./reach.js";
import { invalid, told, unknown } from "./refusals.js";
import type { AnyRoute } from "./route.js";
import { apiTable } from "./table.js";

/** Who asks, and what they reach. */
export interface Asker {
  reach: Reach;
  /** As logs and decisions name them. */
  by: string;
  /** What one asker names is another's no more. */
  tokenId: string;
  scopes: readonly TokenScope[];
  /** Whether it may still ask, for answers that go on. */
  isStillIn: () => Promise<boolean>;
}

/**
 * Says who asks, before anything else is looked at.
 * @param row what is asked for; undefined where there is no such thing
 * @throws what the request is refused with
 */
export type Admit = (request: Request, row: Pick<AnyRoute, "scope"> | undefined) => Promise<Asker>;

/** Makes what answers the programs that have a token. @param ends aborts when the listener closes */
export function apiApp(deps: ApiDeps, ends: AbortSignal): Answer {
  const gate = new Gate(deps);
  const admit: Admit = async ({ headers }, row) => {
    // Who has no token is not told what there is.
    const isOpen = row !== undefined && row.scope === undefined;
    const token = isOpen ? undefined : await gate.admit(headers.get("authorization"));
    if (token) gate.checkScope(token, row?.scope);
    const reach = new Reach(token ?? nothing, deps.config(), deps.store);
    const { name = "", id = "", scopes = [] } = token ?? {};
    const isStillIn = () => gate.isGood(id);
    return { reach, by: `token ${name}`, tokenId: id, scopes, isStillIn };
  };
  return tableApp(apiTable(), deps, admit, ends);
}

/**
 * Makes what answers the requests of a table: its routing, its checks and its answers' shapes are the table's.
 * @param ends aborts when the listener closes
 */
export function tableApp(table: AnyRoute[], deps: ApiDeps, admit: Admit, ends: AbortSignal): Answer {
  const streams = new EventStreams(deps, ends);
  const app = new Hono<Kept>({ strict: true });
  let document: Record<string, unknown> | undefined;
  const large = new LargeBodies();
  const whole = new Set(
    table.flatMap(({ mostBytes, method, path }) => (mostBytes ? `${method} ${path}` : [])),
  );
  app.use(async (context, next) => {
    const { req } = context;
    if (!whole.has(`${req.method.toLowerCase()} ${req.path}`)) context.set("text", await bodyOf(req.raw));
    await next();
  });
  for (const row of table) {
    app.on(row.method, row.path.replace(/\{(\w+)\}/g, ":$1"), async (context) => {
      const { raw } = context.req;
      const answered = async (asker: Asker, text: string) => {
        const result = await row.handle({
          ...requestOf(row, context, text),
          ...{ ...asker, streams, api: deps },
          document: () => (document ??= openApiDocument(table)),
        });
        if (row.method === "post")
          deps.log.info(`${asker.by}: ${row.id}`, { method: row.method, path: row.path });
        return result instanceof Response ? result : answer(row.result.parse(result, { jitless: true }));
      };
      if (!row.mostBytes) return answered(await admit(raw, row), context.var.text);
      return large.read(raw, admit(raw, row), row.mostBytes(deps.config()), answered);
    });
  }
  app.get("/metrics", async ({ req }) => {
    const { reach } = await admit(req.raw, { scope: "admin" });
    const { metrics } = deps.telemetry;
    if (!metrics || !reach.isWhole) throw unknown();
    const text = await metrics.text(await deps.status());
    return new Response(text, { headers: { "Content-Type": metrics.contentType } });
  });
  app.notFound(async ({ req }) => {
    await admit(req.raw, undefined);
    throw unknown();
  });
  app.onError((error) => refusal(error, deps));
  return (request) => app.fetch(request);
}

/** Reaches nothing: of a row without a scope. */
const nothing: Pick<Token, "account" | "chats"> = { account: "", chats: [] };

/** What is kept of a request while it is answered. */
interface Kept {
  Variables: { /** Its body. */ text: string };
}

function requestOf({ parameters, body }: AnyRoute, { req }: Context<Kept>, text: string) {
  const query = Object.entries(req.queries()).map(([name, values]) => {
    if (values.length > 1) throw invalid(`${name}: given ${values.length} times`);
    return [name, values[0]];
  });
  const names = Object.keys(parameters.headers.shape);
  const headers = names.flatMap((name) => {
    const value = req.header(name.toLowerCase());
    return value === undefined ? [] : [[name, value]];
  });
  return {
    path: checked(parameters.path, req.param()),
    query: checked(parameters.query, Object.fromEntries(query)),
    headers: checked(parameters.headers, Object.fromEntries(headers)),
    body: body && checked(body, jsonIn(text, req.header("content-type") ?? "")),
  };
}

/** A body that a page in a browser could send unasked is none (`Content-Type`). */
function jsonIn(text: string, type: string): unknown {
  if (type.split(";", 1)[0]!.trim().toLowerCase() !== "application/json")
    throw new TapbackError("REQUEST_TYPE", "the body is not application/json");
  try {
    return JSON.parse(text);
  } catch {
    throw invalid("the body is no JSON");
  }
}

function checked(schema: z.ZodType, given: unknown): unknown {
  const parsed = schema.safeParse(given, { jitless: true });
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues as [z.core.$ZodIssue];
  throw invalid(path.length === 0 ? message : `${path.join(".")}: ${message}`);
}

function answer(value: unknown): Response {
  return new Response(JSON.stringify(value), {
    headers: {
      "Content-Type": "application/json",
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
    },
  });
}

function refusal(thrown: unknown, { log }: ApiDeps): Response {
  const known = told(thrown);
  if (!known) {
    // What nobody foresaw may name anything.
    log.error(`a request could not be answered: ${messageOf(thrown)}`);
    return problemOf("FAILED", 500);
  }
  const { error, status } = known;
  const headers: Record<string, string> = {};
  if (status === 401) headers["WWW-Authenticate"] = "Bearer";
  if (status === 413) headers.Connection = "close";
  if (thrown instanceof TooOften) headers["Retry-After"] = String(thrown.seconds);
  return problemOf(error.code, status, {
    detail: error.message,
    ...(error.hint !== undefined && { hint: error.hint }),
    headers,
  });
}
