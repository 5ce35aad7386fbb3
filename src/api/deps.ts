import type { BytesOfFile, SentMessage } from "../actions/index.js";
import type { Config } from "../config/index.js";
import type { GatewayStatus } from "../health/index.js";
import type { Clock, Log } from "../platform/index.js";
import type { JournalEntry, Store } from "../store/index.js";
import type { Telemetry } from "../telemetry/index.js";

/** A message that a program sends. */
export interface ApiMessage {
  account: string;
  /** In a form of behaviour 8.3. */
  to: string;
  text?: string;
  /** They go behind the text. */
  files?: readonly BytesOfFile[];
  key?: string;
}

/** A file of a message. */
export interface ApiFile {
  name: string;
  mimeType: string;
  bytes: number;
  content: ReadableStream<Uint8Array>;
}

/** What the API is made of. */
export interface ApiDeps {
  config: () => Config;
  store: Store;
  clock: Clock;
  log: Log;
  status: () => Promise<GatewayStatus>;
  /** The counts of `/metrics`. */
  telemetry: Pick<Telemetry, "metrics">;
  /** As `Gateway.send`. @param askedBy stands in the log of actions */
  send: (message: ApiMessage, askedBy: string) => Promise<SentMessage>;
  /** Opens a file of a message that may be read. @param index from 0 @returns undefined where there is none @throws why it may not be read */
  attachment: (entry: JournalEntry, index: number) => Promise<ApiFile | undefined>;
}
