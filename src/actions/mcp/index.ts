export { type McpTool, serveMcp, type ToolSource } from "./serve.js";
export { type ChannelClient, type ChannelSource, serveChannel } from "./serve-channel.js";
