/**
 * `tapback/chat-sdk`: an adapter for `chat`, which has to be installed beside this package (`docs/chat-sdk.md`).
 *
 * ```ts
 * const bot = new Chat({ userName: "mybot", adapters: { tapback: createTapbackAdapter() }, state: createMemoryState() });
 * bot.onNewMention((thread, message) => thread.post(`You said: ${message.text}`));
 * await bot.initialize();
 * ```
 */

export {
  createTapbackAdapter,
  type TapbackAdapter,
  type TapbackAdapterOptions,
  type TapbackThread,
} from "./chat-sdk/index.js";
