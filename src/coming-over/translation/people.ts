import { listOf, type Move, type Tree } from "../../config/fitting/index.js";
import type { ConfigPath } from "../../config/index.js";
import { addressMoves, type Naming, namesChats } from "./addresses.js";

/**
 * Translates who may talk. Where a chat in `allowFrom` counted in groups alone, the whole list becomes `groupAllowFrom`,
 * for which it stood, and the people in it stay.
 * @param place.channel the channel's block, from which an account inherits; empty for the channel itself
 */
export function peopleMoves(
  place: { block: Tree; channel: Tree; to: ConfigPath; from(key: string): ConfigPath },
  naming: Naming,
): Move[] {
  const { block, channel, from, to } = place;
  const { allowFrom, groupAllowFrom } = block;
  const { chatsInDirect, groupsByGuid } = naming.traits;
  const isUnset = (list: unknown) =>
    list === undefined || list === null || (groupsByGuid && listOf(list).length === 0);
  const splits = (list: unknown) => !chatsInDirect && namesChats(list, naming);
  const at = (key: string): [ConfigPath, ConfigPath] => [from(key), [...to, key]];
  const people =
    allowFrom === undefined
      ? []
      : addressMoves(allowFrom, ...at("allowFrom"), naming, chatsInDirect ? "all" : "people");
  if (!isUnset(groupAllowFrom))
    return [...people, ...addressMoves(groupAllowFrom, ...at("groupAllowFrom"), naming)];
  const unset: Move[] =
    groupAllowFrom === undefined
      ? []
      : [
          {
            from: at("groupAllowFrom")[0],
            to: undefined,
            value: groupAllowFrom,
            why: "allowFrom held in its place",
          },
        ];
  // An account's list that stands for allowFrom must not let the channel's in again.
  if (unset.length > 0 && !isUnset(channel.groupAllowFrom))
    return [
      ...people,
      // What is left out of it is told where it stands.
      ...addressMoves(allowFrom ?? channel.allowFrom ?? [], ...at("groupAllowFrom"), naming)
        .filter((move) => move.to !== undefined)
        .map((move) => ({ ...move, why: "allowFrom held in its place" })),
    ];
  // Where the channel's list is split, an account's own list has to say that it stands for groups, too.
  const isSplit = splits(allowFrom) || (splits(channel.allowFrom) && allowFrom !== undefined);
  if (!isSplit || !isUnset(channel.groupAllowFrom)) return [...people, ...unset];
  const why = "a chat in allowFrom counted in groups alone there, and would count in direct chats here";
  const all = addressMoves(allowFrom, from("allowFrom"), [...to, "groupAllowFrom"], naming);
  // What is left out of both is told once.
  return [...all.map((move) => (move.to === undefined ? move : { ...move, why })), people[0]!, ...unset];
}
