/** The configuration file as a page shows it: the signs of its secrets are those of that version alone. */
export interface FileShown {
  text: string;
  version: string;
}

/**
 * What a page goes on with after a save. A sign that is read in another version of the file is another secret, so that what was typed
 * meanwhile keeps the version that it was made of: saved, it is refused (`CONFIG_CHANGED`) in the place of mixing secrets up.
 * @param sent what was saved
 * @param saved how the file is shown since
 * @param typed what the page has by then
 */
export function afterSave(
  sent: FileShown,
  saved: FileShown,
  typed: string,
): { typed: string; known: FileShown } {
  const known = { text: saved.text, version: saved.version };
  if (typed === sent.text) return { typed: saved.text, known };
  return { typed, known: saved.text === sent.text ? known : sent };
}
