import { randomUUID } from "node:crypto";
import { type ClientApp, type CreateTerminalRequest, methods, RequestError } from "@agentclientprotocol/sdk";
import { Child, type ChildEnd, type ChildOptions } from "../process/child.js";
import { isBelow, realOf } from "../real-path.js";

const maxTerminals = 8;
const maxOutputBytes = 1_000_000;

interface Terminal {
  child: Child;
  output: Buffer;
  limit: number;
  truncated: boolean;
  end?: ChildEnd;
}

/** The `terminal/*` methods: programs started inside the session's working folder, ended with the agent. */
export class Terminals {
  readonly #open = new Map<string, Terminal>();
  /** Programs that are being started. */
  readonly #starting = new Set<Promise<string>>();
  #isClosed = false;

  /** @param agent how the agent was started: its folder and its environment are the programs' too */
  constructor(private readonly agent: Pick<ChildOptions, "cwd" | "env" | "records">) {}

  /** Answers the agent's requests for terminals. */
  serve(app: ClientApp): void {
    const { terminal } = methods.client;
    app
      .onRequest(terminal.create, async ({ params }) => ({ terminalId: await this.#begin(params) }))
      .onRequest(terminal.output, ({ params }) => {
        const { output, truncated, end } = this.#get(params.terminalId);
        return {
          output: output.toString("utf8"),
          truncated,
          ...(end === undefined ? {} : { exitStatus: statusOf(end) }),
        };
      })
      .onRequest(terminal.waitForExit, async ({ params }) =>
        statusOf(await this.#get(params.terminalId).child.ended),
      )
      .onRequest(terminal.kill, ({ params }) => this.#get(params.terminalId).child.stop())
      .onRequest(terminal.release, async ({ params }) => {
        const { child } = this.#get(params.terminalId);
        this.#open.delete(params.terminalId);
        await child.stop();
      });
  }

  /** Ends every program, also those that are being started; nothing is started any more, whatever the agent still asks for. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#starting);
    const all = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(all.map(({ child }) => child.stop()));
  }

  async #begin(params: CreateTerminalRequest): Promise<string> {
    this.#mustBeOpen();
    if (this.#open.size + this.#starting.size >= maxTerminals)
      throw RequestError.invalidParams(undefined, `at most ${maxTerminals} terminals`);
    const starting = this.#create(params);
    this.#starting.add(starting);
    return starting.finally(() => this.#starting.delete(starting));
  }

  async #create({
    command,
    args = [],
    env = [],
    cwd,
    outputByteLimit,
  }: CreateTerminalRequest): Promise<string> {
    const folder = await this.#inside(cwd ?? this.agent.cwd);
    this.#mustBeOpen();
    const child = await Child.start({
      command,
      args,
      cwd: folder,
      records: this.agent.records,
      env: { ...this.agent.env, ...Object.fromEntries(env.map(({ name, value }) => [name, value])) },
    });
    child.stdin.end();
    const limit = Math.min(outputByteLimit ?? maxOutputBytes, maxOutputBytes);
    const terminal: Terminal = { child, output: Buffer.alloc(0), limit, truncated: false };
    child.stdout.on("data", (chunk: Buffer) => keep(terminal, chunk));
    child.onStderr = (chunk) => keep(terminal, chunk);
    void child.ended.then((end) => {
      terminal.end = end;
    });
    const id = randomUUID();
    this.#open.set(id, terminal);
    return id;
  }

  #mustBeOpen(): void {
    if (this.#isClosed) throw RequestError.internalError(undefined, "the agent is being ended");
  }

  #get(id: string): Terminal {
    const terminal = this.#open.get(id);
    if (terminal === undefined) throw RequestError.resourceNotFound(id);
    return terminal;
  }

  async #inside(path: string): Promise<string> {
    const [real, root] = await Promise.all([realOf(path), realOf(this.agent.cwd)]);
    if (real === undefined || root === undefined || (real !== root && !isBelow(real, root)))
      throw RequestError.invalidParams(undefined, `${path} is outside ${this.agent.cwd}`);
    return real;
  }
}

/** Keeps the end of the output, cut between characters. */
function keep(terminal: Terminal, chunk: Buffer): void {
  const all = Buffer.concat([terminal.output, chunk]);
  if (all.length <= terminal.limit) {
    terminal.output = all;
    return;
  }
  let start = all.length - terminal.limit;
  // UTF-8: bytes 10xxxxxx continue a character.
  while (start < all.length && (all[start]! & 0xc0) === 0x80) start += 1;
  terminal.output = all.subarray(start);
  terminal.truncated = true;
}

function statusOf({ code, signal }: ChildEnd): { exitCode: number | null; signal: string | null } {
  return { exitCode: code, signal };
}
