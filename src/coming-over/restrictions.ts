import type { ReportEntry } from "../config/fitting/index.js";
import { type Tree, treeOf } from "../config/fitting/index.js";
import { type ConfigPath, formatPath, parsePath } from "../config/index.js";

/** Settings that limited an agent or somebody's commands, and what is open without them. */
const known: readonly { path: RegExp; holds?: (value: unknown) => boolean; open: string }[] = [
  {
    path: /\bgroups\.[^.]+\.(tools\.(allow|deny)|toolsBySender\.[^.]+\.(allow|deny)|skills)$/,
    open: "the agent has all its tools there",
  },
  {
    path: /^agents\.(defaults|entries\.[^.]+|list\.\d+)\.(tools\.(allow|deny|profile|exec|elevated|fs|byProvider|sandbox)|sandbox|skills)$/,
    open: "the agent is limited by its own set-up alone",
  },
  { path: /^tools$/, open: "agents are limited by their own set-up alone" },
  {
    path: /(^|\.)contextVisibility$/,
    holds: (value) => value !== "all",
    open: "the agent sees what everybody in a group wrote, whoever is let in",
  },
  { path: /^session\.sendPolicy$/, open: "agents may send wherever the turn's rights allow" },
  { path: /^commands\.allowFrom$/, open: "whoever is let in may use the commands that are not for owners" },
  {
    path: /^acp\.(enabled|dispatch\.enabled)$/,
    holds: (value) => value === false,
    open: "messages reach ACP sessions",
  },
  {
    path: /^messages\.(groupChat\.)?visibleReplies$/,
    holds: (value) => value === "message_tool",
    open: "an agent's plain answers are posted",
  },
  {
    path: /^messages\.groupChat\.unmentionedInbound$/,
    holds: (value) => value === "room_event",
    open: "what is written without a mention is answered where none is asked for",
  },
];

/**
 * Finds restrictions of the other file that hold no longer: their loss opens something, though nobody new is let in.
 * @returns one line each
 */
export function lostRestrictions(old: Tree, report: readonly ReportEntry[]): string[] {
  const dropped = report.filter(({ action }) => action === "dropped").map(({ key }) => pathOf(key));
  const isDropped = (path: ConfigPath) =>
    dropped.some((one) => startsWith(path, one) || startsWith(one, path));
  const lines: string[] = [];
  const visit = (value: unknown, path: ConfigPath) => {
    const place = path.map((part) => String(part).replaceAll(".", "_")).join(".");
    const found = known.find((one) => one.path.test(place) && (one.holds?.(value) ?? true));
    if (found !== undefined && isDropped(path))
      return void lines.push(`${formatPath(path)} limits nothing here: ${found.open}`);
    if (Array.isArray(value)) for (const [index, item] of value.entries()) visit(item, [...path, index]);
    else for (const [key, inner] of Object.entries(treeOf(value))) visit(inner, [...path, key]);
  };
  const { channels, imessage, ...rest } = old;
  const { imessage: own, bluebubbles, defaults } = treeOf(channels);
  visit({ ...rest, channels: { imessage: own, bluebubbles, defaults }, imessage }, []);
  return lines;
}

function pathOf(key: string): ConfigPath {
  const parsed = parsePath(key);
  return parsed.ok ? parsed.value : [];
}

function startsWith(path: ConfigPath, prefix: ConfigPath): boolean {
  return (
    prefix.length > 0 &&
    prefix.length <= path.length &&
    prefix.every((part, index) => String(part) === String(path[index]))
  );
}
