/** An address with its scheme, or one that begins with `www.`. */
const named = /\b[a-z][a-z0-9+.-]{1,20}:\/\/\S|\bwww\.\S/i;
/** Domains that Messages shows as links without a scheme, where a path or one of the common endings follows. */
const bare =
  /(?:^|[\s(<"'])(?:[a-z0-9-]+\.)+(?:[a-z]{2,24}[/?#:]\S|(?:com|net|org|info|io|co|me|app|dev|ai|biz|ly|gl|link|shop|xyz|online|site|top)\b)/i;

/** Whether people who read a text would see a link in it. */
export function holdsLink(text: string): boolean {
  return named.test(text) || bare.test(text);
}
