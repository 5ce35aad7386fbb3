import { messageOf } from "../../platform/index.js";
import type { Bridge } from "../contract.js";
import { BridgeError } from "../error.js";
import type { BridgeOptions, MacAccess, MacProbe, MacReader, ProbedPart } from "../mac.js";
import { SshFiles } from "../ssh/remote-files.js";
import type { RemoteMac } from "../ssh/remote-mac.js";
import { accountAddresses } from "./account.js";
import { ImsgBridge } from "./bridge.js";
import { ImsgClient } from "./client.js";
import type { ImsgCommand } from "./command.js";
import { parseChat } from "./parse-chat.js";
import { parseMessage } from "./parse-message.js";
import { probe } from "./probe.js";
import { historyParams, parseAll } from "./reads.js";

/** The way to a Mac on which imsg speaks for Messages. */
export class ImsgMac implements MacAccess {
  constructor(
    private readonly command: ImsgCommand,
    readonly remote?: RemoteMac,
  ) {}

  async look<T>(work: (reader: MacReader) => Promise<T>, timeoutMs?: number): Promise<T> {
    const client = new ImsgClient(this.command);
    const options = { timeoutMs, graceMs: 0 };
    try {
      return await work({
        chats: async (limit) =>
          parseAll((await client.call("chats.list", { limit }, options)).chats, parseChat),
        history: async (query) =>
          parseAll(
            (await client.call("messages.history", historyParams(query), options)).messages,
            parseMessage,
          ),
      });
    } finally {
      await client.close();
    }
  }

  addresses(timeoutMs: number): Promise<string[]> {
    return accountAddresses(this.command, timeoutMs);
  }

  async probe(timeoutMs: number): Promise<MacProbe> {
    const [{ version, rpc, status }, database] = await Promise.all([
      probe(this.command, timeoutMs),
      this.#readDatabase(timeoutMs),
    ]);
    const child: ProbedPart = version.ok
      ? { part: "child", ok: true, detail: `imsg ${version.value}` }
      : {
          part: "child",
          // It was started, and answered something else.
          ok: version.error.code === "PROTOCOL",
          detail: version.error.message,
          error: version.error,
        };
    return {
      parts: [
        child,
        rpc.ok
          ? { part: "rpc", ok: true, detail: "RPC is supported" }
          : { part: "rpc", ok: false, detail: rpc.error.message, error: rpc.error },
        database
          ? { part: "database", ok: false, detail: database.message, error: database }
          : { part: "database", ok: true, detail: "the Messages database is readable" },
      ],
      ...(version.ok && { version: version.value }),
      ...(status.ok && { features: status.value }),
    };
  }

  bridge(options: BridgeOptions): Bridge {
    const files = this.remote && new SshFiles(this.remote);
    if (!files) return new ImsgBridge(this.command, options);
    let swept = false;
    const sweep = () => {
      swept = true;
      files.sweep().catch((error) => options.log?.(`old folders on the Mac: ${messageOf(error)}`));
    };
    const { events } = options;
    return new ImsgBridge(this.command, {
      ...options,
      files,
      events: {
        row: (row) => events.row(row),
        told: (event) => events.told?.(event),
        malformed: (problem) => events.malformed(problem),
        state: (next, incident) => {
          if (next === "live" && !swept) sweep();
          events.state(next, incident);
        },
      },
    });
  }

  /** @returns why the database cannot be read; undefined when it can */
  async #readDatabase(timeoutMs: number): Promise<BridgeError | undefined> {
    const client = new ImsgClient(this.command);
    try {
      await client.call("chats.list", { limit: 1 }, { timeoutMs, graceMs: 0 });
      return undefined;
    } catch (error) {
      if (!(error instanceof BridgeError)) throw error;
      await client.close();
      // What holds answers back lets go of them when its input ends.
      const ended = await client.closed;
      return ended.code === "WRAPPER_BUFFERS" ? ended : error;
    } finally {
      await client.close();
    }
  }
}
