export { type ChunkMode, type ChunkOptions, chunkText } from "./chunk.js";
