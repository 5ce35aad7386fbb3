import { bridgeSend, type ChatKey, method, type Sent } from "./method.js";

type Vote = ChatKey & { poll_guid: string } & (
    | { option_id: string }
    | { option_index: number }
    | { option: string }
  );

export const pollMethods = {
  "poll.send": method<
    ChatKey & {
      question: string;
      options: string[];
      reply_to?: string;
      creator_handle?: string;
      comment?: string;
      suppress_comment?: boolean;
    },
    Sent & { event: string; poll: Record<string, unknown> }
  >({ ...bridgeSend, selectors: ["pollPayloadMessage"] }),
  "poll.vote": method<
    Vote,
    Sent & { event: string; poll_guid: string; option_id: string; option_text?: string }
  >({ ...bridgeSend, selectors: ["pollVoteMessage", "pollUpdateMessage"] }),
  "poll.unvote": method<Vote, Sent & { event: string; poll_guid: string; remaining_option_ids?: string[] }>({
    ...bridgeSend,
    selectors: ["pollVoteMessage", "pollUpdateMessage"],
  }),
};
