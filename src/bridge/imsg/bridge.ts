import { type Chat, type MessageRow, newestRowId } from "../../conversation/index.js";
import { type Clock, err, type Result, systemClock } from "../../platform/index.js";
import type {
  Bridge,
  BridgeEvents,
  BridgeHealth,
  BridgeState,
  HistoryQuery,
  RemoteFiles,
  SendRequest,
  SendResult,
} from "../contract.js";
import { BridgeError, ofOneChat } from "../error.js";
import type { BridgeOptions } from "../mac.js";
import { whereImsgReads } from "../ssh/files-there.js";
import { ImsgActions } from "./actions.js";
import type { CallPath } from "./bridge-call.js";
import { CapabilityCache, type ProbedCapabilities } from "./capability-cache.js";
import { ChildRecord, orphanTimes } from "./child-record.js";
import { type CallOptions, ImsgClient } from "./client.js";
import type { ImsgCommand } from "./command.js";
import { fault } from "./faults.js";
import { ImsgRecord } from "./imsg-record.js";
import { hearMac } from "./mac-events.js";
import type { ImsgMethods, MethodName } from "./methods.js";
import { type Malformed, parseChat } from "./parse-chat.js";
import { parseMessage } from "./parse-message.js";
import { probeStatus } from "./probe.js";
import { historyParams, parseAll } from "./reads.js";
import { sendWithExtras } from "./rich-send.js";
import { type ImsgStatus, parseRpcStatus } from "./status.js";
import { bridgeTimes, Supervisor } from "./supervisor.js";
import { sendTracked } from "./tracked-send.js";

/** How an {@link ImsgBridge} is set up, beside how imsg is started. */
export interface ImsgBridgeOptions extends BridgeOptions {
  /** Files of the Mac, when it is another machine; what is under way ends with the bridge. */
  files?: RemoteFiles & { close(): void };
}

/** Chats that are looked at for the newest row. */
const newestChats = 5;
/** Rows of each: the newest alone may be the one whose id cannot be believed (behaviour 9.5). */
const newestRows = 3;

/** The bridge over `imsg rpc`. */
export class ImsgBridge implements Bridge {
  readonly actions: ImsgActions;
  readonly files?: RemoteFiles;
  readonly record: ImsgRecord;
  readonly #path: CallPath;
  readonly #supervisor: Supervisor;
  readonly #events: BridgeEvents;
  readonly #clock: Clock;
  #malformed = 0;
  #proofs: Pick<BridgeHealth, "databaseAt" | "databaseError" | "rowAt"> = {};

  constructor(
    private readonly command: ImsgCommand,
    private readonly options: ImsgBridgeOptions,
  ) {
    const { debounceMs } = options.subscription;
    const clock = options.clock ?? systemClock;
    this.#clock = clock;
    this.record = new ImsgRecord(clock);
    if (options.files) this.files = options.files;
    this.#path = {
      call: (method, params, callOptions) => this.call(method, params, callOptions),
      command,
      files: options.files,
      cache: new CapabilityCache(
        (known) => this.#findOut(known),
        clock.now,
        (privateApi) => options.events.told?.({ kind: "private-api", ...privateApi }),
      ),
    };
    this.actions = new ImsgActions(this.#path);
    this.#events = {
      row: (row) => {
        this.#proofs.rowAt = clock.now();
        options.events.row(row);
      },
      malformed: (problem) => {
        this.#malformed += 1;
        options.events.malformed(problem);
      },
      told: (event) => options.events.told?.(event),
      state: (state, incident) => options.events.state(state, incident),
    };
    this.#supervisor = new Supervisor({
      child: {
        open: () => this.#open(),
        greet: (client) => this.#greet(client),
        beat: (client) => this.#beat(client),
      },
      record:
        // What is no process of its own ends with this one.
        options.recordPath === undefined || command.start !== undefined
          ? undefined
          : new ChildRecord(options.recordPath, (line) => options.log?.(line), clock, {
              ...orphanTimes,
              ...options.times,
            }),
      subscription: {
        resumeFrom: () => options.subscription.resumeFrom(),
        params: {
          include_reactions: true,
          // Attachment-only messages are told from empty rows by this (behaviour 7.1).
          attachments: true,
          debounce_ms: debounceMs,
        },
      },
      events: this.#events,
      clock,
      random: options.random ?? Math.random,
      times: { ...bridgeTimes, ...options.times },
    });
  }

  get state(): BridgeState {
    return this.#supervisor.state;
  }

  health(): BridgeHealth {
    return { ...this.#supervisor.facts(), ...this.#proofs, malformed: this.#malformed };
  }

  start(): void {
    this.#supervisor.start();
  }

  async stop(): Promise<void> {
    this.options.files?.close();
    await this.#supervisor.stop();
  }

  /** Calls any method of imsg. @throws BridgeError, `CHILD_DOWN` while there is no child */
  async call<M extends MethodName>(
    method: M,
    params: ImsgMethods[M]["params"],
    options: CallOptions = {},
  ): Promise<ImsgMethods[M]["result"]> {
    return await this.#supervisor.client.call(method, params, options);
  }

  async chats(limit: number): Promise<Chat[]> {
    const { chats } = await this.#read("chats.list", { limit });
    return this.#parsed(chats, parseChat);
  }

  async history(query: HistoryQuery): Promise<MessageRow[]> {
    const { messages } = await this.#read("messages.history", historyParams(query));
    return this.#parsed(messages, parseMessage, ({ row }) => (query.faulty ? row : undefined));
  }

  async rowsAfter(rowId: number): Promise<MessageRow[] | undefined> {
    if (!this.#path.cache.known?.status.methods.includes("messages.after")) return undefined;
    const query = { since_rowid: Math.max(0, rowId), limit: 500, attachments: true, include_reactions: true };
    const { messages } = await this.#read("messages.after", query);
    return this.#parsed(messages, parseMessage, ({ row }) => row);
  }

  async newestRow(): Promise<{ rowId: number; guid: string; isPartial?: boolean } | undefined> {
    const rows: MessageRow[] = [];
    let failed: { error: unknown } | undefined;
    for (const chat of await this.chats(newestChats)) {
      const found = await ofOneChat(this.history({ chatId: chat.id, limit: newestRows }));
      if (found.ok) rows.push(...found.value);
      else failed = found;
    }
    if (failed && rows.length === 0) throw failed.error;
    const ids = rows.map(({ rowId }) => rowId);
    const newest = newestRowId(Math.min(...ids), ids);
    const row = rows.find(({ rowId }) => rowId === newest);
    return row && { rowId: row.rowId, guid: row.guid, ...(failed && { isPartial: true }) };
  }

  async send(request: SendRequest): Promise<SendResult> {
    if (this.state !== "live") return { ok: false, error: fault("CHILD_DOWN", { detail: this.state }) };
    const { file, attemptId } = request;
    if (attemptId !== undefined) return sendTracked(this.#path, request, attemptId);
    if (file === undefined) return sendWithExtras(this.#path, request);
    try {
      return await whereImsgReads(this.files, file, (path) =>
        sendWithExtras(this.#path, { ...request, file: path }),
      );
    } catch (error) {
      if (error instanceof BridgeError) return err(error);
      throw error;
    }
  }

  /** The running child answers since 0.14; for earlier builds imsg is run once more. */
  async #findOut(known: ProbedCapabilities | undefined): Promise<Result<ImsgStatus, BridgeError>> {
    const timeoutMs = this.options.times?.probeMs ?? bridgeTimes.probeMs;
    const mayHave = known === undefined || known.status.methods.includes("status");
    if (this.state === "live" && mayHave) {
      try {
        return parseRpcStatus(await this.call("status", {}, { timeoutMs }));
      } catch (error) {
        if (!(error instanceof BridgeError)) throw error;
        if (error.code !== "METHOD_NOT_FOUND") return err(error);
      }
    }
    return probeStatus(this.command, timeoutMs);
  }

  #open(): ImsgClient {
    const { options } = this;
    const { sendMs, hungMs } = { ...bridgeTimes, ...options.times };
    return new ImsgClient(this.command, {
      log: options.log,
      heard: (line, to) => this.record.heard(line, to),
      timeoutMs: (method) => (method === "send" || method === "send.tracked" ? sendMs : undefined),
      graceMs: hungMs,
      clock: this.#clock,
      // Rows of an earlier subscription are real, and imsg does not report link rows twice (protocol reference 12, row 11).
      stray: this.#events,
      garbage: () => this.#events.malformed({ detail: "a line that is not JSON-RPC" }),
    });
  }

  /**
   * What 0.14 and later tell of themselves is known before anything is sent, and anew with each child; earlier ones do not
   * know the method, which costs nothing.
   */
  async #greet(client: ImsgClient): Promise<void> {
    const { subscribeMs } = { ...bridgeTimes, ...this.options.times };
    const times = { timeoutMs: subscribeMs, graceMs: 2 * subscribeMs };
    try {
      const told = parseRpcStatus(await client.call("initialize", { protocol_version: 1 }, times));
      if (!told.ok) return;
      this.#path.cache.learn(told.value);
      const hears = told.value.methods.includes("bridge.events.subscribe");
      if (hears) void hearMac(client, this.#clock, (event) => this.#events.told?.(event));
    } catch (error) {
      // A child that is gone or hangs shows when it is subscribed.
      if (!(error instanceof BridgeError)) throw error;
    }
  }

  /** The cheapest read: it proves the child and the database in one. */
  async #beat(client: ImsgClient): Promise<void> {
    const answerMs = this.options.times?.answerMs ?? bridgeTimes.answerMs;
    const answer = client.call("chats.list", { limit: 1 }, { timeoutMs: answerMs, graceMs: 0 });
    await this.#proved(answer).catch(() => {});
  }

  #read<M extends "chats.list" | "messages.history" | "messages.after">(
    method: M,
    params: ImsgMethods[M]["params"],
  ): Promise<ImsgMethods[M]["result"]> {
    return this.#proved(this.call(method, params));
  }

  /** Notes what a read proves of the database. */
  async #proved<T>(answer: Promise<T>): Promise<T> {
    try {
      const result = await answer;
      this.#proofs.databaseAt = this.#clock.now();
      delete this.#proofs.databaseError;
      return result;
    } catch (error) {
      if (error instanceof BridgeError) this.#proofs.databaseError = error;
      throw error;
    }
  }

  #parsed<T>(
    items: unknown,
    parse: (item: unknown) => Result<T, Malformed>,
    rescue?: (problem: Malformed) => T | undefined,
  ): T[] {
    return parseAll(items, parse, (problem) => {
      this.#events.malformed(problem);
      return rescue?.(problem);
    });
  }
}
