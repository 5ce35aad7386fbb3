import * as z from "zod";
import { isRemoteHost } from "../remote-host.js";
import { reviewField } from "./fields.js";

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

/** A handle, a chat target or `"*"`. */
export const address = () =>
  z.string().superRefine((entry, context) => {
    const problem = addressProblem(entry);
    if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
  });

/** One person or chat to which something is sent. */
export const target = () =>
  z.string().superRefine((entry, context) => {
    const problem =
      addressProblem(entry) ?? (/[@\d]|^\s*chat_/i.test(entry) ? undefined : "this names nobody");
    if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
  });

/** A list of who is let in. */
export const addressList = () => z.array(address());

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
export const groupEntry = z.strictObject({
  requireMention: z
    .boolean()
    .optional()
    .describe('Whether the agent must be addressed by name; unset: the `"*"` entry\'s, else true.'),
  systemPrompt: z
    .string()
    .optional()
    .describe(
      'Given to the agent on every turn of this group; empty means none, also not the `"*"` entry\'s.',
    ),
  allowFrom: addressList()
    .optional()
    .describe("Who may address the agent in this group; unset: `groupAllowFrom`."),
  agentId: z.string().min(1).optional().describe("Agent that answers in this group, before any binding."),
  enabled: z.boolean().optional().describe("Whether the group is served."),
  review: reviewField()
    .optional()
    .describe("As the account's `review`, for this group; unset: the `\"*\"` entry's."),
});
