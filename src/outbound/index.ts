export { Sender, type SenderDeps, type SenderSettings } from "./sender.js";
export { checkRecipient, type FirewallFacts } from "./firewall.js";
export { chunkRendered, type StyledChunk } from "./chunk-rendered.js";
export { compareText } from "./same-text.js";
export { type ChunkMode, type ChunkOptions, chunkText } from "./chunk.js";
export { type Rendered, renderMarkdown } from "./markdown.js";
