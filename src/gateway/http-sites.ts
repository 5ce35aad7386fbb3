import { type ApiDeps, apiSites, Gate } from "../api/index.js";
import type { Config } from "../config/index.js";
import { type ConsoleDeps, WebConsole } from "../console/index.js";
import { HttpListeners, type SiteState } from "../http/index.js";
import { McpDoor } from "../mcp/index.js";
import type { KeptLog } from "../platform/index.js";
import type { Telemetry } from "../telemetry/index.js";

/** What programs are served with, while the gateway runs. */
export type ProgramParts = ApiDeps & { telemetry: Telemetry; kept: KeptLog };

/** What the gateway serves over HTTP: the API, MCP and the console. */
export class HttpSites {
  readonly #listeners: HttpListeners;
  #console: WebConsole | undefined;
  #gate: Gate | undefined;
  #mcp: McpDoor | undefined;
  /** One change after the other: what closes them finds nothing half open. */
  #line: Promise<unknown> = Promise.resolve();

  constructor(
    deps: ConstructorParameters<typeof HttpListeners>[0],
    private readonly programs: () => ProgramParts,
  ) {
    this.#listeners = new HttpListeners(deps);
  }

  /** Opens, changes or closes them, as the configuration has them now, and counts what the API tells. @param surroundings of the console */
  apply(config: Config, surroundings: Omit<ConsoleDeps, "api" | "log">): Promise<void> {
    return this.#inLine(() => this.#apply(config, surroundings));
  }

  async #apply(config: Config, surroundings: Omit<ConsoleDeps, "api" | "log">): Promise<void> {
    const api = this.programs();
    await api.telemetry.count(config.gateway.api.enabled);
    this.#console ??= new WebConsole({ ...surroundings, api, log: api.kept });
    await this.#listeners.apply([
      ...apiSites(config, api, this.#gateOf(api)),
      ...this.mcp.sites(config),
      ...this.#console.sites(config),
    ]);
  }

  /** How agents of other systems reach the gateway. */
  get mcp(): McpDoor {
    this.#mcp ??= new McpDoor(() => {
      const api = this.programs();
      return { api, gate: this.#gateOf(api) };
    });
    return this.#mcp;
  }

  /** How each of them does. */
  get states(): SiteState[] {
    return this.#listeners.states;
  }

  /** Makes an address that opens the console once. @throws `CONSOLE_OFF`; what keeps it from listening */
  consoleAddress(): string {
    return this.#console?.address(this.states) ?? "";
  }

  /** Closes everything; what is applied afterwards is of another start. */
  close(): Promise<void> {
    return this.#inLine(async () => {
      await this.#listeners.close();
      this.#console = undefined;
      this.#gate = undefined;
      this.#mcp = undefined;
    });
  }

  #inLine(work: () => Promise<void>): Promise<void> {
    const done = this.#line.then(work);
    this.#line = done.catch(() => {});
    return done;
  }

  /** One for all ways in: a token is counted once. */
  #gateOf(api: ApiDeps): Gate {
    this.#gate ??= new Gate(api);
    return this.#gate;
  }
}
