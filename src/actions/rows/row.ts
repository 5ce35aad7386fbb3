import type { Ability } from "../../bridge/index.js";
import type { AccountSettings } from "../../config/index.js";
import type { Result, TapbackError } from "../../platform/index.js";
import type { Plan, PlanContext } from "../plan.js";
import type { Parameters, Values } from "./parameter.js";

/** Toggles of `channels.imessage.actions` (behaviour 2.4). */
export type ActionToggle = keyof AccountSettings["actions"];

type Planned = Result<Plan, TapbackError>;

/** An action: all that is known of it. */
export interface Row<All extends Parameters> {
  /** Absent: always on. */
  toggle?: ActionToggle;
  /** Absent: works everywhere. */
  ability?: Ability;
  /** Only in groups, and for owners alone. */
  group?: true;
  /** Adds a message to a conversation and tells nothing of it: what `agents.list[].sendTo` allows elsewhere. */
  writes?: true;
  /** Does nothing anywhere: its plan looks. */
  looks?: true;
  /** The action may also begin a conversation with a person. */
  begins?: true;
  /** An older name, which configurations and agents still use. */
  olderName?: string;
  parameters: All;
  /** `tapback message …`: its words, what it does in half a sentence, and lines that can be typed as they stand. */
  command: { words: string; about: string; examples: readonly string[] };
  /** Plans it: nothing has happened yet. */
  plan(given: Values<All>, context: PlanContext): Planned | Promise<Planned>;
}

/** An action whose parameters were read by its own row. */
export type ActionRow = Row<Parameters> & {
  plan(given: object, context: PlanContext): Planned | Promise<Planned>;
};

/** Makes a row: what `plan` is given has the types of `parameters`. */
export function row<const All extends Parameters>(row: Row<All>): ActionRow {
  return row as never;
}
