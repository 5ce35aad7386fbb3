import { createHmac } from "node:crypto";

const phone = /(?<![\p{L}\d])\+?\d[\d\s().-]{5,}\d/u;
/** Of a person, or of a machine that one logs in to, whose name may have no dot. */
const address = /(?<![\p{L}\p{N}_.+-])[\p{L}\p{N}_.+-]+@[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*/u;
/** What Messages carries, and programs and databases: other words behind a dot may be a name. */
const endings =
  /\.(jpe?g|png|gif|hei[cf]|webp|tiff?|caf|m4a|mp3|wav|amr|mp4|mov|3gp|pdf|txt|md|csv|json5?|vcf|ics|zip|pluginpayloadattachment|db|sock|log|[cm]?[jt]s|py|sh)$/i;
/** A person's own folder: behind its dot is a family name. */
const home = /^\/(Users|home)\/[^/]+$/;
const path = /(?:~(?=\/)(?:\/[^\s/"'`,;:]+)+|\.{0,2}(?:\/[^\s/"'`,;:]+){2,})\/?/u;
/** What may follow a folder that is known. */
const further = /(?:\/[^\s/"'`,;:]+)*/u;

/**
 * Replaces people, text and paths by others of the same shape (behaviour 16.3): the same one always by the same within
 * one report, and by another one in the next, since the key is drawn anew.
 */
export class StandIns {
  readonly #told: RegExp;

  /**
   * @param key of this report, from a cryptographic source
   * @param known paths, machines and names that no pattern finds in a sentence
   */
  constructor(
    private readonly key: Uint8Array,
    known: readonly string[] = [],
  ) {
    const words = [...known].sort((a, b) => b.length - a.length).map((word) => knownPattern(word));
    const patterns = [...words, address.source, path.source, phone.source];
    // Of one place the first that fits; what was replaced is not looked at again.
    this.#told = new RegExp(patterns.join("|"), "gu");
  }

  /** A handle of any kind; digits stay digits, letters letters, and what service or chat it stands in is kept. */
  handle(handle: string): string {
    if (handle.includes("@")) {
      const [name = "", domain = ""] = handle.split("@");
      return `${this.#shape(name, handle)}@${this.#shape(domain, domain)}`;
    }
    // A group's identifier names nobody.
    return /^(chat\d+|[0-9a-f]{32})$/i.test(handle) ? handle : this.#shape(handle, handle);
  }

  /** What somebody wrote, or a name: letters and digits say nothing any more, the rest is as it was. */
  text(text: string): string {
    return text
      .replace(/\p{Lu}/gu, "X")
      .replace(/\p{L}/gu, (letter) => (letter === "X" ? letter : "x"))
      .replace(/\p{N}/gu, "0")
      .replace(/\p{Extended_Pictographic}/gu, "☺");
  }

  /** A path of a file: its depth stays, and its ending where that is one of a file. */
  path(path: string): string {
    const ending = home.test(path) ? "" : (endings.exec(path)?.[0] ?? "");
    return this.folder(path.slice(0, path.length - ending.length)) + ending;
  }

  /** A path of a folder: its depth stays. */
  folder(path: string): string {
    return path
      .split("/")
      .map((part) => (/^(~|\.{0,2})$/.test(part) ? part : this.#shape(part, part)))
      .join("/");
  }

  /** A sentence of ours in which people and paths may stand. */
  sentence(text: string): string {
    return text.replace(this.#told, (found) => (found.includes("/") ? this.path(found) : this.handle(found)));
  }

  /** Draws each letter and digit anew, from the key and the whole. */
  #shape(text: string, whole: string): string {
    const bytes = createHmac("sha512", this.key).update(whole.toLowerCase()).digest();
    let next = 0;
    return text.replace(/[\p{L}\p{N}]/gu, (character) => {
      const byte = bytes[next++ % bytes.length]!;
      if (/\p{N}/u.test(character)) return String(byte % 10);
      const letter = String.fromCharCode(97 + (byte % 26));
      return /\p{Lu}/u.test(character) ? letter.toUpperCase() : letter;
    });
  }
}

function knownPattern(word: string): string {
  const escaped = word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  return `(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])${word.includes("/") ? further.source : ""}`;
}
