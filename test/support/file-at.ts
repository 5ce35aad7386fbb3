import type { Attachment } from "../../src/conversation/index.js";

/** A file of a message, as a row tells it. */
export const fileAt = (path: string, change: Partial<Attachment> = {}): Attachment => ({
  ...{ path, name: path.split("/").at(-1)!, mimeType: "image/png", uti: "public.png" },
  ...{ bytes: 5, missing: false, isSticker: false },
  ...change,
});
