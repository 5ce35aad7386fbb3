export { type McpTool, serveMcp, type ToolSource } from "./serve.js";
