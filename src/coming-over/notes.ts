import { type Tree, treeOf } from "../config/fitting/index.js";
import type { Dialect } from "./dialects.js";

/** What notes are made from. */
export interface NoteOptions {
  /** Ours. */
  config: Tree;
  /** The other file. */
  old: Tree;
  dialect: Dialect;
  /** Whether ours names an owner (behaviour 12). */
  hasOwner: boolean;
  /** Approved senders whose approval did not count there. */
  droppedApprovals: number;
}

/**
 * What no single key tells: who answers, who owns, and what is done differently.
 * @returns one sentence or two each, with the remedy
 */
export function notesOf({ config, old, dialect, hasOwner, droppedApprovals }: NoteOptions): string[] {
  const folders = foldersOf(config);
  const block = ownBlock(config);
  return [
    ...(isDemo(config)
      ? [
          "The demo agent answers: the agent of the other system stays there, and no model is named here. Set agents.defaults.model, or an agent's runtime (docs/coming-over.md).",
        ]
      : []),
    ...(hasOwner
      ? []
      : [
          `Nobody is an owner yet, who may use /config, /acp and /pairing; ${whoWas(old)} Set commands.ownerAllowFrom, or run \`tapback pair --owner\`.`,
        ]),
    ...(block !== undefined && dialect === "openclaw" && treeOf(block.catchup).enabled !== true
      ? [
          "What comes while the gateway is stopped is not answered, where the other system answered messages of two hours: set channels.imessage.catchup.enabled to true for that.",
        ]
      : []),
    ...(block !== undefined && asksForMentions(block)
      ? ["In groups, an answer to a message of the agent counts as a mention, as its name does."]
      : []),
    ...(treeOf(old.messages).queue === undefined && dialect === "openclaw" && block !== undefined
      ? [
          'What comes during a turn waits for a turn of its own, where the other system gave it to the running one: messages.queue.mode "steer" does so for owners.',
        ]
      : []),
    ...(droppedApprovals > 0
      ? [
          `${droppedApprovals === 1 ? "One sender who was" : `${droppedApprovals} senders who were`} approved by pairing once ${droppedApprovals === 1 ? "is" : "are"} not taken over: under the dmPolicy that held there, the approval let nobody in.`,
        ]
      : []),
    ...(folders.length > 0
      ? [`Keep the folder of the other system, or move what is needed: into it lead ${folders.join(", ")}.`]
      : []),
  ];
}

/** @returns the block of iMessage in our own configuration */
function ownBlock(config: Tree): Tree | undefined {
  const block = treeOf(config.channels).imessage;
  return block === undefined ? undefined : treeOf(block);
}

function asksForMentions(block: Tree): boolean {
  const all = [block, ...Object.values(treeOf(block.accounts)).map(treeOf)];
  return all.some(
    ({ groupPolicy, groups }) =>
      groupPolicy !== "disabled" &&
      Object.values(treeOf(groups)).some((group) => treeOf(group).requireMention === true),
  );
}

function isDemo(config: Tree): boolean {
  const { defaults, list } = treeOf(config.agents);
  const hasModel = treeOf(defaults).model !== undefined;
  const agents = Array.isArray(list) && list.length > 0 ? list.map(treeOf) : [{} as Tree];
  return agents.some(({ runtime, model }) => runtime === undefined && model === undefined && !hasModel);
}

/** Who was an owner there. */
function whoWas({ commands }: Tree): string {
  return treeOf(commands).ownerAllowFrom === undefined
    ? "there, whoever was in allowFrom was one."
    : "there, commands.ownerAllowFrom named nobody whom Messages knows, and nobody is one in their place.";
}

/** @returns where the configuration leads into the other system's folder */
function foldersOf(config: Tree): string[] {
  const found: string[] = [];
  const look = (value: unknown, path: string) => {
    if (typeof value === "string" && /\/\.(openclaw|remoteclaw|clawdbot)\//.test(value)) found.push(path);
    if (typeof value === "object" && value !== null)
      for (const [key, inner] of Object.entries(value)) look(inner, path === "" ? key : `${path}.${key}`);
  };
  look(config, "");
  return found;
}
