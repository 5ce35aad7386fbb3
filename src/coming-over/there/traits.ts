import type { Block, Dialect } from "../dialects.js";

/**
 * In what the rules of the systems differ, as their documents and releases tell. OpenClaw is 2026.9.6, Clawdbot January
 * 2026; RemoteClaw is a fork from between them.
 */
export interface Traits {
  /** The channel's name in `bindings` and `accessGroups`. */
  channel: "imessage" | "bluebubbles";
  /** Group policy where the block names none. `channels.defaults` never counted: this was filled in first. */
  groupPolicy: "allowlist" | "open";
  /** Whether `groups` is keyed by the chat's GUID or identifier instead of its number. */
  groupsByGuid: boolean;
  /** Whether a chat target in `allowFrom` let its direct chat in too. */
  chatsInDirect: boolean;
  /** Whether an approval by pairing counted where `dmPolicy` is `pairing` alone, or with `allowlist` and in groups too. */
  approvals: "pairing" | "everywhere";
  /** Whether `accessGroup:NAME` stands for the people of a group. */
  accessGroups: boolean;
  /** Whether the account `default` exists beside others where the channel has `cliPath` or `dbPath`. */
  implicitDefault: boolean;
  /** Whether an account's empty `groups` takes the channel's, where there is one account at most. */
  emptyGroupsInherit: boolean;
  /** Who answers where several agents are configured and no binding matches, or one names an agent that is not there. */
  unrouted: "nobody" | "default";
  /** Whether numbers were compared with a `+` in front, whatever was written. */
  plusForAll: boolean;
  /** Whether `attachmentRoots` came beside the default instead of in its place. */
  rootsAreAdded: boolean;
}

const openclaw: Traits = {
  channel: "imessage",
  groupPolicy: "allowlist",
  groupsByGuid: false,
  chatsInDirect: false,
  approvals: "pairing",
  accessGroups: true,
  implicitDefault: true,
  emptyGroupsInherit: true,
  unrouted: "nobody",
  plusForAll: true,
  rootsAreAdded: true,
};

const earlier: Traits = {
  ...openclaw,
  chatsInDirect: true,
  accessGroups: false,
  implicitDefault: false,
  emptyGroupsInherit: false,
  unrouted: "default",
  rootsAreAdded: false,
};

/** @returns what held for a block of the other system's file */
export function traitsOf(dialect: Dialect, { kind }: Block): Traits {
  if (kind === "bluebubbles")
    return {
      ...earlier,
      channel: "bluebubbles",
      groupsByGuid: true,
      approvals: "everywhere",
      plusForAll: false,
    };
  if (kind === "early") return { ...earlier, approvals: "everywhere", groupPolicy: "open" };
  if (dialect === "openclaw" || dialect === "bluebubbles") return openclaw;
  return { ...earlier, approvals: dialect === "clawdbot" ? "everywhere" : "pairing" };
}
