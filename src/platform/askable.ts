import { errnoOf } from "./errors.js";

/** Where a request goes, and with which headers. */
export interface Askable {
  url: string;
  headers: Record<string, string>;
}

/**
 * An address as `fetch` takes it: a name and a password that stand in it go into the header `Authorization`, for `fetch` refuses them
 * with an error that repeats the address.
 * @param headers go before what stands in the address
 */
export function askable(url: string, headers: Record<string, string> = {}): Askable {
  if (!url.includes("@")) return { url, headers };
  const bare = new URL(url);
  const { username, password } = bare;
  if (username === "" && password === "") return { url, headers };
  bare.username = "";
  bare.password = "";
  const isSet = Object.keys(headers).some((name) => name.toLowerCase() === "authorization");
  const words = Buffer.from([username, password].map(unescaped).join(":")).toString("base64");
  return {
    url: bare.href,
    headers: isSet ? headers : { authorization: `Basic ${words}`, ...headers },
  };
}

/** Why `fetch` got no answer, by its code: its words may hold the address that was asked. */
export function unaskedWhy(error: unknown): string {
  return errnoOf((error as { cause?: unknown } | null)?.cause) ?? errnoOf(error) ?? "it could not be asked";
}

/** A sign that is no escape stands for itself. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
