export { type HookState, hookStates } from "./hook-state.js";
export { postSigned } from "./post.js";
export { hookName, readerOf } from "./reader.js";
export { Webhooks } from "./webhooks.js";
