export {
  type AccessGroup,
  membersOf,
  type PeopleByGroup,
  peopleByGroup,
  withPeople,
} from "./access-groups.js";
export { accountFile } from "./account-file.js";
export {
  type Account,
  accountIds,
  defaultAccountId,
  readableRoots,
  regionOf,
  resolveAccount,
  resolveAccounts,
} from "./accounts.js";
export {
  type AcpSettings,
  type AgentConfig,
  acpSettingsFor,
  defaultAgentId,
  resolveAgent,
  resolveAgents,
  timeZoneOf,
} from "./agents.js";
export { diffConfig } from "./diff.js";
export { groupNameIn } from "./group-name.js";
export { normalizeId } from "./ids.js";
export { type Endpoint, lanEndpoints } from "./lan-endpoints.js";
export type { ConfigFailure, LoadedConfig } from "./load.js";
export { loadConfig, parseConfig, storeUrl, variablesUsed } from "./load-late.js";
export { configPath, expandHome, type Surroundings, stateDir } from "./location.js";
export { type ConfigPath, formatPath, parsePath } from "./path.js";
export { type ConfigError, type ConfigWarning, configInvalid, formatProblem } from "./problem.js";
export { isRemoteHost } from "./remote-host.js";
export type { AccountSettings } from "./schema/account.js";
export type {
  AlertChannel,
  Binding,
  Config,
  ModelProvider,
  VoiceCommand,
  WebhookConfig,
} from "./schema/config.js";
export { accountDefaults } from "./schema/defaults.js";
export { type BuiltInProvider, builtInProviders } from "./schema/providers.js";
export { type ConfigWatch, watchConfig } from "./watch.js";
