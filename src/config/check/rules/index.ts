import type { Config } from "../../schema/config.js";
import type { Rule, RuleFinding } from "../rule.js";
import {
  groupKeys,
  namesAreNotContacts,
  openNeedsStar,
  ownersAreNamed,
  personKeys,
  sharedMemory,
} from "./access.js";
import { accountIdsDiffer, blockIsThere, databasesDiffer, defaultAccountExists } from "./accounts.js";
import { agentIdsDiffer, agentsExist, bindingsCanMatch, modelsCanBeReached } from "./agents.js";
import { chatNumbersAreOfOneAccount } from "./chat-numbers.js";
import { mcpServersAreOneThing } from "./mcp-servers.js";
import { mentionPatterns } from "./mentions.js";
import { namedGroupsExist, toolsOfPeopleExist } from "./people.js";
import { reviewHasOwner } from "./review.js";
import { workersCanRun } from "./workers.js";

const rules: Rule[] = [
  openNeedsStar,
  groupKeys,
  personKeys,
  ownersAreNamed,
  namedGroupsExist,
  toolsOfPeopleExist,
  namesAreNotContacts,
  sharedMemory,
  accountIdsDiffer,
  defaultAccountExists,
  databasesDiffer,
  chatNumbersAreOfOneAccount,
  blockIsThere,
  agentIdsDiffer,
  agentsExist,
  bindingsCanMatch,
  modelsCanBeReached,
  mcpServersAreOneThing,
  reviewHasOwner,
  workersCanRun,
];

/** Applies every rule over several fields. */
export async function applyRules(config: Config): Promise<RuleFinding[]> {
  return [...rules.flatMap((rule) => [...rule(config)]), ...(await mentionPatterns(config))];
}
