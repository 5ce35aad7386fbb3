import { type AccessGroup, type Config, formatPath, membersOf, normalizeId } from "../../config/index.js";
import { normalizeHandle } from "../../conversation/index.js";
import { type ToolRule, ToolRules } from "./tool-rules.js";

/** A limit of a day, and the configuration path that says so. */
export interface DailyLimit {
  most: number;
  key: string;
}

/** What the groups of a person say of them (behaviour 18.3). */
export interface PersonRights {
  /** All handles of the person, in normal form; those that `session.identityLinks` makes one person. */
  handles: string[];
  /** The person's groups, in the order of the configuration. */
  groups: string[];
  /** Who answers the person in direct chats; the first group that names somebody counts. */
  agent?: { id: string; key: string };
  /** What every group of the person leaves. */
  tools: ToolRule[];
  /** The lowest of the person's groups; absent: no limit. */
  turnsPerDay?: DailyLimit;
  /** The lowest of the person's groups; absent: no limit. */
  tokensPerDay?: DailyLimit;
}

/** The groups of people of a configuration, as one account reads their handles. */
export class People {
  readonly #groups: readonly { name: string; group: AccessGroup; handles: ReadonlySet<string> }[];
  readonly #links: readonly (readonly string[])[];

  /** @param region for numbers without `+` */
  constructor(config: Pick<Config, "accessGroups" | "session">, region: string) {
    const normal = (handles: readonly string[]) => handles.map((handle) => normalizeHandle(handle, region));
    this.#groups = Object.entries(config.accessGroups).map(([name, group]) => ({
      name,
      group,
      handles: new Set(normal(membersOf(group))),
    }));
    this.#links = Object.values(config.session.identityLinks).map(normal);
  }

  /**
   * What holds for a person. Of several groups the narrowest counts: nobody gains a tool or a turn by being in one more.
   * @param handle in normal form; an empty one is nobody's, and in no group
   */
  of(handle: string): PersonRights {
    const handles = this.handlesOf(handle);
    const own = this.#groups.filter((group) => handles.some((each) => group.handles.has(each)));
    const answering = own.find(({ group }) => group.agentId !== undefined);
    const turnsPerDay = lowest(own, "turnsPerDay");
    const tokensPerDay = lowest(own, "tokensPerDay");
    return {
      handles,
      groups: own.map(({ name }) => name),
      ...(answering && {
        agent: {
          id: normalizeId(answering.group.agentId!),
          key: formatPath(["accessGroups", answering.name, "agentId"]),
        },
      }),
      tools: own.flatMap(({ group }) => (group.tools ? [group.tools] : [])),
      ...(turnsPerDay !== undefined && { turnsPerDay }),
      ...(tokensPerDay !== undefined && { tokensPerDay }),
    };
  }

  /** All handles of a person, the given one first. @param handle in normal form */
  handlesOf(handle: string): string[] {
    if (handle === "") return [];
    return [...new Set([handle, ...this.#links.filter((link) => link.includes(handle)).flat()])];
  }

  /** The handle by which a person is listed, whichever of theirs is given: the first of their link. */
  personOf(handle: string): string {
    return this.#links.find((link) => link.includes(handle))?.[0] ?? handle;
  }

  /** What every one of several people may use, whose messages are in one turn. @param handles in normal form */
  toolsOf(handles: readonly string[]): ToolRules {
    return new ToolRules(handles.flatMap((handle) => this.of(handle).tools));
  }
}

/** Whether turns or tokens of a person are counted against a limit. */
export function isLimited({ turnsPerDay, tokensPerDay }: PersonRights): boolean {
  return turnsPerDay !== undefined || tokensPerDay !== undefined;
}

function lowest(
  groups: readonly { name: string; group: AccessGroup }[],
  field: "turnsPerDay" | "tokensPerDay",
): DailyLimit | undefined {
  const limits = groups.flatMap(({ name, group: { [field]: most } }) =>
    most === undefined ? [] : [{ most, key: formatPath(["accessGroups", name, field]) }],
  );
  return limits.sort((one, other) => one.most - other.most)[0];
}
