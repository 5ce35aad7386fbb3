import {
  anything,
  exactly,
  flag,
  list,
  object,
  oneOf,
  optional,
  orNull,
  recordOf,
  text,
} from "../../../platform/shapes/index.js";

/** An event as it goes over the control socket. */
export interface WireEvent {
  type: "push" | "verdict" | "end";
  content?: string;
  meta?: Record<string, string>;
  turnId?: string;
  requestId?: string;
  allow?: boolean;
}

const told = object<{ text: string; isError: boolean }>({ text, isError: flag });

/** What a session that is attached asks the gateway (behaviour 20.4): rows of its control table. */
export const channelTable = {
  /** Attaches a session; the newest takes the place. `chat` is null where it answers all conversations of its agent. */
  "channel.attach": {
    parameters: exactly<{ agent?: string; account?: string; chat?: string }>({
      agent: optional(text),
      account: optional(text),
      chat: optional(text),
    }),
    result: object<{ attachment: string; agent: string; chat: string | null; replaced: boolean }>({
      ...{ attachment: text, agent: text, chat: orNull(text), replaced: flag },
    }),
  },
  /** Waits for what the session is to be told; who hangs up is gone. */
  "channel.next": {
    parameters: exactly<{ attachment: string }>({ attachment: text }),
    result: list(
      object<WireEvent>({
        type: oneOf("push", "verdict", "end"),
        content: optional(text),
        meta: optional(recordOf(text)),
        turnId: optional(text),
        requestId: optional(text),
        allow: optional(flag),
      }),
    ),
  },
  /** Answers a message; told once it is stored. */
  "channel.reply": {
    parameters: exactly<{ attachment: string; turnId: string; text: string; files?: string[] }>({
      ...{ attachment: text, turnId: text, text },
      files: optional(list(text)),
    }),
    result: told,
  },
  /** Calls a tool of the turn of a message. */
  "channel.tool": {
    parameters: exactly<{ attachment: string; turnId: string; tool: string; input?: unknown }>({
      ...{ attachment: text, turnId: text, tool: text, input: anything },
    }),
    result: told,
  },
  /** Puts a permission request of the session to an owner, while it has a message to answer. */
  "channel.permission": {
    parameters: exactly<{
      attachment: string;
      requestId: string;
      tool: string;
      description: string;
      preview: string;
    }>({ attachment: text, requestId: text, tool: text, description: text, preview: text }),
    result: object<{ asked: boolean }>({ asked: flag }),
  },
};
