import { type Context, Hono } from "hono";
import { type Answer, problemOf } from "../http/index.js";
import { messageOf, TapbackError } from "../platform/index.js";
import type { Token } from "../store/index.js";
import { bodyOf } from "./body.js";
import type { ApiDeps } from "./deps.js";
import { openApiDocument } from "./document.js";
import { EventStreams } from "./events/streams.js";
import { type Gate, TooOften } from "./gate.js";
import { LargeBodies } from "./large-bodies.js";
import { type Asker, type Given, perform } from "./perform.js";
import { Reach } from "./reach.js";
import { invalid, told, unknown } from "./refusals.js";
import type { AnyRoute } from "./route.js";
import { apiTable } from "./table.js";

/**
 * Says who asks, before anything else is looked at.
 * @param row what is asked for; undefined where there is no such thing
 * @throws what the request is refused with
 */
export type Admit = (request: Request, row: Pick<AnyRoute, "scope"> | undefined) => Promise<Asker>;

/** Makes what answers the programs that have a token. @param ends aborts when it is served there no more */
export function apiApp(deps: ApiDeps, gate: Gate, ends: AbortSignal): Answer {
  const admit: Admit = async ({ headers }, row) => {
    // Who has no token is not told what there is.
    const isOpen = row !== undefined && row.scope === undefined;
    const token = isOpen ? undefined : await gate.admit(headers.get("authorization"));
    if (token) gate.checkScope(token, row?.scope);
    const reach = new Reach(token ?? nothing, deps.config(), deps.store);
    const { name = "", id = "", scopes = [] } = token ?? {};
    const isStillIn = async () => token === undefined || gate.isGood(token);
    return { reach, by: `token ${name}`, tokenId: id, scopes, isStillIn };
  };
  return tableApp(apiTable(), deps, admit, ends);
}

/**
 * Makes what answers the requests of a table: its routing, its checks and its answers' shapes are the table's.
 * @param ends aborts when it is served there no more
 */
export function tableApp(table: AnyRoute[], deps: ApiDeps, admit: Admit, ends: AbortSignal): Answer {
  const streams = new EventStreams(deps, ends);
  const app = new Hono<Kept>({ strict: true });
  let document: Record<string, unknown> | undefined;
  const written = () => (document ??= openApiDocument(table));
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
        const given = givenIn(row, context, text);
        const result = await perform(row, given, asker, deps, { streams, document: written });
        return result instanceof Response ? result : answer(result);
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

function givenIn({ parameters }: AnyRoute, { req }: Context<Kept>, text: string): Given {
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
    path: req.param(),
    query: Object.fromEntries(query),
    headers: Object.fromEntries(headers),
    body: () => jsonIn(text, req.header("content-type") ?? ""),
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

function answer(value: unknown): Response {
  return new Response(JSON.stringify(value), {
    headers: {
      "Content-Type": "application/json",
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
    },
  });
}

/** The answer that tells why a request was refused. */
export function refusal(thrown: unknown, { log }: Pick<ApiDeps, "log">): Response {
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
