import { deserializeMessage, type JSONRPCMessage, type Transport } from "@modelcontextprotocol/server";
import { LineSplitter } from "../../../platform/index.js";
import { Child, type ChildOptions } from "../../process/child.js";

/** Longest message of a server; pictures come as base64. */
const maxMessageBytes = 16_000_000;

/** A server that is a program: a message per line, over its standard input and output. */
export class StdioTransport implements Transport {
  onmessage?: (message: JSONRPCMessage) => void;
  onclose?: () => void;

  private constructor(private readonly child: Child) {}

  /** @throws AGENT_NOT_FOUND, AGENT_CWD, AGENT_START */
  static async open(options: ChildOptions): Promise<StdioTransport> {
    return new StdioTransport(await Child.start(options));
  }

  /** The end of what it wrote to stderr. */
  get stderr(): string {
    return this.child.stderr;
  }

  /** Begins to read what the program says. */
  async start(): Promise<void> {
    const lines = new LineSplitter(maxMessageBytes, (line) => this.#take(line));
    this.child.stdout.on("data", (chunk: Buffer) => lines.push(chunk));
    void this.child.ended.then(() => this.onclose?.());
  }

  /** @throws where the program has ended, or is being ended */
  async send(message: JSONRPCMessage): Promise<void> {
    // A stream that has ended tells a write by an event that nobody hears.
    if (!this.child.stdin.writable) throw new Error("the program has ended");
    this.child.stdin.write(`${JSON.stringify(message)}\n`);
  }

  /** Ends the program with everything below it. */
  async close(): Promise<void> {
    await this.child.stop();
  }

  #take(line: string): void {
    let message: JSONRPCMessage;
    try {
      message = deserializeMessage(line);
    } catch {
      // Many programs greet before they speak the protocol.
      return;
    }
    this.onmessage?.(message);
  }
}
