/** `attachment.user_info` of a voice message whose words macOS wrote down: a property list (protocol reference 8.1). */
export function transcriptionInfo(words: string): Uint8Array {
  const escaped = words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict><key>audio-transcription</key><string>${escaped}</string></dict></plist>
`,
    "utf8",
  );
}

/** @returns the words of {@link transcriptionInfo}; undefined for anything else */
export function transcriptionIn(info: unknown): string | undefined {
  if (!(info instanceof Uint8Array)) return undefined;
  const [, escaped] =
    /<key>audio-transcription<\/key>\s*<string>([^<]*)<\/string>/.exec(Buffer.from(info).toString("utf8")) ??
    [];
  return escaped?.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
