import type { Config } from "../config/index.js";
import type { Answer, Site } from "../http/index.js";
import type { McpDeps } from "./deps.js";
import type { AgentRequests } from "./requests.js";
import type { OpenWaits } from "./waits.js";
import type { AgentMethod, LocalRights } from "./wire/index.js";

export type { McpDeps } from "./deps.js";

/** How agents of other systems reach the gateway (behaviour 20.3); nothing of it is loaded before one comes. */
export class McpDoor {
  #here: Promise<AgentRequests> | undefined;
  /** Counted for all ways in which agents come (behaviour 20.3a). */
  readonly #waits: OpenWaits = new Map();

  constructor(private readonly deps: () => McpDeps) {}

  /** @returns MCP over HTTP as something that is served, where the API is; none while that is off */
  sites({ gateway: { api } }: Config): Site[] {
    if (!api.enabled) return [];
    const { host, port } = api;
    const load = async (ends: AbortSignal): Promise<Answer> => {
      const deps = this.deps();
      let loaded: Promise<Answer> | undefined;
      return async (request) => {
        loaded ??= import("./http.js").then(({ mcpAnswer }) => mcpAnswer(deps, ends, this.#waits));
        return (await loaded)(request);
      };
    };
    return [{ name: "mcp", host, port, prefix: "/mcp", load }];
  }

  /** What `tapback mcp` asks over the control socket, whose file says that its owner does. */
  readonly control = {
    "agent.bind": async (place: Pick<LocalRights, "account" | "chats">) =>
      (await import("./agent.js")).bound(place, this.deps()),
    "agent.ask": async (
      {
        rights,
        method,
        params,
      }: { rights: LocalRights; method: AgentMethod; params: Record<string, unknown> },
      left: AbortSignal,
    ) => {
      const deps = this.deps();
      const { agentHere } = await import("./agent.js");
      // Whoever waits here hangs up when the gateway closes the socket.
      this.#here ??= import("./requests.js").then(
        ({ AgentRequests }) => new AgentRequests(deps, new AbortController().signal, this.#waits),
      );
      return (await this.#here).answer(await agentHere(rights, deps), method, params, left);
    },
  };
}
