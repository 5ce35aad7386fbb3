export { type ChunkMode, type ChunkOptions, chunkText } from "./chunk.js";
export { chunkRendered, type StyledChunk } from "./chunk-rendered.js";
export { type DeliveryDeps, DeliveryWatch } from "./delivery.js";
export { type Addressed, checkRecipient, type FirewallFacts } from "./firewall.js";
export { type Rendered, renderMarkdown } from "./markdown.js";
export type { Held, PaceLimits } from "./pacing.js";
export { compareText } from "./same-text.js";
export { Sender, type SenderDeps, type SenderSettings, type SenderTimes, senderTimes } from "./sender.js";
export { checkStaged, removeStaged, type StagedFile, stageBytes, stageFile } from "./staging.js";
