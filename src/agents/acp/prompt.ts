import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import type { ContentBlock, PromptCapabilities } from "@agentclientprotocol/sdk";
import type { Envelope, EnvelopeAttachment } from "../../conversation/index.js";
import { renderingGuide, renderTurn } from "../rendering.js";

/** Larger pictures go as links only; base64 makes them a third larger. */
const maxImageBytes = 4_000_000;

/**
 * Makes the prompt of a turn: its rendering as text, a link to each file (behaviour 6.5a), and the pictures themselves
 * where the agent takes them.
 */
export async function promptBlocks(envelope: Envelope, takes: PromptCapabilities): Promise<ContentBlock[]> {
  const rules =
    envelope.systemPrompt === undefined ? [] : [`<instructions>\n${envelope.systemPrompt}\n</instructions>`];
  const text = [...rules, renderingGuide, renderTurn(envelope)].join("\n\n");
  const blocks: ContentBlock[] = [{ type: "text", text }];
  for (const file of envelope.messages.flatMap((message) => message.attachments)) {
    if (file.path === undefined) continue;
    blocks.push({
      type: "resource_link",
      uri: pathToFileURL(file.path).href,
      name: file.name,
      mimeType: file.mimeType,
      size: file.bytes,
    });
    const image = takes.image === true ? await imageOf(file, file.path) : undefined;
    if (image !== undefined) blocks.push(image);
  }
  return blocks;
}

async function imageOf(
  { mimeType, bytes }: EnvelopeAttachment,
  path: string,
): Promise<ContentBlock | undefined> {
  if (!/^image\/(png|jpeg|gif|webp)$/.test(mimeType) || bytes > maxImageBytes) return undefined;
  try {
    return { type: "image", mimeType, data: (await readFile(path)).toString("base64") };
  } catch {
    // The link is there; whether the file is, the agent will see.
    return undefined;
  }
}
