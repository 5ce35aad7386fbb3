import type { Config } from "../config/index.js";
import type { Answer, Site } from "../http/index.js";
import type { ApiDeps } from "./deps.js";
import type { Gate } from "./gate.js";

export type { ApiDeps, ApiMessage } from "./deps.js";
export { Gate } from "./gate.js";
export { addToken, boundTo, scopesIn } from "./new-token.js";

/** The API as something that is served (behaviour 20.1); nothing of it is loaded before it is. @returns none while it is off */
export function apiSites({ gateway: { api } }: Config, deps: ApiDeps, gate: Gate): Site[] {
  if (!api.enabled) return [];
  const { host, port } = api;
  let app: Promise<Answer> | undefined;
  const load = (ends: AbortSignal) =>
    (app ??= import("./app.js").then(({ apiApp }) => apiApp(deps, gate, ends)));
  return [
    { name: "api", host, port, prefix: "/v1/", load },
    { name: "metrics", host, port, prefix: "/metrics", load },
  ];
}
