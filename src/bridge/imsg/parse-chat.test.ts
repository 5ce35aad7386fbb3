import { describe, expect, it } from "vitest";
import { ok } from "../../platform/index.js";
import { parseAttachments } from "./parse-attachment.js";
import { parseChat } from "./parse-chat.js";

const chat = (id: number, guid: string, change: object = {}) => ({
  ...{ id, guid, identifier: guid.split(";").at(-1), name: "", service: guid.split(";")[0] },
  ...{ participants: [guid.split(";").at(-1)], is_group: guid.includes(";+;") },
  ...change,
});

describe("what is read of a chat", () => {
  it("is all that is told, each once", () => {
    const wire = {
      ...chat(7, "iMessage;-;+15550100123", { name: "Mia", last_message_at: "1970-01-01T00:00:05Z" }),
      ...{ account_login: "E:me@example.com", last_addressed_handle: "+15550100999" },
    };
    expect(parseChat(wire)).toEqual(
      ok({
        ...{ id: 7, guid: "iMessage;-;+15550100123", identifier: "+15550100123", name: "Mia" },
        ...{ participants: ["+15550100123"], isGroup: false, service: "iMessage", lastMessageAt: 5000 },
        ownAddresses: ["me@example.com", "+15550100999"],
      }),
    );
    expect(parseChat({ id: 7 })).toEqual(
      ok({
        id: 7,
        guid: "",
        identifier: "",
        name: "",
        participants: [],
        isGroup: false,
        service: undefined,
        lastMessageAt: undefined,
      }),
    );
    // Without a word about it, the names tell a group.
    expect(parseChat({ id: 7, guid: "iMessage;+;chat1" })).toMatchObject({ value: { isGroup: true } });
    expect(parseChat({ id: 7, identifier: "iMessage;+;chat1" })).toMatchObject({ value: { isGroup: true } });
    expect(parseChat({ id: 7, guid: "iMessage;+;chat1", is_group: false })).toMatchObject({
      value: { isGroup: false },
    });
  });

  it.each([null, [], {}, { id: -1 }, { id: 1, name: 7 }, { id: 1, participants: [7] }])(
    "%j does not fit",
    (wire) => {
      expect(parseChat(wire)).toMatchObject({
        ok: false,
        error: { detail: expect.stringMatching(/^chat: /) },
      });
    },
  );

  it("is a file where somebody sent one", () => {
    const wire = {
      original_path: "/a/b.caf",
      transfer_name: "",
      filename: "~/x/c.caf",
      uti: "u",
      mime_type: "m",
      total_bytes: -5,
    };
    expect(parseAttachments([{ ...wire, converted_path: "/c.m4a" }])).toEqual([
      {
        ...{
          path: "/a/b.caf",
          name: "c.caf",
          mimeType: "m",
          uti: "u",
          bytes: 0,
          missing: false,
          isSticker: false,
        },
        converted: { path: "/c.m4a", mimeType: "" },
      },
    ]);
    expect(parseAttachments([{}])).toMatchObject([{ path: "", name: "", bytes: 0, missing: true }]);
    expect(parseAttachments([{ missing: false, is_sticker: true, total_bytes: "5" }])).toMatchObject([
      { missing: false, isSticker: true, bytes: 0 },
    ]);
    const plugin = "x.pluginPayloadAttachment";
    const uti = "com.apple.messages.PluginPayloadAttachment";
    for (const odd of [{ original_path: plugin }, { filename: plugin }, { transfer_name: plugin }, { uti }])
      expect(parseAttachments([odd])).toEqual([]);
    for (const none of [undefined, null]) expect(parseAttachments(none)).toEqual([]);
    expect(() => parseAttachments({})).toThrow("attachments is not a list");
  });
});
