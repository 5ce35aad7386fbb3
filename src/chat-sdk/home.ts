import type { Adapter, Attachment, ChatInstance } from "chat";
import type { FunctionAgent } from "../agents/index.js";
import type { Gateway } from "../library/index.js";
import type { Cards } from "./cards.js";
import type { Conversations } from "./conversations.js";
import type { Door } from "./door.js";
import type { Occasions } from "./occasion.js";

/** What a bot is told with. */
export interface BotParts {
  adapter: Adapter;
  chat: ChatInstance;
  occasions: Occasions;
  cards: Cards;
  conversations: Conversations;
}

/** Where the gateway of a bot is: in its own process, or behind its API (behaviour 20.5). */
export interface Home {
  /** The gateway in this process; undefined where there is none. */
  readonly gateway: Gateway | undefined;
  /** Begins to tell the bot what happens. @param agent the bot as an agent, for a gateway that asks it */
  start(parts: BotParts, agent: FunctionAgent): Promise<void>;
  /** Nothing is told any more. */
  stop(): Promise<void>;
  /** The way into a conversation with the program's rights. @param keyOf names what is sent next @returns undefined where there is none */
  doorInto(threadId: string, keyOf: () => string): Door | undefined;
  /** An attachment that was kept in the bot's state, with its way to the file. @param isOfTurn whether a path came with a turn that goes on */
  rehydrated(attachment: Attachment, isOfTurn: (path: string) => boolean): Attachment;
  /** The account of conversations that the bot opens. */
  account(): Promise<string>;
  /** What comes by HTTP. */
  take(request: Request, background: (work: Promise<unknown>) => void): Promise<Response>;
}
