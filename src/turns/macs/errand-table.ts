import type { HistoryEntry } from "../../agents/index.js";
import type { Envelope } from "../../conversation/index.js";
import { TapbackError } from "../../platform/index.js";
import {
  anything,
  exactly,
  facts,
  flag,
  list,
  number,
  object,
  optional,
  orNull,
  recordOf,
  type Shape,
  type Shaped,
  text,
} from "../../platform/shapes/index.js";

const nothing = exactly<object>({});
/** Envelopes were made by this program, and go to it. */
const envelope = facts as unknown as Shape<Envelope>;

/** A file that an action names, as it is kept in the store. */
export interface CarriedFile {
  /** How the action's parameters name it. */
  as: string;
  /** `blob:ID/NAME` */
  file: string;
}

/**
 * All that a turn asks of the process that has its account (behaviour 21.3a): each errand's parameters and result. Whoever carries it out
 * knows the turn from the store, and judges by that alone what it may do.
 */
export const errandTable = {
  /** The turn begins: its chat shows a bubble, its messages are looked at once more. Null: nothing is left to answer. */
  begin: {
    parameters: nothing,
    result: object<Begun>({ envelope: orNull(envelope), offered: list(text), can: list(text) }),
  },
  /** Makes the files that came with it ready; their paths are those of files in the store. */
  files: {
    parameters: nothing,
    result: object<{ envelope: Envelope; notes: string[] }>({ envelope, notes: list(text) }),
  },
  /** Whether the messages of a turn that waits in its session are as they came. */
  unchanged: { parameters: exactly<{ turnId: string }>({ turnId: text }), result: flag },
  /** The past of its conversation, newest last; those that hold the words, where some are given. */
  history: {
    parameters: exactly<{ limit: number; words?: string | undefined }>({
      limit: number,
      words: optional(text),
    }),
    result: list(object<HistoryEntry>({ sender: text, text, sentAt: text })),
  },
  /** Does an action of behaviour 11. */
  act: {
    parameters: exactly<ActErrand>({
      action: text,
      parameters: facts,
      occasion: number,
      files: list(object<CarriedFile>({ as: text, file: text })),
      buffer: optional(text),
    }),
    result: recordOf(anything),
  },
  /** Whether its chat sees a typing bubble for it. */
  bubble: { parameters: nothing, result: flag },
  /** Whether it is tried again later, now that it failed. */
  retried: { parameters: nothing, result: flag },
} satisfies Record<string, Record<"parameters" | "result", Pick<Shape<unknown>, "fault">>>;

/** What a turn is told when it begins. */
export interface Begun {
  envelope: Envelope | null;
  /** Actions that are on offer. */
  offered: string[];
  /** What its Mac can do, of what turns want to know. */
  can: string[];
}

/** An action, with the files that its parameters name. */
export interface ActErrand {
  action: string;
  parameters: Record<string, unknown>;
  occasion: number;
  files: CarriedFile[];
  /** Of bytes that the parameters have, the file in the store. */
  buffer?: string | undefined;
}

export type ErrandKind = keyof typeof errandTable;
export type ErrandParameters<K extends ErrandKind> = Shaped<(typeof errandTable)[K]["parameters"]>;
export type ErrandResult<K extends ErrandKind> = Shaped<(typeof errandTable)[K]["result"]>;

/** More than what is asked and answered in texts, bytes of JSON. */
const mostBytes = 4 * 1024 * 1024;

/** Whether this version knows such an errand. */
export function isErrandKind(kind: string): kind is ErrandKind {
  return Object.hasOwn(errandTable, kind);
}

/** @returns the parameters of an errand @throws `CONTROL_PARAMETERS`, naming the one that is wrong */
export function errandParameters<K extends ErrandKind>(kind: K, given: unknown): ErrandParameters<K> {
  const fault = errandTable[kind].parameters.fault(given, "") ?? tooLong(given);
  if (fault === undefined) return given as ErrandParameters<K>;
  throw new TapbackError("CONTROL_PARAMETERS", `${kind}: ${fault}`);
}

/** @returns what an errand came to @throws `CONTROL_RESULT` */
export function errandResult<K extends ErrandKind>(kind: K, answered: unknown): ErrandResult<K> {
  const fault = errandTable[kind].result.fault(answered, "") ?? tooLong(answered);
  if (fault === undefined) return answered as ErrandResult<K>;
  throw new TapbackError("CONTROL_RESULT", `the gateway's answer to ${kind} is not understood: ${fault}`, {
    hint: "Bring the gateway and the worker to the same version.",
  });
}

function tooLong(value: unknown): string | undefined {
  return JSON.stringify(value).length > mostBytes ? "it is too long" : undefined;
}
