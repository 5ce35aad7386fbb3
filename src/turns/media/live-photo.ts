import { type Attachment, splitName } from "../../conversation/index.js";

/**
 * A Live Photo may bring its film as a file of its own, with the photo's name (protocol reference 9.12): nobody chose to
 * send that one.
 * @returns the films among a message's attachments that belong to a photo beside them
 */
export function filmsOfLivePhotos(files: readonly Attachment[]): Set<Attachment> {
  const stems = new Set(files.filter(isPhoto).map(stemOf));
  return new Set(files.filter((file) => isFilm(file) && stems.has(stemOf(file))));
}

function stemOf({ name }: Attachment): string {
  return splitName(name).stem.toLowerCase();
}

function isPhoto({ mimeType, name }: Attachment): boolean {
  return /^image\/(hei[cf]|jpeg)$/i.test(mimeType) || /\.(hei[cf]|jpe?g)$/i.test(name);
}

function isFilm({ mimeType, uti, name }: Attachment): boolean {
  return mimeType === "video/quicktime" || uti === "com.apple.quicktime-movie" || /\.mov$/i.test(name);
}
