import { LineSplitter, type StartedProgram, startProgram } from "../../src/platform/index.js";

/** A line that the child wrote. */
export interface Answer {
  id?: unknown;
  result?: Record<string, unknown>;
  error?: { code: number; message: string; data?: unknown };
  method?: string;
  params?: Record<string, unknown>;
}

/** A running `imsg rpc`, seen from its parent. Every line it writes is kept in order. */
export class RpcChild {
  readonly lines: Answer[] = [];
  /** Lines that are not JSON. */
  readonly garbage: string[] = [];
  /** What was left when stdout ended within a line. */
  rest: string | undefined;
  stderr = "";
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  readonly child: StartedProgram["child"];
  #next = 1;
  #waiting = new Set<() => void>();

  /** @param started a program that was just started, or what stands in for one */
  constructor(private readonly started: StartedProgram) {
    this.child = started.child;
    const splitter = new LineSplitter(64 * 1024 * 1024, (line) => this.#take(line));
    this.child.stdout.on("data", (chunk: Buffer) => splitter.push(chunk));
    this.child.stdout.on("end", () => {
      this.rest = splitter.end();
    });
    this.child.stderr.on("data", (chunk: Buffer) => {
      this.stderr += chunk.toString("utf8");
    });
    this.child.stdin.on("error", () => {});
    this.exited = new Promise((resolve) => {
      this.child.on("close", (code) => {
        resolve({ code, signal: this.child.signalCode });
        this.#wake();
      });
    });
  }

  /** Starts a program. @param command it and its leading arguments; `rpc` and `args` are added */
  static of(command: string[], args: string[] = [], env: Record<string, string> = {}): RpcChild {
    const [program = "", ...leading] = command;
    return new RpcChild(startProgram(program, [...leading, "rpc", ...args], { ...process.env, ...env }));
  }

  /** Writes text to stdin as it is, or bytes that are none. */
  raw(text: string | Buffer): void {
    this.child.stdin.write(text as string);
  }

  /** Signals it. */
  kill(signal: NodeJS.Signals): void {
    this.started.signal(signal);
  }

  /** Sends a request and waits for its answer, errors included. */
  async request(method: string, params: Record<string, unknown> = {}): Promise<Answer> {
    const id = this.#next++;
    this.raw(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
    return await this.until((line) => line.id === id);
  }

  /** Sends a request that must succeed. @returns its result */
  async call(method: string, params: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    const answer = await this.request(method, params);
    if (answer.error) throw new Error(`${method}: ${JSON.stringify(answer.error)}`);
    return answer.result!;
  }

  /** Waits for the first line that fits. @throws when the child ends before */
  async until(fits: (line: Answer) => boolean): Promise<Answer> {
    for (;;) {
      const found = this.lines.find(fits);
      if (found !== undefined) return found;
      if (this.child.exitCode !== null || this.child.signalCode !== null)
        throw new Error(`imsg ended: ${this.stderr}`);
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** Messages that were reported so far. */
  messages(): Record<string, unknown>[] {
    return this.lines
      .filter(({ method }) => method === "message")
      .map(({ params }) => params!.message as never);
  }

  /** Waits until so many messages were reported. */
  async messagesOf(count: number): Promise<Record<string, unknown>[]> {
    await this.until(() => this.messages().length >= count);
    return this.messages();
  }

  /** Closes stdin and waits for the end. @returns the exit code */
  async end(): Promise<number | null> {
    this.child.stdin.end();
    return (await this.exited).code;
  }

  #take(line: string): void {
    try {
      this.lines.push(JSON.parse(line) as Answer);
    } catch {
      this.garbage.push(line);
    }
    this.#wake();
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}
