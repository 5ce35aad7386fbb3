import { describe, expect, it } from "vitest";
import { sendParams, sendResult } from "./send.js";

describe("the parameters of a send", () => {
  it("name one target, and nothing that old builds do not know unless it is asked for", () => {
    const text = "hi";
    expect(
      sendParams({ target: { kind: "chat_id", chatId: 7 }, text, region: "DE", transport: "auto" }),
    ).toEqual({ chat_id: 7, text });
    expect(sendParams({ target: { kind: "chat_guid", guid: "any;+;x" }, file: "/a" })).toEqual({
      chat_guid: "any;+;x",
      file: "/a",
    });
    expect(
      sendParams({ target: { kind: "chat_identifier", identifier: "chat1" }, text, replyTo: "G" }),
    ).toEqual({
      chat_identifier: "chat1",
      text,
      reply_to: "G",
    });
    expect(
      sendParams({
        target: { kind: "handle", handle: "+15550100123", service: "sms" },
        text,
        region: "DE",
        transport: "bridge",
      }),
    ).toEqual({ to: "+15550100123", service: "sms", region: "DE", text, transport: "bridge" });
  });
});

describe("the answer to a send", () => {
  it.each([
    [{ ok: true }, {}],
    [{ ok: true, guid: "", id: 0 }, {}],
    [
      { ok: true, transport: "applescript", id: 9, guid: "G" },
      { transport: "applescript", rowId: 9, guid: "G" },
    ],
    [{ ok: true, message_id: "M", service: "SMS" }, { guid: "M" }],
  ])("%j is %j", (answer, value) => {
    expect(sendResult(answer)).toEqual({ ok: true, value });
  });

  it.each([null, {}, { ok: false }, [], "ok"])("%j leaves the outcome unknown", (answer) => {
    expect(sendResult(answer)).toMatchObject({
      ok: false,
      error: { code: "PROTOCOL", disposition: "unknown" },
    });
  });
});
