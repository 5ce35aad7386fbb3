import { type Config, groupNameIn } from "../../config/index.js";
import type { StandIns } from "./stand-ins.js";

/** The `id` of a `peer` is a person, whatever it looks like; every other `id` is a name of the configuration's own. */
const peerId = "peer.id";

/** Settings whose words say how the gateway works and nothing about anybody; all other text is replaced. */
const kept = new Set([
  "dmPolicy",
  "groupPolicy",
  "service",
  "region",
  "chunkMode",
  "sendTransport",
  "reactionNotifications",
  "streaming",
  "missedSummary",
  "dmScope",
  "mode",
  "type",
  "level",
  "format",
  "host",
  "backend",
  "kind",
  "model",
  "output",
  "ownerServices",
  "services",
  "fallbackModels",
  "default",
  "channel",
  "defaultAccount",
  "accountId",
  "agentId",
  "allow",
  "deny",
  "id",
]);
const people = new Set(["allowFrom", "groupAllowFrom", "ownerAllowFrom", "sendTo", "members", peerId]);
const files = new Set(["cliPath", "dbPath", "command", "file"]);
const folders = new Set(["workspace", "cwd", "attachmentRoots", "remoteAttachmentRoots"]);
/** Maps whose keys are people or names of them. */
const namedByPeople = new Set(["dms", "identityLinks", "accessGroups"]);

/** The configuration without secrets, people, prompts and paths; its shape and every setting of the gates stay. */
export function redactConfig(masked: Config, standIns: StandIns): unknown {
  return redact(masked, "", standIns);
}

function redact(value: unknown, key: string, standIns: StandIns): unknown {
  if (typeof value === "string") return word(value, key, standIns);
  if (Array.isArray(value)) return value.map((item) => redact(item, key, standIns));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      namedByPeople.has(key) ? standIns.handle(name) : name,
      redact(inner, keyWithin(key, name), standIns),
    ]),
  );
}

function keyWithin(key: string, name: string): string {
  // What stands under a person's name are that person's handles.
  if (key === "identityLinks" || key === "members") return "members";
  return key === "peer" && name === "id" ? peerId : name;
}

function word(value: string, key: string, standIns: StandIns): string {
  if (value === "***" || value === "*" || /^chat_id:/.test(value)) return value;
  if (kept.has(key)) return key === "id" && /[@+]/.test(value) ? standIns.handle(value) : value;
  if (people.has(key)) {
    const group = groupNameIn(value);
    return group === undefined ? standIns.handle(value) : `accessGroup:${standIns.handle(group)}`;
  }
  if (!value.includes("/")) return standIns.text(value);
  if (folders.has(key)) return standIns.folder(value);
  return files.has(key) ? standIns.path(value) : standIns.text(value);
}
