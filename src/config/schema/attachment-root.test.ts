import { expect, it } from "vitest";
import { attachmentRoot } from "./addresses.js";

const isValid = (root: string) => attachmentRoot().safeParse(root).success;

it("takes patterns that can match something, and not everything", () => {
  expect(
    ["/Users/*/Library/Messages/Attachments", "/srv/files/", "/*/Pictures"].filter(isValid),
  ).toHaveLength(3);
  expect(
    ["/Users/m*/Library", "/srv/**", "/a\0b", "/", "//", "/*", "/./*/", "/*/*", "relative", "/a/../b"].filter(
      isValid,
    ),
  ).toEqual([]);
});
