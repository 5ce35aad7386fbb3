import { EventEmitter } from "node:events";
import type { StartImsg } from "../../src/bridge/index.js";

type Params = Record<string, unknown>;

/** A request as a child got it. */
export interface Request {
  method: string;
  params: Params;
}

/** What a child answers: a result; an error where it is thrown; nothing yet where it is undefined. */
export type Answer = (params: Params, child: PlayedChild) => unknown;

class Pipe extends EventEmitter {
  destroy(): void {}
}

class Stdin extends Pipe {
  writable = true;

  constructor(
    private readonly take: (text: string) => void,
    private readonly closed: () => void,
  ) {
    super();
  }

  write(text: string): boolean {
    this.take(text);
    return true;
  }

  end(): void {
    this.writable = false;
    this.closed();
  }
}

/** One child as a bridge sees it: pipes, an exit, and nobody behind them but the test. */
export class PlayedChild extends EventEmitter {
  exitCode: number | null = null;
  signalCode: NodeJS.Signals | null = null;
  readonly stdout = new Pipe();
  readonly stderr = new Pipe();
  readonly stdin: Stdin;
  readonly requests: (Request & { id: number })[] = [];
  readonly signals: NodeJS.Signals[] = [];
  /** Whether it goes when its stdin is closed, as imsg does. */
  obeys = true;

  constructor(
    readonly pid: number,
    readonly args: readonly string[],
    private readonly answerOf: (request: Request, child: PlayedChild) => unknown,
  ) {
    super();
    this.stdin = new Stdin(
      (text) => this.#take(text),
      () => this.obeys && this.exit(0),
    );
  }

  /** Writes a line of stdout. */
  say(line: object | string): void {
    const text = typeof line === "string" ? line : JSON.stringify(line);
    setImmediate(() => this.stdout.emit("data", Buffer.from(`${text}\n`)));
  }

  notify(method: string, params: Params): void {
    this.say({ jsonrpc: "2.0", method, params });
  }

  /** Answers the newest request of a method that waits. */
  answer(method: string, result: unknown): void {
    const asked = this.requests.findLast((request) => request.method === method);
    this.say({ jsonrpc: "2.0", id: asked!.id, result });
  }

  exit(code: number | null, signal: NodeJS.Signals | null = null): void {
    if (this.exitCode !== null || this.signalCode !== null) return;
    this.exitCode = code;
    this.signalCode = signal;
    this.stdin.writable = false;
    setImmediate(() => {
      for (const pipe of [this.stdout, this.stderr]) pipe.emit("end");
      this.emit("exit", code);
      this.emit("close", code);
    });
  }

  signal(signal: NodeJS.Signals): void {
    this.signals.push(signal);
    if (signal === "SIGKILL") this.exit(null, signal);
  }

  #take(text: string): void {
    const { id, method, params } = JSON.parse(text) as Request & { id: number };
    this.requests.push({ id, method, params });
    try {
      const result = this.answerOf({ method, params }, this);
      if (result !== undefined) this.say({ jsonrpc: "2.0", id, result });
    } catch (error) {
      this.say({ jsonrpc: "2.0", id, error });
    }
  }
}

/** An error as imsg answers with it. */
export function rpcFailure(message: string, code = -32603): object {
  return { code, message: "Internal error", data: message };
}

const methods = [
  "chats.list",
  "messages.history",
  "messages.after",
  "watch.subscribe",
  "send",
  "send.rich",
  "send.attachment",
  "tapback",
  "typing",
  "read",
  "message.edit",
  "message.unsend",
  "message.send_status",
  "group.rename",
  "group.setIcon",
  "group.addParticipant",
  "group.removeParticipant",
  "group.leave",
  "poll.send",
  "poll.vote",
];

/** What imsg tells of itself, with its helper in Messages. */
export function toldStatus(change: { methods?: string[]; ready?: boolean; version?: string } = {}): object {
  const { ready = true, version = "0.19.1" } = change;
  const has = change.methods ?? methods;
  return {
    protocol_version: 1,
    version,
    bridge: { ready, v2_ready: ready, bridge_version: 2, selectors: {} },
    supported_methods: has,
    methods: ready ? has : [],
    database: { ready: true },
    capabilities: { features: { "tapback.emoji": 2 } },
  };
}

/** imsg as a test plays it: every child that is started, and what it answers to each method. */
export class PlayedImsg {
  readonly children: PlayedChild[] = [];
  readonly answers: Record<string, Answer> = {
    initialize: () => toldStatus(),
    "watch.subscribe": () => ({ subscription: 1, buffer_limit: 1000 }),
    "chats.list": () => ({ chats: [] }),
    "messages.history": () => ({ messages: [] }),
    "watch.unsubscribe": () => ({ ok: true }),
  };
  /** Whether a child can be started. */
  failure: Error | undefined;

  readonly start: StartImsg = (args) => {
    if (this.failure) throw this.failure;
    const child = new PlayedChild(1000 + this.children.length, args, ({ method, params }, asked) => {
      const answer = this.answers[method];
      if (!answer) throw { code: -32601, message: "Method not found" };
      return answer(params, asked);
    });
    this.children.push(child);
    return { child: child as never, signal: (signal) => child.signal(signal) };
  };

  /** The child that was started last. */
  get child(): PlayedChild {
    return this.children.at(-1)!;
  }

  /** Parameters of all requests of a method, whichever child had them. */
  asked(method: string): Params[] {
    return this.children.flatMap(({ requests }) =>
      requests.filter((request) => request.method === method).map(({ params }) => params),
    );
  }
}
