import { expect, it } from "vitest";
import { capabilitiesOf } from "./capabilities.js";

/** What a build can do, by the selectors that it reports. */
const can = (version: string, selectors: Record<string, boolean>) => {
  const methods = [
    "tapback",
    "message.edit",
    "message.unsend",
    "group.rename",
    "poll.send",
    "poll.vote",
    "typing",
  ];
  const privateApi = { available: true, version: 2, message: "" };
  return capabilitiesOf({ version, selectors, methods, privateApi, sip: "disabled" }, 0).can;
};

it("takes a selector that is absent for one that is not there", () => {
  const all = can("0.14.0", { editMessage: true, sendReaction: true });
  for (const ability of ["edit", "react"] as const) expect(all(ability)).toEqual({ supported: true });
  for (const ability of ["unsend", "renameGroup", "typing", "poll", "pollVote"] as const)
    expect(all(ability)).toMatchObject({ supported: false, missing: "selector" });
});

it("asks of an older build only what it tells of", () => {
  const four = {
    editMessageItem: true,
    editMessage: false,
    retractMessagePart: true,
    sendMessageReason: true,
  };
  for (const ability of ["edit", "unsend", "react", "renameGroup", "typing"] as const)
    expect(can("0.9.0", four)(ability)).toEqual({ supported: true });
  const { retractMessagePart: _, ...three } = four;
  expect(can("0.9.0", three)("unsend")).toMatchObject({ supported: false, missing: "selector" });
  expect(can("0.10.0", four)("poll")).toMatchObject({ supported: false, missing: "selector" });
});

it("takes a tapback with any emoji where the selector says so, else where the build's features do", () => {
  const privateApi = { available: true, version: 2, message: "" };
  const status = { version: "0.15.10", methods: ["tapback"], privateApi, sip: "disabled" };
  const emoji = (selectors: Record<string, boolean>, features?: Record<string, number>) =>
    capabilitiesOf({ ...status, selectors: { sendReaction: true, ...selectors }, features }, 0).can(
      "reactWithEmoji",
    );
  expect(emoji({ emojiTapbackSend: true })).toEqual({ supported: true });
  expect(emoji({}, { "tapback.emoji": 2 })).toEqual({ supported: true });
  expect(emoji({ emojiTapbackSend: false }, { "tapback.emoji": 2 })).toMatchObject({ missing: "selector" });
  expect(emoji({}, { "tapback.emoji": 1 })).toMatchObject({ missing: "method" });
  expect(emoji({})).toMatchObject({ missing: "method" });
});

it("believes what a build says can be used now", () => {
  const privateApi = { available: true, version: 2, message: "" };
  const status = {
    version: "0.20.0",
    methods: ["message.edit", "message.unsend"],
    privateApi,
    sip: "disabled",
  };
  const { can } = capabilitiesOf({ ...status, selectors: {}, usable: ["message.edit"] }, 0);
  expect(can("edit")).toEqual({ supported: true });
  expect(can("unsend")).toMatchObject({ supported: false, missing: "selector" });
});

it("knows nothing of a build that reports none", () => {
  expect(can("0.14.0", {})("unsend")).toEqual({ supported: true });
});

it("tells of what the build says, and of nothing that it does not say", () => {
  const privateApi = { available: true, version: 2, message: "" };
  const status = { version: "0.19.1", methods: ["tapback"], selectors: { sendReaction: true }, privateApi };
  const { can: _, ...told } = capabilitiesOf({ ...status, sip: "disabled" }, 7);
  expect(told).toStrictEqual({ at: 7, ...status, perMethod: true });
  const mismatch = { helperMismatch: "helper 0.15.6, imsg 0.19.1" };
  expect(capabilitiesOf({ ...status, methods: [], sip: "disabled", ...mismatch }, 7)).toMatchObject({
    ...mismatch,
    perMethod: false,
  });
});
