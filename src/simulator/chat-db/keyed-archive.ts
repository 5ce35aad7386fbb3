import { encodePlist, type PlistValue, Uid } from "./binary-plist.js";

/** An object of an archive: its class with those above it, and what it holds by key. */
export class Archived {
  constructor(
    readonly classes: string[],
    readonly fields: Record<string, ArchiveValue>,
  ) {}
}

/** What an archive holds; an object without a class of its own is an NSDictionary. */
export type ArchiveValue =
  | boolean
  | number
  | string
  | Uint8Array
  | Archived
  | { [key: string]: ArchiveValue };

/** Writes what NSKeyedArchiver writes: a property list of numbered objects, each with its class. */
export function encodeKeyedArchive(root: ArchiveValue): Uint8Array {
  const objects: PlistValue[] = ["$null"];
  const texts = new Map([["$null", new Uid(0)]]);
  const classes = new Map<string, Uid>();
  const push = (value: PlistValue) => new Uid(objects.push(value) - 1);
  const classOf = (names: string[]): Uid => {
    const key = names.join();
    const uid = classes.get(key) ?? push({ $classname: names[0]!, $classes: names });
    classes.set(key, uid);
    return uid;
  };
  const add = (value: ArchiveValue): Uid => {
    if (typeof value === "string") {
      const uid = texts.get(value) ?? push(value);
      texts.set(value, uid);
      return uid;
    }
    if (typeof value !== "object") return push(value);
    if (value instanceof Uint8Array) return push(value);
    // Its place comes before those of what it holds.
    const uid = push("");
    const fields: { [key: string]: PlistValue } = {};
    if (value instanceof Archived) {
      for (const [key, field] of Object.entries(value.fields)) fields[key] = inPlace(field) ?? add(field);
      fields.$class = classOf(value.classes);
    } else {
      fields["NS.keys"] = Object.keys(value).map(add);
      fields["NS.objects"] = Object.values(value).map(add);
      fields.$class = classOf(["NSDictionary", "NSObject"]);
    }
    objects[uid.value] = fields;
    return uid;
  };
  const top = { root: add(root) };
  return encodePlist({ $version: 100_000, $archiver: "NSKeyedArchiver", $top: top, $objects: objects });
}

/** Numbers, flags and the bytes of a UUID stand in the object itself. */
function inPlace(value: ArchiveValue): PlistValue | undefined {
  return typeof value === "number" || typeof value === "boolean" || value instanceof Uint8Array
    ? value
    : undefined;
}

/** An address. */
export function archivedUrl(url: string): Archived {
  return new Archived(["NSURL", "NSObject"], { "NS.base": nothing, "NS.relative": url });
}

/** A UUID. @param uuid as text */
export function archivedUuid(uuid: string): Archived {
  return new Archived(["NSUUID", "NSObject"], {
    "NS.uuidbytes": Buffer.from(uuid.replaceAll("-", ""), "hex"),
  });
}

/** Stands for the first object of every archive. */
const nothing = "$null";
