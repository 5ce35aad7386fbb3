export type { Agent, AgentEvent, AgentTurn, MessageTool, ScheduleTool } from "./contract.js";
