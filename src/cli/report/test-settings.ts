import { type AccessGroup, accountDefaults, membersOf, withPeople } from "../../config/index.js";

type Block = Record<string, unknown>;

/** Settings of an account that decide what becomes of a message, and hold no text of anybody. */
const ofAccount = [
  ...["dmPolicy", "allowFrom", "groupPolicy", "groupAllowFrom", "region", "service", "handoff"],
  ...["coalesceSameSenderDms", "reactionNotifications", "includeAttachments", "streaming", "maxBubbles"],
  ...["textChunkLimit", "chunkMode", "catchup", "watchDebounceMs"],
];
/** What holds where a configuration does not say; the kit's own worlds are open to everybody. */
const { dmPolicy, allowFrom, groupPolicy, includeAttachments } = accountDefaults;
const usual = { dmPolicy, allowFrom, groupPolicy, includeAttachments };
const ofGroup = ["enabled", "requireMention", "allowFrom"];

/** Settings beside the account's, by their block. */
const ofBlocks: Record<string, string[]> = {
  session: ["dmScope"],
  commands: ["ownerAllowFrom", "ownerServices"],
  pairing: ["services"],
};

/** What of a reported configuration a test is played with. */
export interface TestSettings {
  config: Block;
  /** Settings per group, by the number of its chat in the report, or `*`. */
  groups: Record<string, Block>;
  agents: string[];
}

/** @param handleOf the test's own stand-in for a person of the report */
export function testSettings(
  configuration: Block,
  account: string,
  handleOf: (handle: string) => string,
): TestSettings {
  const imessage = blockOf(blockOf(configuration.channels).imessage);
  const own = blockOf(blockOf(imessage.accounts)[account]);
  const given = { ...imessage, ...own };
  const groups = peopleOf(blockOf(configuration.accessGroups));
  const people = (value: unknown, key: string) =>
    /From$/i.test(key) && Array.isArray(value) ? withPeople(value.map(String), groups).map(handleOf) : value;
  const some = (block: Block, keys: readonly string[]) =>
    Object.fromEntries(
      keys.filter((key) => block[key] !== undefined).map((key) => [key, people(block[key], key)]),
    );
  const blocks = Object.entries(ofBlocks)
    .map(([name, keys]) => [name, some(blockOf(configuration[name]), keys)] as const)
    .filter(([, block]) => Object.keys(block).length > 0);
  const listed = blockOf(configuration.agents).list;
  const ids = Array.isArray(listed) ? listed.map((agent) => String(blockOf(agent).id)) : [];
  return {
    config: {
      channels: { imessage: { ...usual, ...some(given, ofAccount) } },
      ...Object.fromEntries(blocks),
    },
    groups: Object.fromEntries(
      Object.entries(blockOf(given.groups)).map(([id, group]) => [id, some(blockOf(group), ofGroup)]),
    ),
    agents: ids.length > 0 ? ids : ["main"],
  };
}

function blockOf(value: unknown): Block {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Block) : {};
}

/** The people of each group of people; they stand in the lists themselves in a test. */
function peopleOf(groups: Block): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(groups).map(([name, group]) => [name, membersOf(group as AccessGroup)]),
  );
}
