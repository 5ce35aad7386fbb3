import { type Move, movesOf, type Tree, treeOf, without } from "../../config/fitting/index.js";
import type { ConfigPath } from "../../config/index.js";

/** A chat as a bridge lists it; enough to find a group's `chat_id` by its GUID. */
export interface KnownChat {
  id: number;
  guid: string;
  identifier: string;
}

/** How the other file names groups. */
export interface GroupNaming {
  /** By the chat's GUID or identifier instead of its number. */
  byGuid: boolean;
  chats: readonly KnownChat[];
}

/** Translates `groups` of a block. @param to where the block goes */
export function groupMoves(groups: Tree, from: ConfigPath, to: ConfigPath, naming: GroupNaming): Move[] {
  // An account's own list replaces the channel's, even where it is empty.
  if (Object.keys(groups).length === 0) return [{ from, to: [...to, "groups"], value: {} }];
  const taken = new Map<string, string>();
  return Object.entries(groups).flatMap(([key, group]): Move[] => {
    const leftOut = (why: string): Move[] => [{ from: [...from, key], to: undefined, value: group, why }];
    const id = groupKey(key, naming);
    if (id === undefined)
      return leftOut(
        naming.byGuid
          ? "its chat_id is not known: no account was asked, or none that was has a chat with this GUID"
          : "a group was named by its number alone there, so this key matched none",
      );
    const same = taken.get(id);
    if (same !== undefined) return leftOut(`${same} names the same group, and holds`);
    taken.set(id, key);
    const why = id === key ? undefined : `groups are named by chat_id here; this one is ${id}`;
    return entryMoves(treeOf(group), [...from, key], [...to, "groups", id], why);
  });
}

function entryMoves(group: Tree, from: ConfigPath, to: ConfigPath, why: string | undefined): Move[] {
  if (Object.keys(group).length === 0) return movesOf({}, from, to, why);
  const unknown = Object.entries(group).filter(([key]) => key === "allowFrom" || key === "agentId");
  return [
    // That there is an entry says that this group is served and others are not, whatever becomes of its settings.
    { from, to, value: {}, quiet: true },
    ...movesOf(without(group, "allowFrom", "agentId"), from, to, why),
    ...unknown.map(
      ([key, value]): Move => ({
        from: [...from, key],
        to: undefined,
        value,
        why: "groups had no such setting there, so it changed nothing",
      }),
    ),
  ];
}

/** Whether groups are listed, and not one of them is known here. */
export function isLost(groups: Tree, naming: GroupNaming): boolean {
  const keys = Object.keys(groups);
  return keys.length > 0 && keys.every((key) => groupKey(key, naming) === undefined);
}

/** @returns the key of a group here; undefined where it is not known, or there was none of this name */
export function groupKey(key: string, { byGuid, chats }: GroupNaming): string | undefined {
  if (key === "*") return key;
  if (!byGuid) return /^[1-9]\d*$/.test(key) ? key : undefined;
  const bare = key.trim().replace(/^chat_(guid|identifier):/i, "");
  const tail = bare.split(";").at(-1);
  const chat =
    chats.find(({ guid, identifier }) => guid === bare || identifier === bare) ??
    // macOS 26 writes `any;+;…` where earlier versions wrote the service.
    chats.find(({ guid }) => bare.includes(";") && guid.split(";").at(-1) === tail);
  return chat === undefined ? undefined : String(chat.id);
}
