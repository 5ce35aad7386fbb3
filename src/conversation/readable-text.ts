/** Takes the marks that stand for attachments out of a row's text (protocol reference 9.12). */
export function readableText(text: string): string {
  return text.replace(/\ufffc/g, "").trim();
}

/** Whether a text is one link and nothing else. */
export function isLink(text: string): boolean {
  return /^https?:\/\/\S+$/i.test(text);
}
