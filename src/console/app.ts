import { Hono } from "hono";
import { type Admit, Reach, tableApp, told } from "../api/serving/index.js";
import { type Answer, problemOf } from "../http/index.js";
import { messageOf, TapbackError } from "../platform/index.js";
import { tokenScopes } from "../store/index.js";
import type { ConsoleDeps } from "./deps.js";
import type { Entrance } from "./entrance.js";
import { readPage } from "./files.js";
import { checkOrigin, cookieOf, safeHeaders } from "./guard.js";
import { News } from "./news.js";
import { enteredPage, lockedPage } from "./pages.js";
import { consoleTable } from "./table.js";

const base = "/console";
const cookieRules = `Path=${base}/; HttpOnly; SameSite=Strict`;
/** The names of these files change with what is in them. */
const forEver = "private, max-age=31536000, immutable";

/** Makes what answers the browsers (behaviour 19.2). @param ends aborts when it is served there no more */
export function consoleApp(deps: ConsoleDeps, entrance: Entrance, ends: AbortSignal): Answer {
  const { api } = deps;
  const page = readPage();
  const stylesheet = [...page.keys()].find((name) => name.endsWith(".css")) ?? "";
  const news = new News(api.store, deps.log, api.clock, ends);
  const isIn = (request: Request) => entrance.isIn(cookieOf(request, entrance.cookieName));
  const admit: Admit = async (request) => ({
    ...{ reach: new Reach({}, api.config(), api.store), by: "console", tokenId: "console" },
    ...{ scopes: tokenScopes, isStillIn: async () => isIn(request) },
  });
  const requests = tableApp(consoleTable(deps, ends), api, admit, ends);

  const app = new Hono({ strict: true });
  app.use(async ({ req }, next) => {
    const isPage = [base, `${base}/`, `${base}/enter`].includes(req.path);
    checkOrigin(req.raw, isPage);
    // What is the same for everybody who installed this needs nobody to be let in.
    const isOpen = isPage || page.has(req.path.slice(base.length + 1));
    if (!isOpen && !isIn(req.raw)) throw new TapbackError("CONSOLE_LOCKED", "this browser is not let in");
    await next();
  });
  app.get(`${base}/enter`, (context) => {
    const entered = entrance.enter(context.req.query("token") ?? "");
    if (!entered) return context.html(lockedPage(stylesheet), 401);
    const { cookie, seconds } = entered;
    context.header("Set-Cookie", `${entrance.cookieName}=${cookie}; Max-Age=${seconds}; ${cookieRules}`);
    return context.html(enteredPage(stylesheet));
  });
  app.get(base, (context) => context.redirect(`${base}/`));
  app.get(`${base}/`, (context) =>
    isIn(context.req.raw)
      ? context.html(page.get("index.html")!.body)
      : context.html(lockedPage(stylesheet), 401),
  );
  app.get(`${base}/events`, ({ req }) => {
    const cursor = req.header("last-event-id") ?? req.query("after") ?? null;
    const stream = news.open(cursor, () => isIn(req.raw));
    if (!stream) return problemOf("RATE_LIMITED", 503, { detail: "too many pages are open" });
    return new Response(stream, { headers: { "Content-Type": "text/event-stream; charset=utf-8" } });
  });
  app.post(`${base}/leave`, (context) => {
    // The next key gives it another name.
    context.header("Set-Cookie", `${entrance.cookieName}=; Max-Age=0; ${cookieRules}`);
    entrance.closeToAll();
    return context.body(null, 204);
  });
  app.all(`${base}/v1/*`, ({ req }) => {
    const url = new URL(req.url);
    url.pathname = url.pathname.slice(base.length);
    return requests(new Request(url, req.raw));
  });
  app.get(`${base}/*`, (context) => {
    const file = page.get(context.req.path.slice(base.length + 1));
    if (!file) return problemOf("RESOURCE_UNKNOWN", 404);
    return new Response(file.body, { headers: { "Content-Type": file.type, "Cache-Control": forEver } });
  });
  app.notFound(() => problemOf("RESOURCE_UNKNOWN", 404));
  app.onError((thrown) => {
    const known = told(thrown);
    if (!known) api.log.error(`a page could not be served: ${messageOf(thrown)}`);
    return known
      ? problemOf(known.error.code, known.status, { detail: known.error.message })
      : problemOf("FAILED", 500);
  });
  return async (request) => safe(await app.fetch(request));
}

/** Every answer, also a refusal, has the headers that keep it apart from other pages. */
function safe(response: Response): Response {
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(safeHeaders)) headers.set(name, value);
  if (!headers.has("Cache-Control")) headers.set("Cache-Control", "no-store");
  return new Response(response.body, { status: response.status, headers });
}
