export { createTapbackAdapter, type TapbackAdapter } from "./adapter.js";
export type { TapbackAdapterOptions } from "./options.js";
export type { TapbackThread } from "./thread-id.js";
