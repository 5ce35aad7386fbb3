import { describe, expect, it } from "vitest";
import { compilePolicy, type PolicySource } from "../../src/access/index.js";
import type { Target } from "../../src/conversation/index.js";
import { checkRecipient } from "../../src/outbound/index.js";
import { type Origin, openStore } from "../../src/store/index.js";
import { Bench, dispatch, drop, item, pairing, row } from "../contract/store/bench.js";
import { groupChat } from "../support/message.js";

const bench = new Bench(openStore);
const mia = "+15550100123";
const sam = "sam@example.com";
const boss = "+15550100009";
const mias: Target = { kind: "chat_id", chatId: 7 };
const miaByHandle: Target = { kind: "handle", handle: mia, service: "auto" };
const climbing: Target = { kind: "chat_id", chatId: 88 };

/** Mia wrote in her chat 7, she and Sam in the group 88, and all of it was let in then. */
async function world() {
  const { store, claim } = await bench.claimed();
  const chat = groupChat(88);
  const rows = [row(1), row(2, { chat }), row(3, { chat, sender: sam, sentAt: row(3).sentAt + 1 })];
  const ids = (await store.journal.admit(claim, rows, "live", 1000)) as number[];
  for (const [index, id] of ids.entries())
    await store.journal.decide(
      claim,
      id!,
      { ...dispatch, treatedAs: index === 0 ? "direct" : "group" },
      1000,
    );
  const sends = async (source: Partial<PolicySource>, target: Target, origin: Origin = "turn") => {
    const policy = compilePolicy({ accountId: "default", ...source });
    const send = { account: "default", createdAt: 1000, ...item("late", 7, { target, origin }) };
    return (
      (await checkRecipient(send, store, {
        owners: new Set([boss]),
        region: "US",
        policy,
        isNamed: () => false,
      })) === undefined
    );
  };
  return { store, claim, sends };
}

describe("a send of an agent", () => {
  it.each<[string, Partial<PolicySource>, Target, boolean]>([
    ["who is listed", { allowFrom: [mia] }, mias, true],
    ["who is listed, by handle", { allowFrom: [mia] }, miaByHandle, true],
    ["a chat that is listed", { allowFrom: ["chat_id:7"] }, mias, true],
    ["anybody under open", { dmPolicy: "open", allowFrom: ["*"] }, mias, true],
    ["who is no longer listed", { allowFrom: [sam] }, mias, false],
    ["who is no longer listed, by handle", { allowFrom: [sam] }, miaByHandle, false],
    ["who would get a code today", {}, mias, false],
    ["who is listed while direct messages are off", { dmPolicy: "disabled", allowFrom: [mia] }, mias, false],
    ["a group with one member who is listed", { groupAllowFrom: [mia] }, climbing, true],
    ["a group with the other one listed", { groupAllowFrom: [sam] }, climbing, true],
    ["a group without one", { allowFrom: [boss] }, climbing, false],
    ["a group while groups are off", { groupPolicy: "disabled", groupAllowFrom: [mia] }, climbing, false],
    ["a group that is not among groups", { groupAllowFrom: [mia], groups: { "12": {} } }, climbing, false],
    [
      "a group that is turned off",
      { groupAllowFrom: [mia], groups: { "88": { enabled: false } } },
      climbing,
      false,
    ],
    ["a direct chat that is a key of groups", { groupPolicy: "open", groups: { "7": {} } }, mias, true],
    ["the same, with nobody listed for groups", { groups: { "7": {} }, groupAllowFrom: [] }, mias, false],
  ])("to %s", async (_, source, target, expected) => {
    const { sends } = await world();
    for (const origin of ["turn", "command", "schedule"] as const)
      expect(await sends(source, target, origin)).toBe(expected);
  });

  it("goes to who is approved, until that is revoked", async () => {
    const { store, sends } = await world();
    await store.pairing.admit("default", mia, 1000);
    await store.pairing.admit("default", "+15550100777", 1000);
    const unheard: Target = { kind: "handle", handle: "+15550100777", service: "auto" };
    for (const target of [mias, miaByHandle, unheard]) {
      expect(await sends({}, target)).toBe(true);
      expect(await sends({ dmPolicy: "disabled" }, target)).toBe(false);
    }
    // An approval opens no group.
    expect(await sends({}, climbing)).toBe(false);
    await store.pairing.revoke("default", mia);
    expect(await sends({}, mias)).toBe(false);
    expect(await sends({}, miaByHandle)).toBe(false);
  });

  it("goes to no chat without a number because of a request that came without one", async () => {
    const { store, claim, sends } = await world();
    const [id] = await store.journal.admit(claim, [row(4)], "live", 1000);
    const asked = { handle: sam, code: "ABCDEFGH", requestedAt: 1000, expiresAt: 9000, chatId: 0, text: "" };
    const offer = { id: id!, decision: pairing, request: asked, reply: item("code", 7), most: 3 };
    await store.journal.offerPairing(claim, offer, 1000);
    const request = (await store.pairing.pending(1000))[0]!;
    await store.pairing.approve(request, 1000, { ownership: "guest", replay: false });
    expect(await store.pairing.isApproved("default", sam)).toBe(true);
    expect(await sends({}, { kind: "chat_guid", guid: "iMessage;-;+15550100666" })).toBe(false);
  });

  it("goes to an owner who never wrote, and to nobody else who is merely listed", async () => {
    const { sends } = await world();
    expect(await sends({}, { kind: "handle", handle: boss, service: "auto" })).toBe(true);
    expect(await sends({ allowFrom: [sam] }, { kind: "handle", handle: sam, service: "auto" })).toBe(false);
  });

  it("goes to who wrote before being let in", async () => {
    const { store, claim, sends } = await world();
    const ida = "+15550100124";
    const late = row(4, {
      from: ida,
      chat: { ...row(1).chat, id: 9, guid: `any;-;${ida}`, identifier: ida },
    });
    const [id] = await store.journal.admit(claim, [late], "live", 1000);
    await store.journal.decide(claim, id!, drop, 1000);
    expect(await sends({}, { kind: "chat_id", chatId: 9 })).toBe(false);
    expect(await sends({ allowFrom: [ida] }, { kind: "chat_id", chatId: 9 })).toBe(true);
  });

  it("goes to no stranger whose chat has the number of somebody who is let in", async () => {
    const { store, claim, sends } = await world();
    const stranger = row(5, { from: "+15550100555", sentAt: row(1).sentAt + 1000 });
    stranger.chat = { ...stranger.chat, id: 7, guid: "any;-;+15550100555", identifier: "+15550100555" };
    const [id] = await store.journal.admit(claim, [stranger], "live", 2000);
    await store.journal.decide(claim, id!, drop, 2000);
    expect(await sends({ allowFrom: [mia] }, mias)).toBe(false);
  });
});

it("tells who is approved so only as long as that holds", async () => {
  const { store, claim, sends } = await world();
  const [id] = await store.journal.admit(claim, [row(9)], "live", 1000);
  const request = { handle: mia, code: "ABCDEFGH", requestedAt: 1000, expiresAt: 9000, chatId: 7, text: "" };
  const offered = {
    ...dispatch,
    kind: "pairing",
    offer: true,
    reason: "pairing_offered",
    remedy: ".",
  } as const;
  await store.journal.offerPairing(
    claim,
    { id: id!, decision: offered, request, reply: item("code", 7, { origin: "pairing" }), most: 3 },
    1000,
  );
  expect(await sends({}, mias, "pairing")).toBe(true);
  expect(await sends({ dmPolicy: "allowlist" }, mias, "pairing")).toBe(false);
  expect(await sends({ dmPolicy: "disabled" }, mias, "pairing")).toBe(false);
  expect(await sends({}, mias, "approval")).toBe(false);
  await store.pairing.approve((await store.pairing.findByCode("ABCDEFGH"))!, 1100, {
    ownership: "guest",
    replay: false,
  });
  expect(await sends({}, mias, "approval")).toBe(true);
  expect(await sends({ dmPolicy: "disabled" }, mias, "approval")).toBe(false);
  await store.pairing.revoke("default", mia);
  expect(await sends({}, mias, "approval")).toBe(false);
});

it("sends where a person at the command line or the configuration of owners says", async () => {
  const { sends } = await world();
  const off = { dmPolicy: "disabled", groupPolicy: "disabled" } as const;
  expect(await sends(off, mias, "person")).toBe(true);
  expect(await sends(off, { kind: "handle", handle: boss, service: "auto" }, "owner-notice")).toBe(true);
  expect(await sends(off, miaByHandle, "owner-notice")).toBe(false);
});
