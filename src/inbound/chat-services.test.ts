import { describe, expect, it } from "vitest";
import { FakeClock } from "../../test/support/fake-clock.js";
import { directChat } from "../../test/support/message.js";
import type { Chat } from "../conversation/index.js";
import { ChatServices } from "./chat-services.js";

const any = { ...directChat("+15550100123"), guid: "any;-;+15550100123" };

function services(lists: (Chat[] | Error)[]) {
  const clock = new FakeClock();
  let reads = 0;
  const chats = async () => {
    const list = lists[Math.min(reads++, lists.length - 1)]!;
    if (list instanceof Error) throw list;
    return list;
  };
  return { known: new ChatServices({ chats }, clock), clock, reads: () => reads };
}

describe("ChatServices", () => {
  it("asks only for chats whose GUID does not tell", () => {
    const { known } = services([[]]);
    expect(known.needs(directChat("+15550100123"))).toBe(false);
    expect(known.needs({ ...any, service: "SMS" })).toBe(false);
    expect(known.needs({ ...any, id: 0 })).toBe(false);
    expect(known.needs(any)).toBe(true);
  });

  it("believes a list for a while, then asks again and takes what changed", async () => {
    const { known, clock, reads } = services([
      [{ ...any, service: "iMessage" }],
      [{ ...any, service: "SMS" }],
    ]);
    expect(known.of(any)).toBeUndefined();
    await Promise.all([known.learn(any), known.learn(any)]);
    expect(reads()).toBe(1);
    expect(known.of(any)).toBe("imessage");
    expect(known.needs(any)).toBe(false);
    await clock.advance(20_000);
    expect(known.of(any)).toBeUndefined();
    expect(known.needs(any)).toBe(true);
    await known.learn(any);
    expect(known.of(any)).toBe("sms");
  });

  it("knows nothing when the list cannot be read, and does not ask for every row", async () => {
    const { known, clock, reads } = services([new Error("down"), [{ ...any, service: "iMessage" }]]);
    await known.learn(any);
    expect(known.of(any)).toBeUndefined();
    expect(known.needs(any)).toBe(false);
    expect(known.needs({ ...any, id: 8 })).toBe(true);
    expect(reads()).toBe(1);
    await clock.advance(2000);
    expect(known.needs(any)).toBe(true);
    await known.learn(any);
    expect(known.of(any)).toBe("imessage");
  });
});
