import { describe, expect, it } from "vitest";
import { methods } from "../rpc/catalogue.js";
import { playedVersions, profileOf, profiles } from "./played.js";
import { namesOf } from "./profile.js";

describe.each(profiles)("the profile of imsg $version", (profile) => {
  const listed = { ...profile.methods, ...profile.unreported };

  it("lists only what is played", () => {
    expect(Object.keys(listed).filter((name) => !Object.hasOwn(methods, name))).toEqual([]);
  });

  it("has each parameter under one name once", () => {
    for (const [name, parameters] of Object.entries(listed)) {
      const names = parameters.flatMap(namesOf);
      expect(new Set(names).size, name).toBe(names.length);
    }
  });
});

it("plays every method in some version", () => {
  const listed = profiles.flatMap((profile) => Object.keys({ ...profile.methods, ...profile.unreported }));
  expect(Object.keys(methods).filter((name) => !listed.includes(name))).toEqual([]);
});

it("reports the methods of 0.15 in their order", () => {
  const order =
    "initialize status watch.unsubscribe chats.list chats.get messages.stats messages.history messages.search messages.after messages.scheduled watch.subscribe bridge.events.subscribe message.send_status send send.tracked chats.create chats.delete chats.markUnread send.rich send.attachment send.multipart send.sticker poll.send messages.poll.send poll.vote messages.poll.vote poll.unvote polls.unvote messages.poll.unvote tapback typing read message.edit message.unsend message.delete message.notifyAnyways group.rename group.setIcon group.addParticipant group.removeParticipant group.leave contacts.shouldShareContact contacts.shareContactCard handles.check";
  expect(Object.keys(profileOf("0.15.10").methods).join(" ")).toBe(order);
});

it("refuses a version that is not played, and names those that are", () => {
  for (const version of ["0.12.0", "0.15.0", "0.20.0", "newest"])
    expect(() => profileOf(version)).toThrow(`imsg ${version} is not played`);
  expect(playedVersions).toEqual(["0.9.0", "0.10.0", "0.13.0", "0.14.0", "0.15.10", "0.19.0", "0.19.1"]);
});
