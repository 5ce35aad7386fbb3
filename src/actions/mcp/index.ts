export { serveMcp, type ToolSource } from "./serve.js";
export { type ChannelClient, serveChannel } from "./serve-channel.js";
