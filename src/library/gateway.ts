import { resolve } from "node:path";
import type { SentMessage } from "../actions/index.js";
import type { FunctionAgent } from "../agents/index.js";
import { formatProblem } from "../config/index.js";
import {
  type ActionInConversation,
  type GatewayParts,
  type GatewayStatus,
  gatewayOf,
  type OutgoingMessage,
  type Gateway as ServingGateway,
} from "../gateway/index.js";
import { createLog, type Log, TapbackError } from "../platform/index.js";
import { functionsById, listingThem, makingThem } from "./function-agents.js";
import { type EventType, type GatewayEvent, GatewayEvents, type ListenOptions } from "./gateway-events.js";
import type { GatewayOptions } from "./options.js";
import { packagedProgram } from "./own-program.js";
import { readSettings, type Settings } from "./settings.js";

/** A gateway in another program's process (behaviour 17.10). */
export interface Gateway extends ServingGateway {
  /**
   * What happens from now on, as an async iterator: it ends when the gateway stops. A reader that is slow misses the oldest
   * events, and `missed` of the next one says how many (behaviour 17.10b).
   * @param types which kinds; all when absent
   * @throws `OPTIONS_INVALID`
   */
  events<Type extends EventType = EventType>(
    types?: Type | readonly Type[],
    options?: ListenOptions,
  ): AsyncIterableIterator<GatewayEvent<Type>>;
}

/**
 * Makes a gateway for a program to embed; nothing is read, opened or started before `start`.
 * @throws `OPTIONS_INVALID`
 */
export function createGateway(options: GatewayOptions = {}): Gateway {
  return embeddedGateway(options, {});
}

/** As {@link createGateway}, of other parts. */
export function embeddedGateway(options: GatewayOptions, parts: GatewayParts): Gateway {
  return new EmbeddedGateway(options, parts);
}

class EmbeddedGateway implements Gateway {
  readonly #events = new GatewayEvents();
  readonly #functions: ReadonlyMap<string, FunctionAgent>;
  /** The one that serves now, from the first moment of its start to the last of its stop; each start reads the configuration anew. */
  #serving: ServingGateway | undefined;
  /** Starts and stops, one after the other. */
  #turn: Promise<void> = Promise.resolve();

  constructor(
    private readonly options: GatewayOptions,
    private readonly parts: GatewayParts,
  ) {
    this.#functions = functionsById(options.agents ?? {});
    if (options.config !== undefined && options.configFile !== undefined)
      throw new TapbackError("OPTIONS_INVALID", "config and configFile are both given", {
        hint: "Give the configuration itself, or the path of its file.",
      });
  }

  start(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#serving)
        throw new TapbackError("GATEWAY_RUNNING", "this gateway was started already", {
          hint: "Stop it before you start it again.",
        });
      try {
        const settings = await readSettings(this.options);
        // A turn of the run before is taken up, and may send, before the start is over.
        this.#serving = this.#make(settings);
        await this.#serving.start();
      } catch (error) {
        this.#serving = undefined;
        this.#events.end();
        throw error;
      }
    });
  }

  stop(options?: { goesOn?: boolean }): Promise<void> {
    return this.#inTurn(async () => {
      try {
        // What its turns still send while it lets them finish goes by it.
        await this.#serving?.stop(options);
      } finally {
        this.#serving = undefined;
        this.#events.end();
      }
    });
  }

  async status(): Promise<GatewayStatus> {
    return (this.#serving ?? this.#make(await readSettings(this.options))).status();
  }

  async send({ media, ...message }: OutgoingMessage): Promise<SentMessage> {
    // As at a command line: a path is one of the folder that the program works in.
    const files = media === undefined ? [] : typeof media === "string" ? [media] : media;
    const paths = files.map((path) => resolve(path));
    return this.#running().send({ ...message, ...(paths.length > 0 && { media: paths }) });
  }

  async act(action: string, parameters: ActionInConversation): Promise<Record<string, unknown>> {
    return this.#running().act(action, parameters);
  }

  events<Type extends EventType = EventType>(
    types?: Type | readonly Type[],
    options?: ListenOptions,
  ): AsyncIterableIterator<GatewayEvent<Type>> {
    return this.#events.listen(types, options);
  }

  #running(): ServingGateway {
    if (this.#serving) return this.#serving;
    throw new TapbackError("ACCOUNT_STOPPED", "the gateway does not run", { hint: "Call its start first." });
  }

  #make({ config, configFile, name, warnings, stateDir, env, home, notes }: Settings): ServingGateway {
    const { agents = {}, log = logOf(config.logging), program = packagedProgram(env) } = this.options;
    for (const note of notes) log.info(note);
    for (const warning of warnings) log.warn(formatProblem(name, warning));
    return gatewayOf(
      { config, stateDir, log, env, home, ...(configFile && { configFile }), ...(program && { program }) },
      {
        ...this.parts,
        makeAgent: makingThem(this.#functions),
        listener: (event) => this.#events.tell(event),
        complete: (read) => listingThem(read, agents),
      },
    );
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }
}

function logOf(settings: Parameters<typeof createLog>[0]): Log {
  return createLog(settings, process.stderr.isTTY === true && !process.env.NO_COLOR);
}
