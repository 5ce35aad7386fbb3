export type {
  Agent,
  AgentEvent,
  AgentTurn,
  HistoryEntry,
  HistoryTool,
  McpEndpoint,
  MessageTool,
  PermissionOption,
  ScheduleTool,
} from "./contract.js";
