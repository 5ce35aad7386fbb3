import { readFile } from "node:fs/promises";
import type { LanguageModelV3FilePart, LanguageModelV3Message } from "@ai-sdk/provider";
import type { Envelope } from "../../conversation/index.js";
import { readableFiles } from "../envelope-files.js";
import { renderTurn } from "../rendering.js";

const maxImages = 4;
/** Anthropic takes 5 MB as base64. */
const maxImageBytes = 3_500_000;

/**
 * The turn at hand as the model gets it, and as the transcript keeps it: without the pictures, whose names and paths
 * stand in the text.
 */
export async function userMessage(
  envelope: Envelope,
  takesImages: boolean,
): Promise<{ full: LanguageModelV3Message; kept: LanguageModelV3Message }> {
  const text = { type: "text" as const, text: renderTurn(envelope) };
  const images = takesImages ? await imagesOf(envelope) : [];
  return { full: { role: "user", content: [text, ...images] }, kept: { role: "user", content: [text] } };
}

async function imagesOf(envelope: Envelope): Promise<LanguageModelV3FilePart[]> {
  const files = readableFiles(envelope).filter(
    ({ mimeType, bytes }) => /^image\/(png|jpeg|gif|webp)$/.test(mimeType) && bytes <= maxImageBytes,
  );
  const images: LanguageModelV3FilePart[] = [];
  for (const { path, mimeType } of files.slice(0, maxImages)) {
    try {
      images.push({ type: "file", mediaType: mimeType, data: new Uint8Array(await readFile(path)) });
    } catch {
      // It is gone; the text still names it.
    }
  }
  return images;
}
