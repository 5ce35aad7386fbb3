import { threadIdContract } from "@chat-adapter/tests";
import { describe, expect, it } from "vitest";
import { createTapbackAdapter } from "./adapter.js";
import type { TapbackThread } from "./thread-id.js";
import { whereIs } from "./thread-id.js";

const adapter = createTapbackAdapter();
const mia: TapbackThread = { account: "default", kind: "dm", name: "+15550100123" };
const crew: TapbackThread = { account: "work", kind: "group", name: "chat640011223344556677" };

threadIdContract<TapbackThread>({
  name: "tapback",
  encode: (thread) => adapter.encodeThreadId(thread),
  decode: (id) => adapter.decodeThreadId(id),
  cases: [
    { decoded: mia, encoded: "tapback:default:dm:KzE1NTUwMTAwMTIz" },
    { decoded: crew },
    { decoded: { account: "default", kind: "group", name: "chat_id:7" } },
    { decoded: { account: "default", kind: "dm", name: "mia:o’hara@example.com" } },
  ],
  isDM: {
    fn: (id) => adapter.isDM(id),
    dmThreadId: adapter.encodeThreadId(mia),
    nonDmThreadId: adapter.encodeThreadId(crew),
  },
});

describe("the id of a conversation", () => {
  it.each([
    "",
    "tapback",
    "tapback:default:dm:",
    "tapback::dm:KzE",
    "tapback:default:chat:KzE",
    "slack:default:dm:KzE",
    "tapback:default:dm:KzE:more",
  ])("is none: %s", (id) => {
    expect(() => adapter.decodeThreadId(id)).toThrow("there is no conversation");
  });

  it("names the conversation to the gateway", () => {
    expect(whereIs(mia)).toEqual({ account: "default", to: "+15550100123" });
    expect(whereIs(crew)).toEqual({ account: "work", chatIdentifier: "chat640011223344556677" });
    expect(whereIs({ ...crew, name: "chat_id:7" })).toEqual({ account: "work", to: "chat_id:7" });
  });
});
