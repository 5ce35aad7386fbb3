import { describe, expect, it } from "vitest";
import { offers } from "./offer.js";
import { type ActionToggle, actionNames, rowOf } from "./rows/index.js";

const toggles = Object.fromEntries(
  actionNames.flatMap((name) => rowOf(name).toggle ?? []).map((toggle) => [toggle, true]),
) as Record<ActionToggle, boolean>;
const names = (situation: Partial<Parameters<typeof offers>[0]>) =>
  offers({ toggles, isGroup: false, isOwner: false, ...situation }, undefined)
    .filter(({ offered }) => offered)
    .map(({ name }) => name);

describe("what is on offer", () => {
  it("is everything that fits while nothing is known of the Mac", () => {
    expect(names({})).toEqual([
      ...["send", "read", "react", "edit", "unsend", "reply", "sendWithEffect", "upload-file"],
      ...["poll", "poll-vote"],
    ]);
  });

  it("holds group operations for owners in groups alone", () => {
    expect(names({ isGroup: true })).not.toContain("leaveGroup");
    expect(names({ isOwner: true })).not.toContain("renameGroup");
    expect(names({ isGroup: true, isOwner: true })).toEqual(
      expect.arrayContaining([
        "renameGroup",
        "setGroupIcon",
        "addParticipant",
        "removeParticipant",
        "leaveGroup",
      ]),
    );
  });

  it("says why something is not", () => {
    const off = offers({ toggles: { ...toggles, polls: false }, isGroup: false, isOwner: false }, undefined);
    expect(off.find(({ name }) => name === "poll")).toEqual({
      name: "poll",
      offered: false,
      why: "iMessage poll is switched off",
    });
    expect(off.find(({ name }) => name === "react")?.why).toBeNull();
  });
});
