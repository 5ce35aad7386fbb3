import { ownBlock } from "./access.js";
import { type Tree, treeOf } from "./report.js";

/**
 * What no single key tells: who answers, who owns, and what the new file still needs.
 * @param missingVariables names that the environment lacks
 * @returns one sentence or two each, with the remedy
 */
export function notesOf(config: Tree, missingVariables: readonly string[]): string[] {
  const folders = foldersOf(config);
  return [
    ...(missingVariables.length > 0
      ? [`Set ${missingVariables.join(", ")} for the gateway: it does not start without.`]
      : []),
    ...(isDemo(config)
      ? [
          "The demo agent answers: the agent of the other system stays there, and no model is named here. Set agents.defaults.model, or an agent's runtime (docs/coming-over.md).",
        ]
      : []),
    ...(hasOwner(config)
      ? []
      : [
          "Nobody is an owner yet, who may use /config, /acp and /pairing; there, whoever was in allowFrom was one. Set commands.ownerAllowFrom, or run `tapback pair --owner`.",
        ]),
    ...(folders.length > 0
      ? [`Keep the folder of the other system, or move what is needed: into it lead ${folders.join(", ")}.`]
      : []),
  ];
}

function isDemo(config: Tree): boolean {
  const { defaults, list } = treeOf(config.agents);
  const hasModel = treeOf(defaults).model !== undefined;
  const agents = Array.isArray(list) && list.length > 0 ? list.map(treeOf) : [{}];
  return agents.some(({ runtime, model }) => runtime === undefined && model === undefined && !hasModel);
}

/** Whether there is an owner: one who is named as such, or the one sender whom a list names (behaviour 12). */
function hasOwner(config: Tree): boolean {
  const isNamed = (list: unknown, most: number) =>
    Array.isArray(list) &&
    list.length > 0 &&
    list.length <= most &&
    !list.some((entry) => /^\*$|^chat_/.test(entry));
  const block = ownBlock(config) ?? {};
  return (
    isNamed(treeOf(config.commands).ownerAllowFrom, Infinity) ||
    [block, ...Object.values(treeOf(block.accounts)).map(treeOf)].some(({ allowFrom }) =>
      isNamed(allowFrom, 1),
    )
  );
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
