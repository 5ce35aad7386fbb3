import * as z from "zod";
import { groupNameIn } from "../group-name.js";
import { isRemoteHost } from "../remote-host.js";
import { about, reviewField } from "./fields.js";

/** Schemes that may stand in front of an allowlist entry (behaviour 3.2). */
const addressSchemes = [
  "chat_id",
  "chat_guid",
  "chat_identifier",
  "imessage",
  "sms",
  "rcs",
  "auto",
  "tel",
  "mailto",
];

/** @returns what is wrong with an allowlist entry, or undefined when nothing is */
export function addressProblem(entry: string): string | undefined {
  const trimmed = entry.trim();
  if (trimmed === "*") return undefined;
  if (trimmed === "") return "an empty entry admits nobody";
  const [, scheme, rest = ""] = /^([A-Za-z_]+):(.*)$/.exec(trimmed) ?? [];
  if (scheme !== undefined && !addressSchemes.includes(scheme.toLowerCase()))
    return `"${scheme}:" is not a known prefix`;
  if (scheme?.toLowerCase() === "chat_id" && !/^\s*[1-9]\d*\s*$/.test(rest))
    return "chat_id needs a whole number, e.g. chat_id:42";
  const bare = scheme === undefined ? trimmed : rest.trim();
  if (bare === "") return `nothing follows "${scheme}:"`;
  if (scheme?.toLowerCase().startsWith("chat_")) return undefined;
  if (bare.includes("@") && !/^[^\s@]+@[^\s@]+$/.test(bare)) return "this is not a whole e-mail address";
  if (!bare.includes("@") && /(?![0-9])\p{Nd}/u.test(bare))
    return "a phone number is written with the digits 0 to 9";
  if (
    bare.startsWith("+") &&
    !/^\+[\d\s().\-/\u00a0\u2010-\u2015]*\d[\d\s().\-/\u00a0\u2010-\u2015]*$/.test(bare)
  )
    return "a phone number holds digits only";
  if (bare.includes("*")) return '"*" stands alone, for everyone; patterns are not supported';
  return undefined;
}

/** A text of which a function says what is wrong with it. */
const checkedText = (problemOf: (entry: string) => string | undefined) =>
  z.string().superRefine((entry, context) => {
    const problem = problemOf(entry);
    if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
  });

/** @returns what is wrong with the name of one person, or undefined when nothing is */
export function personProblem(entry: string): string | undefined {
  if (entry.trim() === "*") return "everyone is not one person";
  if (/^\s*chat_/i.test(entry))
    return "this is a chat; its person is named by a phone number or an e-mail address";
  return addressProblem(entry);
}

/** One person's handle. */
export const person = () => checkedText(personProblem);

/** One entry of a list of people: an address, or a group of people by its name (behaviour 18.3). */
export const listed = () =>
  checkedText((entry) => (groupNameIn(entry) === undefined ? addressProblem(entry) : undefined));

/** A person of a group of people. A chat or everyone among them would make a short list of people a wide one. */
export const member = () =>
  checkedText((entry) => {
    if (groupNameIn(entry) !== undefined) return "a group of people holds no other group";
    if (entry.trim() === "*")
      return "a group names its people one by one; everyone stands in the lists themselves";
    if (/^\s*chat_/i.test(entry)) return "a group holds people; chats stand in the lists themselves";
    return addressProblem(entry);
  });

/** One person or chat to which something is sent, or a group of people. */
export const target = () =>
  checkedText((entry) => (groupNameIn(entry) === undefined ? targetProblem(entry) : undefined));

/** One conversation, by its chat or its person; what could name none would silently stand for nothing. */
export const conversation = () =>
  checkedText((entry) => {
    if (groupNameIn(entry) !== undefined)
      return "a group of people is no conversation; name its people one by one";
    const bare = entry.replace(/^(\s*(imessage|sms|rcs|auto|tel|mailto):)*\s*/i, "");
    const problem = targetProblem(bare || entry);
    if (problem !== undefined || bare.includes("@") || /^chat_/i.test(bare)) return problem;
    return /\p{L}/u.test(bare) ? "a bare name is not an address" : undefined;
  });

function targetProblem(entry: string): string | undefined {
  return addressProblem(entry) ?? (/[@\d]|^\s*chat_/i.test(entry) ? undefined : "this names nobody");
}

/** A list of who is let in. */
export const addressList = () => z.array(listed());

/**
 * `host` or `user@host`, never something that ssh or scp could read as an option (behaviour 2.4, 7.3).
 */
export const remoteHost = () =>
  z.string().refine(isRemoteHost, "host or user@host, without spaces and without SSH options");

/** An absolute folder pattern without `..`. */
export const attachmentRoot = () =>
  z
    .string()
    .regex(/^\//, "an absolute path")
    .refine((path) => !path.split("/").includes(".."), "a path without `..`")
    .refine(
      (path) => !path.includes("\0") && path.split("/").every((part) => part === "*" || !part.includes("*")),
      "a pattern that can match: `*` stands for one whole path segment, and for no part of one",
    )
    .refine(
      (path) => path.split("/").some((part) => !["", ".", "*"].includes(part)),
      "a pattern that does not match everything: it names at least one folder",
    );

/** One entry of `groups`. */
export const groupEntry = () =>
  z.strictObject({
    requireMention: z
      .boolean()
      .optional()
      .apply(about, 'Whether the agent must be addressed by name; unset: the `"*"` entry\'s, else true.'),
    listen: z
      .boolean()
      .optional()
      .apply(
        about,
        'Whether the agent reads along what does not address it, when the group is quiet; it speaks there by the message tool alone. Unset: the `"*"` entry\'s, else false.',
      ),
    systemPrompt: z
      .string()
      .optional()
      .apply(
        about,
        'Given to the agent on every turn of this group; empty means none, also not the `"*"` entry\'s.',
      ),
    allowFrom: addressList()
      .optional()
      .apply(about, "Who may address the agent in this group; unset: `groupAllowFrom`."),
    agentId: z
      .string()
      .min(1)
      .optional()
      .apply(about, "Agent that answers in this group, before any binding."),
    enabled: z.boolean().optional().apply(about, "Whether the group is served."),
    review: reviewField()
      .optional()
      .apply(about, "As the account's `review`, for this group; unset: the `\"*\"` entry's."),
  });
