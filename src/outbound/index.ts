export { type ChunkMode, type ChunkOptions, chunkText } from "./chunk.js";
export { chunkRendered, type StyledChunk } from "./chunk-rendered.js";
export { type Rendered, renderMarkdown } from "./markdown.js";
