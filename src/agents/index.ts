export { knownAgent, knownAgents } from "./acp/registry.js";
export { spoken } from "./answer/spoken.js";
export { maxAskSeconds } from "./ask-limits.js";
export type { RelayedRequest, Told } from "./channel/event.js";
export { type ChannelPlace, type Served, servedBy } from "./channel/place.js";
export { ChannelSessions } from "./channel/sessions.js";
export type {
  Agent,
  AgentEvent,
  AgentSession,
  AgentTurn,
  AskedChoice,
  AskTool,
  ChosenAnswer,
  FurtherMessage,
  HistoryEntry,
  HistoryTool,
  McpAccess,
  McpEndpoint,
  MessageTool,
  OfferedAction,
  PermissionOption,
  ScheduleTool,
  Steering,
  ToolRights,
  ToolsProof,
} from "./contract.js";
export { createAgent, loadAgent } from "./create.js";
export type { AgentDefinition, AgentDeps, RuntimeSettings } from "./definition.js";
export { functionAgent } from "./function/make.js";
export type { AskOptions, FunctionAgent, FunctionAnswer, FunctionTurn } from "./function/turn.js";
export { keyVariables } from "./key-variables.js";
export { endpointOf } from "./llm/endpoints.js";
export { offeredModels } from "./llm/list.js";
export { proveMcpServer } from "./llm/mcp/prove.js";
export { checkMedia, mediaRoots } from "./media.js";
export { ChildRecords } from "./process/child-records.js";
export { proveAgent } from "./prove.js";
