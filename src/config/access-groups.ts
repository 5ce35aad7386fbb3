import { groupNameIn } from "./group-name.js";
import type { Config } from "./schema/config.js";

/** One entry of `accessGroups`. */
export type AccessGroup = Config["accessGroups"][string];

/** The people of each group by its name, as they are written. */
export type PeopleByGroup = Readonly<Record<string, readonly string[]>>;

/** The people of a group, in either form of its members (behaviour 18.3). */
export function membersOf({ members }: Pick<AccessGroup, "members">): string[] {
  return Array.isArray(members) ? members : [...(members["*"] ?? []), ...(members.imessage ?? [])];
}

/** The people of every group of a configuration. */
export function peopleByGroup({ accessGroups }: Pick<Config, "accessGroups">): PeopleByGroup {
  return Object.fromEntries(Object.entries(accessGroups).map(([name, group]) => [name, membersOf(group)]));
}

/** A list with the people of its groups in the place of their names; a group that is not there stands for nobody. */
export function withPeople(entries: readonly string[], groups: PeopleByGroup): string[] {
  return entries.flatMap((entry) => {
    const name = groupNameIn(entry);
    if (name === undefined) return [entry];
    return Object.hasOwn(groups, name) ? groups[name]! : [];
  });
}
