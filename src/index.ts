export { formatTarget, normalizeHandle, parseTarget, type Target } from "./conversation/index.js";
