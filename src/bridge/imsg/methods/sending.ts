import { bridgeSend, type ChatKey, method, type Recipient, type Sent, sendMs } from "./method.js";

type Style = "bold" | "italic" | "underline" | "strikethrough";
/** A styled run; offsets in UTF-16 units. */
export type Formatting = { start: number; length: number; styles: Style[] };

/** What makes a message of text or files. */
export const sendingMethods = {
  send: method<
    Recipient & {
      text?: string;
      file?: string;
      service?: "auto" | "imessage" | "sms";
      region?: string;
      transport?: "auto" | "bridge" | "applescript";
      text_formatting?: Formatting[];
      reply_to?: string;
      allow_sms_fallback?: boolean;
    },
    Sent & { transport?: string; id?: number }
  >({ lane: "mutation", timeoutMs: sendMs, bridge: false, always: true }),
  "send.tracked": method<
    ChatKey & {
      text: string;
      /** A UUID in lower case, which becomes the message's GUID (protocol reference 16.1). */
      attempt_id: string;
      text_formatting?: Formatting[];
      reply_to?: string;
    },
    Sent & { transport?: string; attempt_id?: string }
  >({ ...bridgeSend, selectors: ["clientMessageGuidReservation"] }),
  "send.rich": method<
    ChatKey & {
      text?: string;
      effect?: string;
      subject?: string;
      reply_to?: string;
      part_index?: number;
      /** Pass false: with the default, 0.9.0 returns no guid (protocol reference 3.2). */
      dd_scan?: boolean;
      text_formatting?: Formatting[];
      url?: string;
      file?: string;
    },
    Sent & { queued?: boolean; id?: number }
  >({
    ...bridgeSend,
    selectors: ["sendMessage"],
    command: {
      name: "send-rich",
      options: { text: "text", effect: "effect", reply_to: "reply-to" },
      always: ["--no-dd-scan"],
    },
  }),
  "send.attachment": method<
    ChatKey & { file: string; audio?: boolean; reply_to?: string; part_index?: number },
    Sent
  >({
    ...bridgeSend,
    selectors: ["sendAttachment"],
    command: {
      name: "send-attachment",
      options: { file: "file", reply_to: "reply-to" },
      flags: { audio: "audio" },
    },
  }),
  "send.sticker": method<
    ChatKey & { file: string; attach_to?: string; part_index?: number },
    Sent & { transfer_guid: string }
  >({ ...bridgeSend, selectors: ["stickerSend"] }),
  "send.multipart": method<
    ChatKey & {
      parts: { text: string; text_formatting?: Formatting[] }[];
      effect?: string;
      subject?: string;
    },
    Sent & { id?: number; parts_count: number }
  >({ ...bridgeSend, selectors: ["sendMultipart"] }),
};
