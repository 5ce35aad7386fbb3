import type { Envelope } from "../../../conversation/index.js";
import { type Clock, messageOf } from "../../../platform/index.js";
import type { McpServerSettings } from "../../definition.js";
import type { Tool } from "../../tools/tool.js";
import type { McpServerParts, OpenServer } from "./server.js";

/** How long turns wait for a server that starts, milliseconds from its start; it goes on starting without them. */
const waitMs = 15_000;
/** After a failure a server is left alone for this, milliseconds. */
const restMs = 60_000;
/** Most tools of all servers together: OpenAI takes 128, and the gateway has its own. */
const mostTools = 120;

/** One server, from its first start on. */
interface Entry {
  startedAt: number;
  opening: Promise<OpenServer>;
  open?: OpenServer;
  fault?: { at: number; text: string };
}

/**
 * The MCP servers of an agent (behaviour 6.8d): each started by the first turn that may use it, started anew where it has
 * ended, and closed with the agent. What goes wrong with one is noted; the turn goes on without it.
 */
export class McpServers {
  readonly #entries = new Map<string, Entry>();
  readonly #closing = new AbortController();

  constructor(
    private readonly settings: Record<string, McpServerSettings>,
    private readonly parts: McpServerParts,
  ) {}

  /**
   * The tools that a turn may use: a server's are for owners' turns, where the configuration does not offer them to everyone.
   * @param note told of servers that are not there, and of tools that are left out
   */
  async toolsFor(
    { sender }: Pick<Envelope, "sender">,
    signal: AbortSignal,
    note: (text: string) => void,
  ): Promise<Tool[]> {
    const names = Object.entries(this.settings)
      .filter(([, { offerTo }]) => sender.isOwner || offerTo === "everyone")
      .map(([name]) => name);
    const found = await Promise.all(names.map((name) => this.#toolsOf(name, signal, note)));
    const tools = found.flat();
    if (tools.length > mostTools)
      note(`${tools.length - mostTools} tools of MCP servers are left out: ${mostTools} are the most`);
    return tools.slice(0, mostTools);
  }

  /** Ends all servers, those that start too. */
  async close(): Promise<void> {
    this.#closing.abort(new Error("the agent is closed"));
    await Promise.allSettled([...this.#entries.values()].map(async ({ opening }) => (await opening).close()));
  }

  async #toolsOf(name: string, signal: AbortSignal, note: (text: string) => void): Promise<Tool[]> {
    const { clock } = this.parts.deps;
    const entry = this.#entryOf(name, clock, note);
    if (entry.open === undefined && entry.fault === undefined)
      await within(entry.opening, entry.startedAt + waitMs - clock.now(), clock, signal);
    signal.throwIfAborted();
    if (entry.fault !== undefined) note(entry.fault.text);
    else if (entry.open === undefined)
      note(`MCP server ${name} is still starting; the turn goes on without it`);
    return entry.open?.tools ?? [];
  }

  /** The server as it is, started where there is none, or none any more. */
  #entryOf(name: string, clock: Clock, note: (text: string) => void): Entry {
    const known = this.#entries.get(name);
    const isOver = known?.open?.isOver() === true;
    const now = clock.now();
    const hasRested = known?.fault !== undefined && (now >= known.fault.at + restMs || now < known.fault.at);
    if (known !== undefined && !isOver && !hasRested) return known;
    if (isOver) {
      note(`MCP server ${name} has ended; it is started again`);
      void known.open!.close().catch(() => {});
    }
    const entry: Entry = { startedAt: now, opening: this.#open(name) };
    this.#entries.set(name, entry);
    entry.opening.then(
      (open) => {
        entry.open = open;
        if (open.leftOut.length > 0) note(`MCP server ${name}: left out are ${open.leftOut.join(", ")}`);
      },
      (error) => {
        entry.fault = { at: clock.now(), text: messageOf(error) };
      },
    );
    return entry;
  }

  /** The client is loaded with the first server. */
  async #open(name: string): Promise<OpenServer> {
    const { openServer } = await import("./server.js");
    this.#closing.signal.throwIfAborted();
    return openServer(name, this.settings[name]!, this.parts, this.#closing.signal);
  }
}

/** Waits for what never rejects the wait, at most so long. */
async function within(work: Promise<unknown>, ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
  if (ms <= 0) return;
  const done = new AbortController();
  work.catch(() => {}).finally(() => done.abort());
  await clock.sleep(ms, AbortSignal.any([done.signal, signal]));
}
