import { type ApiDeps, apiSites } from "../api/index.js";
import type { Config } from "../config/index.js";
import { type ConsoleDeps, WebConsole } from "../console/index.js";
import { HttpListeners, type SiteState } from "../http/index.js";
import type { Telemetry } from "../telemetry/index.js";

/** What the gateway serves over HTTP: the API and the console. */
export class HttpSites {
  readonly #listeners: HttpListeners;
  #console: WebConsole | undefined;

  constructor(deps: ConstructorParameters<typeof HttpListeners>[0]) {
    this.#listeners = new HttpListeners(deps);
  }

  /** Opens, changes or closes them, as the configuration has them now, and counts what the API tells. @param surroundings of the console */
  async apply(
    config: Config,
    api: ApiDeps & { telemetry: Telemetry },
    surroundings: Omit<ConsoleDeps, "api">,
  ): Promise<void> {
    await api.telemetry.count(config.gateway.api.enabled);
    this.#console ??= new WebConsole({ api, ...surroundings });
    await this.#listeners.apply([...apiSites(config, api), ...this.#console.sites(config)]);
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
  async close(): Promise<void> {
    await this.#listeners.close();
    this.#console = undefined;
  }
}
