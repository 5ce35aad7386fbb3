/**
 * What can go wrong, and where in the simulator it is asked for.
 *
 * Process: `die` (code, when before|after the answer), `hang` (never answers again), `delay` (ms), `half-line` (half of
 * the answer, then death), `no-answer` (done, never answered), `error` (code, error, text), `slow-start` (ms),
 * `stderr-noise` (lines), `garbage-line` (lines), `stdout-flood` (lines).
 * Database: `permission-denied`, `database-missing`, `database-locked` (ms).
 * Sending: `send-error` (error: Apple's number, e.g. -1743, -1728, -1712, -600; by; stored), `no-guid`, `lookup-delay` (ms), `ghost-row`,
 * `undelivered`, `downgraded`.
 * Rows: `late-join` (ms), `late-attachment` (ms), `wrong-direction` (ms), `split-send` (ms), `self-chat-delay` (ms),
 * `self-chat-alias` (its rows name the first address), `other-chat` (a send lands in the person's iMessage chat).
 * Watching: `silent-watch`, `early-notification`, `odd-row` (a name among the participants is missing), `overflow` (lines:
 * rows that a poll still reports before its subscription ends).
 * Bridge: `bridge-lost` (ms, inFlight, stored).
 * Tracked sends: `late-claim` (ms until Messages claims the request), `late-row` (ms until it writes the row), `die-published`
 * (code; imsg dies with its request unclaimed), `messages-dies` (ms, stored; Messages dies with a text whose row it has not
 * written, or has).
 * Polls: `caption` (its caption never leaves; inFlight: it is in flight; stored: it is stored, and not seen).
 * Contacts: `contacts-cold` (ms from the start of a child during which nobody has a name).
 */
export const faultKinds = [
  "die",
  "hang",
  "delay",
  "half-line",
  "no-answer",
  "error",
  "slow-start",
  "stderr-noise",
  "garbage-line",
  "stdout-flood",
  "permission-denied",
  "database-missing",
  "database-locked",
  "send-error",
  "no-guid",
  "lookup-delay",
  "ghost-row",
  "undelivered",
  "downgraded",
  "late-join",
  "late-attachment",
  "wrong-direction",
  "split-send",
  "self-chat-delay",
  "self-chat-alias",
  "other-chat",
  "silent-watch",
  "early-notification",
  "odd-row",
  "overflow",
  "bridge-lost",
  "late-claim",
  "late-row",
  "die-published",
  "messages-dies",
  "contacts-cold",
  "caption",
] as const;

export type FaultKind = (typeof faultKinds)[number];

/** One thing that goes wrong, as `faults.json` holds it. */
export interface Fault {
  kind: FaultKind;
  /** Only for these RPC methods or commands (`say`, `own`, …); absent: for all. */
  method?: string | string[];
  /** Goes wrong so many times in this world, across restarts; absent: always. */
  times?: number;
  /** Lets the first so many occasions of each process pass. */
  after?: number;
  /** Chance of each occasion, 0 to 1; drawn from `seed`, so that a run can be repeated. */
  probability?: number;
  seed?: number;
  /** Milliseconds: how long, or how late. */
  ms?: number;
  /** Exit code of `die`, `die-published` and `half-line`; RPC error code of `error`. */
  code?: number;
  /** `die`: before the request is handled (default) or after it was answered. */
  when?: "before" | "after";
  /** `send-error`: Apple's number, e.g. -1743; `error`: the RPC error's `message`. */
  error?: number | string;
  /** `error`: the RPC error's `data`; `garbage-line` and `stderr-noise`: the line. */
  text?: string;
  /** How many lines of noise; `overflow`: how many rows get through. */
  lines?: number;
  /** `send-error`: only for sends that name a chat, or a person (protocol reference 18 number 4: a chat that is not listed). */
  by?: "chat" | "person";
  /** The message is stored (and so sent) although an error is answered. */
  stored?: boolean;
  /** `bridge-lost`: the action stays in flight and blocks those after it (imsg 0.14.0). */
  inFlight?: boolean;
  /** Set by `fault set`; counts belong to it. */
  id?: string;
}
