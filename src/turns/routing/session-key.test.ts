import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runsOf } from "../../../test/support/property-runs.js";
import {
  acpSessionKey,
  compileIdentityLinks,
  type DmScope,
  groupKeyOn,
  isGroupSession,
  sessionKey,
} from "./session-key.js";

const place = {
  agentId: "Main",
  accountId: "My Mac",
  isDefaultAccount: true,
  isGroup: false,
  chat: { id: 7, identifier: "+15550100123" },
  peer: "+15550100123",
  dmScope: "main" as DmScope,
};

describe("sessionKey", () => {
  it.each<[DmScope, string]>([
    ["main", "agent:main:main"],
    ["per-peer", "agent:main:direct:+15550100123"],
    ["per-channel-peer", "agent:main:imessage:direct:+15550100123"],
    ["per-account-channel-peer", "agent:main:imessage:my-mac:direct:+15550100123"],
  ])("in scope %s", (dmScope, key) => {
    expect(sessionKey({ ...place, dmScope })).toBe(key);
  });

  it("gives a group its own session in every scope", () => {
    const chat = { id: 88, identifier: "chat640088" };
    for (const dmScope of ["main", "per-peer"] as const)
      expect(sessionKey({ ...place, dmScope, isGroup: true, chat })).toBe("agent:main:imessage:group:88");
    expect(sessionKey({ ...place, isGroup: true, chat: { ...chat, id: 0 } })).toBe(
      "agent:main:imessage:group:chat640088",
    );
  });

  it("keeps groups of two accounts apart, whose chats have the same numbers", () => {
    const chat = { id: 88, identifier: "chat640088" };
    const onOther = { ...place, isGroup: true, isDefaultAccount: false, chat };
    for (const dmScope of ["main", "per-account-channel-peer"] as const)
      expect(sessionKey({ ...onOther, dmScope })).toBe("agent:main:imessage:my-mac:group:88");
    expect(sessionKey({ ...onOther, chat: { ...chat, id: 0 } })).toBe(
      "agent:main:imessage:my-mac:group:chat640088",
    );
  });

  it("says which key a group's session has on an account", () => {
    const [work, fallback] = [
      { accountId: "work", isDefaultAccount: false },
      { accountId: "work", isDefaultAccount: true },
    ];
    const [plain, named] = ["agent:a:imessage:group:7", "agent:a:imessage:work:group:7"];
    for (const key of [plain, named]) {
      expect(groupKeyOn(key, work)).toBe(named);
      expect(groupKeyOn(key, fallback)).toBe(plain);
    }
    const odd = { accountId: "group", isDefaultAccount: false };
    expect(groupKeyOn(plain, odd)).toBe("agent:a:imessage:group:group:7");
    expect(groupKeyOn("agent:a:imessage:group:group:7", odd)).toBe("agent:a:imessage:group:group:7");
    for (const key of ["agent:a:main", "agent:a:imessage:direct:+15550100123", acpSessionKey("a", "b")])
      expect(groupKeyOn(key, work)).toBeUndefined();
  });

  it("makes one peer of a person's several handles", () => {
    const identityLinks = compileIdentityLinks({ Kim: ["(415) 555-0123", "imessage:KIM@example.com"] }, "US");
    for (const peer of ["+14155550123", "kim@example.com"])
      expect(sessionKey({ ...place, dmScope: "per-peer", peer, identityLinks })).toBe(
        "agent:main:direct:kim",
      );
    expect(sessionKey({ ...place, dmScope: "per-peer", identityLinks })).toBe(
      "agent:main:direct:+15550100123",
    );
  });

  it("makes nobody a linked person by what the sender is called", () => {
    const links = { Kim: ["+14155550123"], "+15550100456": ["sam@example.com"], "raw:kim": ["24273"] };
    const identityLinks = compileIdentityLinks(links, "US");
    const keyOf = (peer: string) => sessionKey({ ...place, dmScope: "per-peer", peer, identityLinks });
    const peers = [
      "+14155550123",
      "kim",
      "sam@example.com",
      "+15550100456",
      "24273",
      "raw:kim",
      "link:raw:kim",
    ];
    expect(new Set(peers.map(keyOf)).size).toBe(peers.length);
    expect(keyOf("+14155550123")).toBe("agent:main:direct:kim");
    expect(keyOf("+15550100456")).toBe("agent:main:direct:+15550100456");
    // Also one who wrote before the link was made.
    expect(sessionKey({ ...place, dmScope: "per-peer", peer: "kim" })).toBe(keyOf("kim"));
  });

  it("keeps a link's key where its name is one of its own handles", () => {
    const identityLinks = compileIdentityLinks(
      { "Kim@example.com": ["+14155550123", "kim@example.com"] },
      "US",
    );
    for (const peer of ["+14155550123", "kim@example.com"])
      expect(sessionKey({ ...place, dmScope: "per-peer", peer, identityLinks })).toBe(
        "agent:main:direct:kim@example.com",
      );
  });

  it("gives two places two keys, whatever accounts, senders and chats are called", () => {
    const name = fc.constantFrom(
      "direct",
      "group",
      "7",
      "raw",
      "link",
      "main",
      "acp",
      "kim",
      "+15550100123",
      "a@b.c",
    );
    const called = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(":"));
    const scope = fc.constantFrom<DmScope>("per-peer", "per-channel-peer", "per-account-channel-peer");
    const group = fc.record({ isGroup: fc.constant(true), account: name, called });
    const direct = fc.record({ isGroup: fc.constant(false), account: name, called });
    const somewhere = fc.oneof(group, direct);
    const identityLinks = compileIdentityLinks({ kim: ["kim@example.com"], "direct:7": ["24273"] }, "US");
    fc.assert(
      fc.property(scope, somewhere, somewhere, fc.boolean(), (dmScope, one, other, byNumber) => {
        const [oneKey, otherKey] = [one, other].map(({ isGroup, account, called: peer }) => {
          const chat = { id: isGroup && byNumber ? 7 : 0, identifier: peer };
          const isDefaultAccount = account === "main";
          const key = sessionKey({
            ...place,
            accountId: account,
            isDefaultAccount,
            isGroup,
            chat,
            peer,
            dmScope,
            identityLinks,
          });
          expect(isGroupSession(key)).toBe(isGroup);
          expect(["agent:main:direct:kim", "agent:main:imessage:direct:kim"]).not.toContain(key);
          const shared = !isGroup && dmScope !== "per-account-channel-peer";
          const at = [isGroup, shared ? "" : account, isGroup && byNumber ? 7 : peer].join("\n");
          return { key, at };
        });
        expect(oneKey!.key === otherKey!.key).toBe(oneKey!.at === otherKey!.at);
      }),
      runsOf(3000),
    );
  });

  it("keeps people apart unless the scope is main", () => {
    const scope = fc.constantFrom<DmScope>("per-peer", "per-channel-peer", "per-account-channel-peer");
    const peer = fc.constantFrom("+15550100123", "+15550100456", "sam@example.com", "24273");
    fc.assert(
      fc.property(scope, peer, peer, (dmScope, one, other) => {
        const keys = [one, other].map((handle) => sessionKey({ ...place, dmScope, peer: handle }));
        expect(keys[0] === keys[1]).toBe(one === other);
      }),
    );
  });

  it("names a spawned session", () => {
    expect(acpSessionKey("Codex", "0b6d1e52-1111-4a6f-9a55-000000000001")).toBe(
      "agent:codex:acp:0b6d1e52-1111-4a6f-9a55-000000000001",
    );
  });
});
