import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import type { ContentBlock, PromptCapabilities } from "@agentclientprotocol/sdk";
import type { Envelope } from "../../conversation/index.js";
import { type ReadableFile, readableFiles } from "../envelope-files.js";
import { renderingGuide, renderTurn } from "../rendering.js";

/** Larger pictures and recordings go as links only; base64 makes them a third larger. */
const maxInlineBytes = 4_000_000;
/** The same for text; agents that want more can open the link. */
const maxTextBytes = 100_000;

/** Most that the messages of a turn are rendered to, UTF-16 code units; agents of this kind keep a large context. */
const maxTurnText = 100_000;

/**
 * Makes the prompt of a turn: its rendering as text, a link to each file (behaviour 6.5a), and pictures, recordings
 * and texts themselves where the agent takes them.
 */
export async function promptBlocks(envelope: Envelope, takes: PromptCapabilities): Promise<ContentBlock[]> {
  const rules =
    envelope.systemPrompt === undefined ? [] : [`<instructions>\n${envelope.systemPrompt}\n</instructions>`];
  const text = [...rules, renderingGuide, renderTurn(envelope, maxTurnText)].join("\n\n");
  const blocks: ContentBlock[] = [{ type: "text", text }];
  for (const file of readableFiles(envelope)) {
    const { path, name, mimeType, bytes: size } = file;
    const uri = pathToFileURL(path).href;
    blocks.push({ type: "resource_link", uri, name, mimeType, size });
    // The link is there; whether the file is, the agent will see.
    const content = await contentOf(file, uri, takes).catch(() => undefined);
    if (content !== undefined) blocks.push(content);
  }
  return blocks;
}

/** The file itself, where the agent says that it takes such content. */
async function contentOf(
  { path, mimeType, bytes }: ReadableFile,
  uri: string,
  takes: PromptCapabilities,
): Promise<ContentBlock | undefined> {
  const base64 = async () => (await readFile(path)).toString("base64");
  if (bytes <= maxInlineBytes && takes.image && /^image\/(png|jpeg|gif|webp)$/.test(mimeType))
    return { type: "image", mimeType, data: await base64() };
  if (bytes <= maxInlineBytes && takes.audio && mimeType.startsWith("audio/"))
    return { type: "audio", mimeType, data: await base64() };
  if (bytes <= maxTextBytes && takes.embeddedContext && mimeType.startsWith("text/"))
    return { type: "resource", resource: { uri, mimeType, text: await readFile(path, "utf8") } };
  return undefined;
}
