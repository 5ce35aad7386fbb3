/**
 * The log takes events: one sentence for people, with fields for machines. The body of a message never goes into it.
 */
export interface Log {
  /** For somebody who looks for a fault; not written by default. */
  debug(message: string, fields?: Record<string, unknown>): void;
  /** Something that a reader wants to find later. */
  info(message: string, fields?: Record<string, unknown>): void;
  /** Something that somebody should look at; the gateway goes on. */
  warn(message: string, fields?: Record<string, unknown>): void;
  /** Something that was not done, or not kept. */
  error(message: string, fields?: Record<string, unknown>): void;
}
