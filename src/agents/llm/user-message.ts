import { readFile } from "node:fs/promises";
import type { LanguageModelV3Message } from "@ai-sdk/provider";
import type { Envelope } from "../../conversation/index.js";
import { type ReadableFile, readableFiles } from "../envelope-files.js";
import { renderTurn } from "../rendering.js";
import type { Picture, RecentPictures } from "./recent-pictures.js";

const maxImages = 4;
/** Anthropic takes 5 MB as base64. */
const maxImageBytes = 3_500_000;

/**
 * The turn at hand as the model gets it, and as the transcript keeps it: without the pictures, whose names and paths
 * stand in the text.
 * @param recent pictures of earlier turns, which stay in view
 * @returns `hidden` pictures came with the turn, and the model is not shown them
 */
export async function userMessage(
  envelope: Envelope,
  takesImages: boolean,
  recent: RecentPictures,
): Promise<{ full: LanguageModelV3Message; kept: LanguageModelV3Message; hidden: number }> {
  const text = { type: "text" as const, text: renderTurn(envelope) };
  const kept: LanguageModelV3Message = { role: "user", content: [text] };
  const files = filesOf(envelope);
  if (!takesImages) return { full: kept, kept, hidden: files.length };
  const pictures = await readPictures(files);
  const { earlier, gone } = recent.add(envelope.sessionKey, envelope.turnId, pictures);
  const told = [
    ...(earlier.length > 0
      ? [`The first ${earlier.length} of these pictures came with earlier messages: ${namesOf(earlier)}.`]
      : []),
    ...(gone > 0
      ? [`${gone} older ${gone === 1 ? "picture is" : "pictures are"} not in view any more.`]
      : []),
  ];
  return {
    full: {
      role: "user",
      content: [
        text,
        ...(told.length > 0 ? [{ type: "text" as const, text: `[${told.join(" ")}]` }] : []),
        ...[...earlier, ...pictures].map(({ part }) => part),
      ],
    },
    kept,
    hidden: 0,
  };
}

/** Names are safe to show, but people chose them: they stand in quotes. */
function namesOf(pictures: Picture[]): string {
  return pictures.map(({ name }) => JSON.stringify(name)).join(", ");
}

/** The files of a turn that can be shown as pictures. */
function filesOf(envelope: Envelope): ReadableFile[] {
  return readableFiles(envelope)
    .filter(({ mimeType, bytes }) => /^image\/(png|jpeg|gif|webp)$/.test(mimeType) && bytes <= maxImageBytes)
    .slice(0, maxImages);
}

async function readPictures(files: ReadableFile[]): Promise<Picture[]> {
  const pictures: Picture[] = [];
  for (const { path, name, mimeType } of files) {
    try {
      const data = new Uint8Array(await readFile(path));
      pictures.push({ name, part: { type: "file", mediaType: mimeType, data } });
    } catch {
      // It is gone; the text still names it.
    }
  }
  return pictures;
}
