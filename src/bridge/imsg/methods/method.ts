/** The lanes of 0.14: mutations one at a time, reads up to 4 at once, control apart (protocol reference 1.1). */
export type Lane = "mutation" | "read" | "control";

/** All that is known of a method: its row in the table. */
export interface MethodFacts {
  lane: Lane;
  timeoutMs: number;
  /** Works only with the private API bridge. */
  bridge: boolean;
  /** Builds that do not list their methods have it (protocol reference 5.1). */
  always?: true;
  /** Selectors of which one at least must be there, where the build reports them (protocol reference 6.3). */
  selectors?: readonly string[];
  /** How builds before 0.9, which know it as a command alone, take it (protocol reference 5, 10). */
  command?: CommandForm;
}

/** A method as a command, with the names of its options by those of the parameters. */
export interface CommandForm {
  name: string;
  options?: Readonly<Record<string, string>>;
  /** Options without a value, for parameters that are true. */
  flags?: Readonly<Record<string, string>>;
  /** What is always told. */
  always?: readonly string[];
}

/** A row with the types of its parameters and result. */
export interface Method<Params, Result> extends MethodFacts {
  /** Never there: it carries the types. */
  readonly types?: { params: Params; result: Result };
}

/** Gives a row its types. */
export function method<Params, Result>(facts: MethodFacts): Method<Params, Result> {
  return facts;
}

/** imsg itself gives a send 150 s since 0.11.1. */
export const sendMs = 180_000;
/** Up to 0.13 a bridge call may relaunch Messages first (16 s), then waits up to 10 s for the bridge. */
export const bridgeMs = 40_000;
const readMs = 10_000;

export const reading: MethodFacts = { lane: "read", timeoutMs: readMs, bridge: false };
export const control: MethodFacts = { lane: "control", timeoutMs: readMs, bridge: false };
export const change: MethodFacts = { lane: "mutation", timeoutMs: bridgeMs, bridge: true };
export const bridgeSend: MethodFacts = { lane: "mutation", timeoutMs: sendMs, bridge: true };

/** A conversation, by exactly one key (protocol reference 3.1). */
export type ChatKey = { chat_id: number } | { chat_guid: string } | { chat_identifier: string };

/** A conversation or a person: phone number in E.164, or address in lower case. */
export type Recipient = ChatKey | { to: string };

export type MessageKey = ChatKey & { message_id: string };

export type Done = { ok: true };

export type Sent = Done & { guid?: string; message_id?: string; chat_guid?: string; service?: string };
