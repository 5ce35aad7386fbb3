import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseChat } from "./parse-chat.js";
import { parseMessage, stripPart } from "./parse-message.js";

const plain = {
  id: 5012,
  guid: "6E0F2C1A-0B7D-4C51-9C0E-5D1B7A3F1001",
  chat_id: 7,
  chat_identifier: "+15550100123",
  chat_guid: "iMessage;-;+15550100123",
  chat_name: "",
  participants: ["+15550100123"],
  is_group: false,
  sender: "+15550100123",
  sender_name: "Mia Wong",
  is_from_me: false,
  text: "Are you free at 5?",
  created_at: "2026-05-09T06:13:20.000Z",
  destination_caller_id: "bot@example.com",
  attachments: [],
  reactions: [],
};

const parsed = (more: object) => {
  const result = parseMessage({ ...plain, ...more });
  if (!result.ok) throw new Error(result.error.detail);
  return result.value;
};

describe("a message", () => {
  it("is read into our own words", () => {
    expect(parsed({})).toEqual({
      rowId: 5012,
      guid: "6E0F2C1A-0B7D-4C51-9C0E-5D1B7A3F1001",
      chat: {
        id: 7,
        guid: "iMessage;-;+15550100123",
        identifier: "+15550100123",
        name: "",
        participants: ["+15550100123"],
        isGroup: false,
      },
      sender: "+15550100123",
      senderName: "Mia Wong",
      fromMe: false,
      text: "Are you free at 5?",
      sentAt: Date.UTC(2026, 4, 9, 6, 13, 20),
      destination: "bot@example.com",
      attachments: [],
    });
  });

  it("carries the message that it answers, by its thread first", () => {
    const quoted = { reply_to_text: "Saturday 9am", reply_to_sender: "sam@example.com" };
    expect(parsed({ thread_originator_guid: "T", reply_to_guid: "p:0/R", ...quoted })).toMatchObject({
      threadGuid: "T",
      replyTo: { guid: "T", text: "Saturday 9am", sender: "sam@example.com" },
    });
    expect(parsed({ reply_to_guid: "bp:R" }).replyTo).toEqual({ guid: "R" });
    expect(parsed({ reply_to_guid: "P", text: "", poll: { kind: "vote" } }).replyTo).toBeUndefined();
  });

  it("answers nobody by being the preview of a link or the next card of an app", () => {
    const link = "https://example.com/post/1";
    const preview = { text: link, reply_to_guid: "T", reply_to_sender: plain.sender };
    const balloon = "com.apple.messages.URLBalloonProvider";
    expect(parsed({ ...preview, balloon_bundle_id: balloon }).replyTo).toBeUndefined();
    expect(
      parsed({ text: "\ufffd", reply_to_guid: "T", balloon_bundle_id: "a:b:com.example.game" }).replyTo,
    ).toBeUndefined();
    // Builds before 0.11.1 do not name the balloon.
    expect(parsed({ ...preview, reply_to_text: `read ${link}` }).replyTo).toBeUndefined();
    expect(parsed({ ...preview, reply_to_text: "where is it?" }).replyTo).toBeDefined();
    expect(
      parsed({ ...preview, reply_to_text: link, reply_to_sender: "sam@example.com" }).replyTo,
    ).toBeDefined();
    expect(
      parsed({ ...preview, thread_originator_guid: "R", balloon_bundle_id: balloon }).replyTo,
    ).toMatchObject({ guid: "R" });
  });

  it("may be a tapback, its target without the mark of a part or a balloon", () => {
    const tapback = (more: object) => parsed({ is_reaction: true, ...more }).tapback;
    expect(
      tapback({
        reaction_type: "love",
        reaction_emoji: "❤️",
        is_reaction_add: false,
        reacted_to_guid: "bp:B",
      }),
    ).toEqual({ kind: "love", emoji: "❤️", added: false, targetGuid: "B" });
    expect(tapback({ reacted_to_guid: "p:12/X" })).toEqual({
      kind: "unknown",
      emoji: "",
      added: true,
      targetGuid: "X",
    });
    expect(parsed({ is_reaction: false }).tapback).toBeUndefined();
  });

  it("is a tapback where a sticker was put on a message, or taken off", () => {
    const sticker = { transfer_name: "x.heic", is_sticker: true, missing: false, original_path: "/s/x.heic" };
    const on = (more: object) => parsed({ text: "\ufffc", reply_to_guid: "p:0/T", ...more }).tapback;
    const event = { kind: "sticker", emoji: "", added: true, targetGuid: "T" };
    expect(on({ attachments: [sticker] })).toEqual(event);
    // Where files were not asked for, or are not known yet.
    expect(on({})).toEqual(event);
    expect(on({ text: "Reacted with a sticker to “x”" })).toEqual(event);
    expect(on({ text: "" })).toEqual({ ...event, added: false });
    expect(on({ text: "Removed a sticker from “x”" })).toEqual({ ...event, added: false });
    expect(parsed({ text: "\ufffc", reply_to_guid: "T", attachments: [sticker] }).replyTo).toBeUndefined();
    // A sticker on its own, a reply with one, and a picture are messages.
    expect(parsed({ text: "\ufffc", attachments: [sticker] }).tapback).toBeUndefined();
    expect(on({ thread_originator_guid: "T", attachments: [sticker] })).toBeUndefined();
    expect(on({ attachments: [{ ...sticker, is_sticker: false }] })).toBeUndefined();
    expect(on({ text: "look", attachments: [sticker] })).toBeUndefined();
  });

  it("keeps files that somebody sent, and leaves out those of link previews", () => {
    const file = {
      filename: "~/Library/Messages/Attachments/3f/15/8A1C/IMG_2041.heic",
      transfer_name: "IMG_2041.heic",
      uti: "public.heic",
      mime_type: "image/heic",
      total_bytes: 1834221,
      is_sticker: false,
      original_path: "/Users/bot/Library/Messages/Attachments/3f/15/8A1C/IMG_2041.heic",
      missing: false,
    };
    const { attachments } = parsed({
      attachments: [
        file,
        { ...file, transfer_name: "X.PluginPayloadAttachment" },
        { ...file, uti: "com.apple.messages.pluginPayloadAttachment" },
        {
          filename: "",
          transfer_name: "a.caf",
          missing: true,
          converted_path: "/c/a.m4a",
          converted_mime_type: "audio/mp4",
        },
      ],
    });
    expect(attachments).toEqual([
      {
        path: file.original_path,
        name: "IMG_2041.heic",
        mimeType: "image/heic",
        uti: "public.heic",
        bytes: 1834221,
        missing: false,
        isSticker: false,
      },
      {
        path: "",
        name: "a.caf",
        mimeType: "",
        uti: "",
        bytes: 0,
        missing: true,
        isSticker: false,
        converted: { path: "/c/a.m4a", mimeType: "audio/mp4" },
      },
    ]);
  });

  it("keeps what later builds add", () => {
    expect(
      parsed({
        balloon_bundle_id: "com.apple.messages.URLBalloonProvider",
        url_preview: { id: 5023, guid: "B" },
        poll: { kind: "created" },
        cursor: 5011,
        never_heard_of: [1],
      }),
    ).toMatchObject({
      balloon: "com.apple.messages.URLBalloonProvider",
      preview: { rowId: 5023, guid: "B" },
      poll: { kind: "created" },
      cursor: 5011,
    });
  });

  it("takes null and missing for what may be missing", () => {
    const bare = { id: 1, guid: "", chat_id: 0, is_from_me: true, created_at: plain.created_at };
    const nulls = {
      ...bare,
      sender: null,
      text: null,
      participants: null,
      attachments: null,
      is_group: null,
    };
    for (const value of [bare, nulls])
      expect(parseMessage(value)).toMatchObject({
        ok: true,
        value: { sender: "", text: "", chat: { id: 0, guid: "", isGroup: false, participants: [] } },
      });
    expect(parsed({ is_group: null, chat_guid: "any;+;abc" }).chat.isGroup).toBe(true);
  });

  it.each([
    ["id", undefined, "message: id is missing"],
    ["id", "5012", "message: id is not a whole number from 0 up"],
    ["id", 2 ** 60, "message: id is not a whole number from 0 up"],
    ["guid", null, "message: guid is missing"],
    ["chat_id", undefined, "message: chat_id is missing"],
    ["is_from_me", undefined, "message: is_from_me is missing"],
    ["is_from_me", 0, "message: is_from_me is not a boolean"],
    ["created_at", "soon", "message: created_at is not a time"],
    ["sender", 15550100123, "message: sender is not a string"],
    ["participants", ["a", 1], "message: participants is not a list of strings"],
    ["attachments", {}, "message: attachments is not a list"],
    ["attachments", [{ missing: "no" }], "message: missing is not a boolean"],
    ["reacted_to_guid", 7, "message: reacted_to_guid is not a string"],
  ])("is refused with a wrong %s (%j)", (key, value, detail) => {
    expect(parseMessage({ ...plain, [key]: value })).toMatchObject({ ok: false, error: { detail } });
  });

  it("never throws, whatever comes", () => {
    const field = fc.constantFrom(...Object.keys(plain), "poll", "url_preview", "is_reaction", "cursor");
    fc.assert(
      fc.property(fc.dictionary(field, fc.jsonValue()), fc.jsonValue(), (fields, anything) => {
        parseMessage({ ...plain, ...fields });
        parseMessage(anything);
        parseChat(anything);
      }),
    );
  });

  it("loses nothing but marks from a GUID", () => {
    fc.assert(fc.property(fc.uuid(), fc.nat(99), (guid, n) => stripPart(`p:${n}/${guid}`) === guid));
    expect(stripPart("AMZN/p:0/x")).toBe("AMZN/p:0/x");
  });
});

describe("a chat", () => {
  it("is read into our own words", () => {
    expect(
      parseChat({
        id: 31,
        identifier: "+15550100789",
        guid: "SMS;-;+15550100789",
        name: "",
        service: "SMS",
        last_message_at: "2026-05-09T06:22:00.000Z",
        participants: ["+15550100789"],
        is_group: false,
        unread_count: 3,
      }),
    ).toEqual({
      ok: true,
      value: {
        id: 31,
        identifier: "+15550100789",
        guid: "SMS;-;+15550100789",
        name: "",
        service: "SMS",
        lastMessageAt: Date.UTC(2026, 4, 9, 6, 22),
        participants: ["+15550100789"],
        isGroup: false,
      },
    });
  });
});

describe("a message that does not fit the protocol", () => {
  const partly = (more: object) => {
    const result = parseMessage({ ...plain, ...more });
    return result.ok ? undefined : result.error.row;
  };

  it("is kept with what can be read of it, and with every fault", () => {
    expect(partly({ participants: ["+15550100123", null], sender_name: "Mia", created_at: "soon" })).toEqual({
      rowId: 5012,
      guid: plain.guid,
      chat: {
        id: 7,
        guid: plain.chat_guid,
        identifier: plain.chat_identifier,
        name: "",
        participants: [],
        isGroup: true,
      },
      sender: "+15550100123",
      fromMe: false,
      text: plain.text,
      sentAt: 0,
      attachments: [],
      fault: "participants is not a list of strings; created_at is not a time",
    });
  });

  it.each([
    [{ guid: 5 }, { guid: "", fault: "guid is not a string" }],
    [{ is_from_me: "no" }, { fromMe: false, fault: "is_from_me is not a boolean" }],
    [{ chat_id: -1 }, { chat: { id: 0 }, fault: "chat_id is not a whole number from 0 up" }],
    [{ text: {} }, { text: "", fault: "text is not a string" }],
    [{ is_group: 0 }, { chat: { isGroup: true }, fault: "is_group is not a boolean" }],
    [{ is_reaction: "yes" }, { fault: "a field of another kind than the protocol has" }],
  ])("%j is kept", (more, kept) => {
    expect(partly(more)).toMatchObject(kept);
  });

  it.each([{ id: null }, { id: "5" }, { id: -1 }])("%j is not: nothing tells it from others", (more) => {
    expect(partly(more)).toBeUndefined();
  });
});
