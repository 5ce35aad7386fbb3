import { argumentFaults } from "../../platform/index.js";
import { FarAgents } from "./agents.js";
import { Peer, WrongCall } from "./peer.js";
import { type MethodName, type ParametersOf, shapes } from "./shapes.js";
import { Worlds } from "./worlds.js";

type TurnMethod = Extract<MethodName, `turn.${string}`>;

/**
 * One client of `imsg-sim serve` (behaviour 22.1). What it does with the world is done one after the other; what it does in a
 * turn is done at once, since the world may wait for that turn.
 */
export class ServedSession {
  readonly #peer: Peer;
  readonly #agents: FarAgents;
  readonly #worlds: Worlds;
  #last: Promise<unknown> = Promise.resolve();

  /** @param write takes a line for the client, without its end */
  constructor(write: (line: string) => void) {
    this.#peer = new Peer(write, (method, parameters) => this.#answer(method, parameters));
    this.#agents = new FarAgents(() => this.#peer);
    this.#worlds = new Worlds(this.#agents);
  }

  /** Takes a line of the client. */
  accept(line: string): void {
    this.#peer.accept(line);
  }

  /** The client has gone: its calls come to their end, and so does its world. */
  async end(): Promise<void> {
    this.#peer.end();
    await this.#last;
    await this.#worlds.close();
  }

  async #answer(method: string, given: unknown): Promise<unknown> {
    if (!isMethod(method)) throw new WrongCall(-32601, `There is no method ${method}`);
    const parsed = shapes[method].safeParse(given);
    if (!parsed.success) {
      const faults = argumentFaults(parsed.error.issues, given, `the parameters of ${method}`);
      throw new WrongCall(-32602, faults.map(({ sentence }) => sentence).join("; "));
    }
    if (isOfTurn(method)) return await this.#inTurn(method, parsed.data as never);
    const run = this.#worlds.methods[method as Exclude<MethodName, TurnMethod>] as (
      parameters: unknown,
    ) => unknown;
    const done = this.#last.then(() => run(parsed.data));
    this.#last = done.catch(() => {});
    return await done;
  }

  async #inTurn<M extends TurnMethod>(method: M, parameters: ParametersOf<M>): Promise<unknown> {
    const turn = this.#agents.turn(parameters.turn);
    const does: { [N in TurnMethod]: (given: ParametersOf<N>) => unknown } = {
      "turn.say": ({ text, files }) => turn.say(text, files),
      "turn.act": ({ action, parameters }) => turn.act(action, parameters),
      "turn.note": ({ text }) => turn.note(text),
      "turn.sleep": ({ ms }) => turn.sleep(ms),
      "turn.remember": ({ session }) => turn.remember(session),
    };
    return await does[method](parameters);
  }
}

function isMethod(name: string): name is MethodName {
  return Object.hasOwn(shapes, name);
}

function isOfTurn(name: MethodName): name is TurnMethod {
  return name.startsWith("turn.");
}
