import { describe, expect, it } from "vitest";
import { effectFor, effectNames } from "./effect.js";
import { tapbackEmoji, tapbackFor } from "./tapback.js";

describe("tapbackFor", () => {
  it.each([
    ["love", "love"],
    ["❤️", "love"],
    ["❤", "love"],
    [" Heart ", "love"],
    ["👍", "like"],
    ["👍🏿", "like"],
    ["+1", "like"],
    [":thumbsup:", "like"],
    ["-1", "dislike"],
    ["👎🏽", "dislike"],
    ["🤣", "laugh"],
    ["HAHA", "laugh"],
    ["emphasis", "emphasize"],
    ["emphasize", "emphasize"],
    ["‼️", "emphasize"],
    ["‼", "emphasize"],
    ["?", "question"],
    ["❓", "question"],
  ])("reads %j as %s", (text, name) => {
    expect(tapbackFor(text)).toBe(name);
  });

  it.each(["🎉", "", ":", "constructor", "custom"])("knows no tapback %j", (text) => {
    expect(tapbackFor(text)).toBeUndefined();
  });

  it("reads back the emoji that Messages shows", () => {
    for (const [name, emoji] of Object.entries(tapbackEmoji)) expect(tapbackFor(emoji)).toBe(name);
  });
});

describe("effectFor", () => {
  it.each([
    ["slam", "com.apple.MobileSMS.expressivesend.impact"],
    ["Invisible Ink", "com.apple.MobileSMS.expressivesend.invisibleink"],
    ["invisible-ink", "com.apple.MobileSMS.expressivesend.invisibleink"],
    ["confetti", "com.apple.messages.effect.CKConfettiEffect"],
    ["balloons", "com.apple.messages.effect.CKHappyBirthdayEffect"],
    ["happy-birthday", "com.apple.messages.effect.CKHappyBirthdayEffect"],
    ["love", "com.apple.messages.effect.CKHeartEffect"],
    ["celebration", "com.apple.messages.effect.CKSparklesEffect"],
    ["shooting_star", "com.apple.messages.effect.CKShootingStarEffect"],
    ["com.apple.messages.effect.CKEchoEffect", "com.apple.messages.effect.CKEchoEffect"],
  ])("reads %j", (name, id) => {
    expect(effectFor(name)).toBe(id);
  });

  it.each(["", "sparkle party", "constructor", "toString"])("knows no effect %j", (name) => {
    expect(effectFor(name)).toBeUndefined();
  });

  it("names every effect once", () => {
    expect(new Set(effectNames.map(effectFor)).size).toBe(13);
    expect(effectNames).toHaveLength(13);
  });
});
