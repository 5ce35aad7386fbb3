import type { Config } from "../config/index.js";
import type { Site, SiteState } from "../http/index.js";
import { TapbackError } from "../platform/index.js";
import type { ConsoleDeps } from "./deps.js";
import { Entrance } from "./entrance.js";

export type { ConsoleDeps } from "./deps.js";
export { consoleLog } from "./log.js";

/** The console in the browser (behaviour 19); nothing of it is loaded while it is off. */
export class WebConsole {
  readonly #entrance: Entrance;

  constructor(private readonly deps: ConsoleDeps) {
    this.#entrance = new Entrance(deps.stateDir, deps.api.clock);
  }

  /** @returns the console as something that is served; none while it is off */
  sites({ gateway }: Config): Site[] {
    const { enabled, host, port } = gateway.console;
    if (!enabled) return [];
    const load = async (ends: AbortSignal) =>
      (await import("./app.js")).consoleApp(this.deps, this.#entrance, ends);
    return [{ name: "console", host, port, prefix: "/console", load }];
  }

  /**
   * Makes an address that opens the console in one browser, once.
   * @param states how the sites do
   * @throws `CONSOLE_OFF`; what keeps it from listening
   */
  address(states: readonly SiteState[]): string {
    const state = states.find(({ name }) => name === "console");
    if (state?.error) {
      const { code, message, hint } = state.error;
      throw new TapbackError(code as TapbackError["code"], message, hint === null ? {} : { hint });
    }
    if (!state?.url) throw new TapbackError("CONSOLE_OFF", "the console is off");
    return `${state.url}/console/enter?token=${this.#entrance.invite()}`;
  }
}
