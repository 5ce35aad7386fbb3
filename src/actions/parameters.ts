import * as z from "zod";
import { argumentFaults, err, ok, type Result, TapbackError } from "../platform/index.js";
import { type ActionName, actionNamed } from "./catalogue.js";

/** Longest text of one action; more is no chat message. */
const maxText = 100_000;

const text = z.string().trim().min(1).max(maxText);
const word = z.union([z.string(), z.number()]).transform(String).pipe(z.string().trim().min(1).max(4096));
const flag = z.union([z.boolean(), z.stringbool()]);

const shapes = {
  send: z.object({
    text: text.optional(),
    media: z
      .union([
        z.array(z.string().min(1)).max(20, "takes at most 20 files"),
        z.string().transform((path) => [path]),
      ])
      .default([]),
  }),
  read: z.object({ limit: z.coerce.number().int().min(1).max(100).default(20) }),
  react: z.object({ messageId: word, emoji: word.optional(), remove: flag.default(false) }),
  reply: z.object({ messageId: word, text }),
  sendWithEffect: z.object({ text, effect: word }),
  edit: z.object({ messageId: word, text }),
  unsend: z.object({ messageId: word }),
  "upload-file": z.object({
    buffer: z.string().optional(),
    path: z.string().min(1).optional(),
    filename: z.string().optional(),
    text: text.optional(),
    messageId: word.optional(),
    asVoice: flag.default(false),
  }),
  renameGroup: z.object({ name: z.string().max(500) }),
  setGroupIcon: z.object({
    buffer: z.string().optional(),
    path: z.string().min(1).optional(),
    filename: z.string().optional(),
  }),
  addParticipant: z.object({ address: word }),
  removeParticipant: z.object({ address: word }),
  leaveGroup: z.object({}),
  poll: z.object({
    question: text,
    options: z.union([z.array(text), z.string().transform(entriesOf)]).pipe(z.array(text).min(2).max(12)),
    messageId: word.optional(),
  }),
  "poll-vote": z.object({
    messageId: word,
    option: word.optional(),
    optionId: word.optional(),
    optionIndex: z.coerce.number().int().min(1).optional(),
  }),
} satisfies Record<ActionName, z.ZodType>;

/** The parameters of one action, under their first names. */
export type ActionRequest = {
  [Name in ActionName]: { action: Name } & z.output<(typeof shapes)[Name]>;
}[ActionName];

/** Other names that agents and people use, by the first name. */
const aliases: Record<string, string[]> = {
  text: ["message", "newText", "caption"],
  effect: ["effectId"],
  path: ["media", "filePath", "file"],
  messageId: ["messageSid", "MessageSid", "MessageSidFull", "message_id", "replyTo", "pollId"],
  emoji: ["reaction"],
  name: ["displayName"],
  address: ["participant"],
  question: ["pollQuestion"],
  options: ["pollOption", "option"],
  option: ["pollOption"],
  optionId: ["pollOptionId"],
  optionIndex: ["pollOptionIndex"],
  filename: ["fileName"],
  asVoice: ["voice"],
};

/**
 * Reads an action and its parameters (behaviour 11).
 * @returns the request under first names, or `ACTION_UNKNOWN`, `ACTION_PARAMETERS`
 */
export function readAction(
  action: string,
  parameters: Record<string, unknown>,
): Result<ActionRequest, TapbackError> {
  const name = actionNamed(action);
  if (name === undefined)
    return err(new TapbackError("ACTION_UNKNOWN", `there is no action ${action.slice(0, 60)}`));
  const given = underFirstNames(name, parameters);
  const parsed = shapes[name].safeParse(given);
  if (parsed.success) return ok({ action: name, ...parsed.data } as ActionRequest);
  const faults = argumentFaults(parsed.error.issues, given);
  const missing = faults.filter(({ isMissing }) => isMissing).map(({ path }) => path);
  const wrong = faults.filter(({ isMissing }) => !isMissing).map(({ sentence }) => `${name}: ${sentence}`);
  const needs = missing.length > 0 ? [`${name} needs ${missing.join(" and ")}`] : [];
  return err(new TapbackError("ACTION_PARAMETERS", [...needs, ...wrong].join("; ")));
}

function underFirstNames(name: ActionName, parameters: Record<string, unknown>): Record<string, unknown> {
  const given = { ...parameters };
  for (const first of Object.keys(shapes[name].shape)) {
    const found = [first, ...(aliases[first] ?? [])].find((spelling) => isGiven(parameters[spelling]));
    if (found !== undefined) given[first] = parameters[found];
    else if (first !== "name" || parameters[first] !== "") delete given[first];
  }
  return given;
}

/** Models fill what they have no value for with an empty string or null. A group's name alone may be empty: it is taken away. */
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}

/** The entries of a list that is written as one text, with commas or in lines. */
function entriesOf(list: string): string[] {
  return list
    .split(/[,\n]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}
