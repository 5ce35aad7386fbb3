export { type ChunkMode, type ChunkOptions, chunkText } from "./chunk.js";
export { checkRecipient, type FirewallFacts } from "./firewall.js";
export { compareText } from "./same-text.js";
export { Sender, type SenderDeps, type SenderSettings, type SenderTimes, senderTimes } from "./sender.js";
