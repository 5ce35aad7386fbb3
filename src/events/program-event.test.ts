import { expect, it } from "vitest";
import { directMessage } from "../../test/support/message.js";
import type { KeptEvent } from "../store/index.js";
import { programEvent, targetOfChatKey } from "./program-event.js";

const base = { id: 7, account: "default", at: 1_777_777_777_000, chat: "chat:9" };
const read = (event: object) => programEvent({ ...base, ...event } as KeptEvent);

it("names a conversation as people do", () => {
  expect(["chat:7", "handle:+15550100071", "chat_guid:any;+;x"].map(targetOfChatKey)).toEqual([
    "chat_id:7",
    "+15550100071",
    "chat_guid:any;+;x",
  ]);
  expect(read({ type: "health", chat: undefined, facts: { state: "live" } })).toEqual({
    ...{ id: 7, type: "health", at: "2026-05-03T03:09:37.000Z", account: "default", chat: null },
    data: { state: "live", error: null },
  });
});

it("tells of a message what was written, and of its files no more than their names", () => {
  const file = { path: "/Users/me/Library/a.jpg", name: "a.jpg", mimeType: "image/jpeg", uti: "", bytes: 3 };
  const row = directMessage({ text: "hi\uFFFC", guid: "G1" });
  row.attachments = [{ ...file, missing: false, isSticker: false }];
  row.change = { guid: "G0", kind: "edited", before: "was", text: "is" };
  const { chat, data } = read({ type: "message", facts: { arrival: "live" }, about: { id: 3, row } });
  expect(chat).toBe("chat_id:9");
  expect(data).toMatchObject({
    ...{ arrival: "live", entry: 3, guid: "G1", fromMe: false, sender: row.sender, text: "hi", group: false },
    attachments: [{ name: "a.jpg", mimeType: "image/jpeg", bytes: 3 }],
    change: { guid: "G0", kind: "edited", text: "is" },
  });
  expect(JSON.stringify(data)).not.toContain("/Users");
});

it("tells of a send its error in the words of that error alone", () => {
  const about = {
    id: 4,
    origin: "turn",
    text: "x",
    file: "/tmp/b.png",
    error: { code: "NEW", message: "why" },
  };
  expect(read({ type: "sent", facts: { state: "not_sent", code: "OLD" }, about }).data).toEqual({
    ...{ state: "not_sent", send: 4, origin: "turn", turn: null, guid: null, text: "x", file: "b.png" },
    error: { code: "OLD", message: "" },
  });
  const same = read({ type: "sent", facts: { state: "not_sent", code: "NEW" }, about });
  expect(same.data.error).toEqual({ code: "NEW", message: "why" });
});

it("tells what it was where nothing of it is left", () => {
  expect(read({ type: "question", facts: { state: "closed", kind: "ask" } }).data).toEqual({
    ...{ state: "closed", kind: "ask" },
  });
  const turn = { id: "t1", agentId: "main", sessionKey: "s", envelope: {} };
  expect(read({ type: "turn", facts: { state: "done", attempt: 2 }, about: turn }).data).toEqual({
    ...{ state: "done", attempt: 2, turn: "t1", agent: "main", session: "s", messages: [], error: null },
  });
});
