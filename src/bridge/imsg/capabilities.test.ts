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

it("knows nothing of a build that reports none", () => {
  expect(can("0.14.0", {})("unsend")).toEqual({ supported: true });
});
