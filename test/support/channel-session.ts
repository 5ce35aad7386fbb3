import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import * as z from "zod";
import { tapbackPath } from "../faults/harness/gateway-process.js";
import type { House } from "../faults/harness/house.js";
import { until } from "../faults/harness/wait.js";

const pushed = z.object({ content: z.string(), meta: z.record(z.string(), z.string()) });
const verdict = z.object({ request_id: z.string(), behavior: z.enum(["allow", "deny"]) });

/** What a session was given: content, and what its client makes attributes of. */
export type Pushed = z.infer<typeof pushed>;

/** A small client of Claude Code's channels over the real `tapback channel`: what a session is given, and what it answers. */
export class ChannelSession {
  readonly pushes: Pushed[] = [];
  readonly verdicts: z.infer<typeof verdict>[] = [];
  readonly client = new Client({ name: "session", version: "1" });
  stderr = "";
  readonly #transport: StdioClientTransport;

  private constructor(house: House, args: string[]) {
    this.#transport = new StdioClientTransport({
      command: process.execPath,
      args: [tapbackPath, "channel", ...args],
      env: {
        PATH: process.env.PATH ?? "",
        HOME: house.folder,
        TAPBACK_STATE_DIR: house.stateDir,
        TAPBACK_CONFIG: join(house.folder, "tapback.json5"),
      },
      stderr: "pipe",
    });
    this.#transport.stderr?.on("data", (chunk: Buffer) => {
      this.stderr += chunk.toString();
    });
    this.client.setNotificationHandler("notifications/claude/channel", { params: pushed }, (params) => {
      this.pushes.push(params);
    });
    this.client.setNotificationHandler(
      "notifications/claude/channel/permission",
      { params: verdict },
      (params) => {
        this.verdicts.push(params);
      },
    );
  }

  /** Starts one. @param args of `tapback channel` */
  static async open(house: House, ...args: string[]): Promise<ChannelSession> {
    const session = new ChannelSession(house, args);
    await session.client.connect(session.#transport);
    return session;
  }

  /** Waits until it is attached. */
  async attached(): Promise<this> {
    await this.until("it is attached", () => this.stderr.includes("attached to"));
    return this;
  }

  /** Waits for the nth message that waits for an answer, from 1. */
  async message(count: number): Promise<Pushed> {
    const messages = () => this.pushes.filter(({ meta }) => meta.turn_id !== undefined);
    await this.until(`message ${count}`, () => messages().length >= count);
    return messages()[count - 1]!;
  }

  /** Waits for a push with this attribute. */
  async told(attribute: string): Promise<Pushed> {
    const find = () => this.pushes.find(({ meta }) => meta[attribute] !== undefined);
    await this.until(`a push with ${attribute}`, () => find() !== undefined);
    return find()!;
  }

  /** Calls a tool. @returns what the model reads; an error begins with `error: ` */
  async call(name: string, args: Record<string, unknown>): Promise<string> {
    const { content, isError } = await this.client.callTool({ name, arguments: args });
    const [first] = content as { type: string; text: string }[];
    return `${isError ? "error: " : ""}${first?.text}`;
  }

  reply({ meta }: Pushed, text: string, more: Record<string, unknown> = {}): Promise<string> {
    return this.call("reply", { turn_id: meta.turn_id, text, ...more });
  }

  /** Its client relays a permission request. */
  asks(requestId: string, tool: string, description: string): Promise<void> {
    return this.client.notification({
      method: "notifications/claude/channel/permission_request",
      params: { request_id: requestId, tool_name: tool, description, input_preview: '{"command":"rm -rf b…' },
    });
  }

  async until(what: string, holds: () => boolean): Promise<void> {
    await until(holds, () => `${what}: ${JSON.stringify(this.pushes)}\n${this.stderr}`, 15_000);
  }

  /** The session and its client die. */
  kill(): void {
    process.kill(this.#transport.pid!, "SIGKILL");
  }

  async close(): Promise<void> {
    await this.client.close();
  }
}
