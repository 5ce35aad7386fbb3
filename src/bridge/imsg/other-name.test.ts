import { describe, expect, it } from "vitest";
import { rpcFailure } from "../../../test/support/played-imsg.js";
import type { Target } from "../../conversation/index.js";
import { ok } from "../../platform/index.js";
import type { CallPath } from "./bridge-call.js";
import { otherNameOf } from "./other-name.js";
import { sendWithExtras } from "./rich-send.js";
import { rpcError } from "./rpc-error.js";

const chat = (id: number, guid: string, change: object = {}) => ({
  ...{ id, guid, identifier: guid.split(";").at(-1), name: "", service: guid.split(";")[0] },
  ...{ participants: [guid.split(";").at(-1)], is_group: guid.includes(";+;") },
  ...change,
});

describe("another name of a conversation that Messages did not find (protocol reference 18)", () => {
  const chats = [
    chat(1, "iMessage;-;+15550100123"),
    chat(2, "SMS;-;+15550100456"),
    chat(3, "any;+;chat99"),
    chat(4, "iMessage;+;chat98"),
    chat(5, "any;-;kim@example.com", { service: "iMessage" }),
    chat(6, "RCS;-;+15550100789"),
    chat(7, "iMessage;-;urn:biz:x"),
    // Of builds that do not tell the service.
    chat(8, "iMessage;-;+15550100888", { service: undefined }),
    chat(9, "any;-;+15550100987", { service: undefined }),
    { id: "odd" },
  ];
  const path = { call: async () => ({ chats }) } as unknown as CallPath;
  const person = (handle: string, service: "auto" | "imessage" | "sms"): Target => ({
    kind: "handle",
    handle,
    service,
  });

  it.each<[Target, Target | undefined]>([
    [{ kind: "chat_id", chatId: 1 }, person("+15550100123", "imessage")],
    [{ kind: "chat_id", chatId: 2 }, person("+15550100456", "sms")],
    [{ kind: "chat_guid", guid: "any;-;kim@example.com" }, person("kim@example.com", "imessage")],
    [{ kind: "chat_identifier", identifier: "+15550100456" }, person("+15550100456", "sms")],
    [
      { kind: "chat_id", chatId: 3 },
      { kind: "chat_guid", guid: "iMessage;+;chat99" },
    ],
    [
      { kind: "chat_id", chatId: 4 },
      { kind: "chat_guid", guid: "any;+;chat98" },
    ],
    [{ kind: "chat_id", chatId: 6 }, undefined],
    [{ kind: "chat_id", chatId: 7 }, undefined],
    [{ kind: "chat_id", chatId: 99 }, undefined],
    [{ kind: "chat_id", chatId: 8 }, person("+15550100888", "imessage")],
    [{ kind: "chat_id", chatId: 9 }, undefined],
    [person("+15550100123", "auto"), { kind: "chat_guid", guid: "iMessage;-;+15550100123" }],
    [person("+15550100456", "sms"), { kind: "chat_guid", guid: "SMS;-;+15550100456" }],
    [person("+15550100456", "imessage"), undefined],
    [person("+15550100999", "auto"), undefined],
  ])("%j is %j", async (target, wanted) => {
    expect(await otherNameOf(path, target)).toEqual(wanted);
  });

  it("is tried once, for a message that surely was not taken", async () => {
    const asked: object[] = [];
    const trying = (message: string) =>
      ({
        cache: { known: undefined, look: () => undefined, settled: async () => undefined, wasSilent: false },
        call: async (method: string, params: Record<string, unknown>) => {
          if (method === "chats.list") return { chats };
          asked.push(JSON.parse(JSON.stringify(params)));
          if ("chat_id" in params) throw rpcError(rpcFailure(message));
          return { ok: true, id: 9 };
        },
      }) as unknown as CallPath;
    const request = { target: { kind: "chat_id" as const, chatId: 1 }, text: "a" };
    expect(await sendWithExtras(trying("Chat not found"), request)).toEqual(ok({ rowId: 9 }));
    expect(asked).toEqual([
      { chat_id: 1, text: "a" },
      { to: "+15550100123", service: "imessage", text: "a" },
    ]);
    asked.length = 0;
    const other = await sendWithExtras(trying("AppleEvent timed out. (-1712)"), request);
    expect(other).toMatchObject({ ok: false, error: { code: "MESSAGES_TIMEOUT" } });
    expect(asked).toHaveLength(1);
  });
});
