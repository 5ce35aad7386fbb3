import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runsOf } from "../../test/support/property-runs.js";
import { isAttachmentPathAllowed } from "./attachment-roots.js";

const roots = ["/Users/*/Library/Messages/Attachments", "/srv/media/"];
const allowed = (path: string) => isAttachmentPathAllowed(path, roots);

describe("isAttachmentPathAllowed", () => {
  it.each([
    "/Users/bot/Library/Messages/Attachments/3f/15/8A1C/IMG_2041.heic",
    "/Users/bot/Library/Messages/Attachments/a b/ü'\"$(x);`y`|&.jpg",
    "/Users/bot/Library/Messages/Attachments/..hidden/...",
    "/Users/bot//Library/./Messages/Attachments/x.jpg",
    "/srv/media/a",
  ])("lets %s in", (path) => {
    expect(allowed(path)).toBe(true);
  });

  it.each([
    "",
    "/",
    "x.jpg",
    "~/Library/Messages/Attachments/x.jpg",
    "/Users/bot/Library/Messages/Attachments",
    "/Users/bot/Library/Messages/Attachments/",
    "/Users/bot/Library/Messages/Attachments/.",
    "/Users/bot/Library/Messages/AttachmentsX/x.jpg",
    "/Users/bot/Library/Messages/chat.db",
    "/Users/bot/Library/Messages/Attachments/../chat.db",
    "/Users/bot/Library/Messages/Attachments/a/../b.jpg",
    "/Users/bot/x/Library/Messages/Attachments/x.jpg",
    "/Users/Library/Messages/Attachments/x.jpg",
    "/Users//Library/Messages/Attachments/x.jpg",
    "/users/bot/Library/Messages/Attachments/x.jpg",
    "/private/Users/bot/Library/Messages/Attachments/x.jpg",
    "//host/Users/bot/Library/Messages/Attachments/x.jpg",
    "file:///Users/bot/Library/Messages/Attachments/x.jpg",
    "host:/Users/bot/Library/Messages/Attachments/x.jpg",
    "-oProxyCommand=x/Users/bot/Library/Messages/Attachments/x.jpg",
    "/Users/bot/Library/Messages/Attachments/x\0.jpg",
    "/srv/media",
    "/srv/mediax/a",
    "/srv/media/../../etc/passwd",
    "\\srv\\media\\a",
  ])("keeps %j out", (path) => {
    expect(allowed(path)).toBe(false);
  });

  it("knows no root that is relative or climbs", () => {
    expect(isAttachmentPathAllowed("/a/b", ["a", "", "/x/../a"])).toBe(false);
  });

  it("lets in only what lies below a root, whatever the path", () => {
    const segment = fc.constantFrom(
      "..",
      ".",
      "",
      "Users",
      "bot",
      "Library",
      "Messages",
      "Attachments",
      "x.jpg",
      "*",
    );
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 9 }), (segments) => {
        const path = `/${segments.join("/")}`;
        if (!allowed(path)) return;
        const real = new URL(`file://${path}`).pathname.replace(/\/+/g, "/");
        expect(real).toMatch(/^\/Users\/[^/]+\/Library\/Messages\/Attachments\/.|^\/srv\/media\/./);
        expect(segments).not.toContain("..");
      }),
      runsOf(5000),
    );
  });
});
