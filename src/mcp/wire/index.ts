export { type AgentMethod, agentMethods, agentTable, type LocalRights } from "./table.js";
