import { type Profile, reply, target } from "./profile.js";
import { v0_9 } from "./v0-9.js";

const pollSend = [...target, "question", "options|option", reply, "creator_handle|creatorHandle"];
const voted = "poll_guid|pollGuid|poll_message_guid|message_guid|message_id";
const optionId = "option_id|optionId|optionIdentifier";

/** imsg 0.10.0 (protocol reference 3.3). */
export const v0_10: Profile = {
  ...v0_9,
  version: "0.10.0",
  methods: {
    ...v0_9.methods,
    "poll.send": pollSend,
    "handles.check": ["address", "alias_type", "service"],
    "message.send_status": ["guid"],
  },
  unreported: { "messages.poll.send": pollSend },
  selectors: { ...v0_9.selectors, pollPayloadMessage: true },
};

const pollSend13 = [...pollSend, "comment"];
const voting = [...target, voted, optionId];

/** imsg 0.13.0 (protocol reference 3.3, 3.5). */
export const v0_13: Profile = {
  ...v0_10,
  version: "0.13.0",
  methods: {
    ...v0_10.methods,
    "chats.list": ["limit", "unread_only|unreadOnly"],
    send: [...v0_10.methods.send!, "text_formatting|textFormatting|formatting", reply],
    "send.rich": [...v0_10.methods["send.rich"]!, "url"],
    "poll.send": pollSend13,
    "poll.vote": voting,
    "poll.unvote": voting,
    "messages.stats": ["chat_id", "time_zone", "include_media"],
    "messages.scheduled": ["limit"],
    "send.sticker": [...target, "file|path", "attach_to", "part_index"],
    "contacts.shouldShareContact": target,
    "contacts.shareContactCard": target,
  },
  unreported: {
    "messages.poll.send": pollSend13,
    "messages.poll.vote": voting,
    "polls.unvote": voting,
    "messages.poll.unvote": voting,
  },
  selectors: {
    ...v0_10.selectors,
    pollVoteMessage: true,
    nicknameLookup: true,
    namePhotoShouldOffer: true,
    namePhotoShare: true,
    stickerSend: true,
    stickerAttach: true,
    urlPreviewMessage: true,
    sendRichLinkAction: true,
    deleteChat: true,
    removeChat: true,
  },
};
