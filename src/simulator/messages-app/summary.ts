import { toAppleTime } from "../chat-db/apple-time.js";
import { decodePlist, encodePlist, isDictionary, type PlistValue, Real } from "../chat-db/binary-plist.js";

/** Where the parts of a message's text lie, in UTF-16 units; the index is the part's. */
export type PartRanges = { start: number; length: number }[];

type Summary = { [key: string]: PlistValue };

const plain = encodePlist({ ust: true, amc: 0 });
const plainSms = encodePlist({ cmmS: 0, cmmAO: 0 });

/** `message.message_summary_info` of a row with a text: a property list (docs/spec/chat-db-schema.json). */
export function plainSummary(service: string): Uint8Array {
  return service === "SMS" ? plainSms : plain;
}

/** Of a tapback. @param quoted the text that it is about */
export function tapbackSummary(quoted: string): Uint8Array {
  return encodePlist({ ams: quoted.slice(0, 100), amc: 1, ust: true });
}

/** Of a message that a tapback was put on. */
export function targetSummary(before: unknown): Uint8Array {
  return encodePlist({ ...read(before), amc: 1, ust: true });
}

/** Of a message of which a part was edited: all that it has said, oldest first. */
export function editedSummary(
  before: unknown,
  change: {
    part: number;
    parts: PartRanges;
    /** Milliseconds since 1970. */
    sentAt: number;
    /** Milliseconds since 1970. */
    at: number;
    /** The `attributedBody` before. */
    oldBody: Uint8Array;
    /** The `attributedBody` now. */
    newBody: Uint8Array;
    /** GUID of what devices that know no edits are sent instead. */
    compatibility: string;
    editor: string;
  },
): Uint8Array {
  const summary = read(before);
  const part = String(change.part);
  const history = isDictionary(summary.ec) ? summary.ec : {};
  const known = history[part];
  const version = (at: number, body: Uint8Array) => ({ d: new Real(Number(toAppleTime(at)) / 1e9), t: body });
  const versions = Array.isArray(known) ? known : [version(change.sentAt, change.oldBody)];
  const next = { ...version(change.at, change.newBody), bcg: change.compatibility };
  const edited = Array.isArray(summary.ep) ? summary.ep : [];
  return encodePlist({
    ...summary,
    ust: true,
    ec: { ...history, [part]: [...versions, next] },
    ep: edited.includes(change.part) ? edited : [...edited, change.part],
    otr: summary.otr ?? ranges(change.parts),
    euh: change.editor,
  });
}

/** Of a message whose parts were all taken back. */
export function unsentSummary(before: unknown, parts: PartRanges): Uint8Array {
  const summary = read(before);
  return encodePlist({
    ...summary,
    ust: true,
    rp: parts.map((_, index) => index),
    otr: summary.otr ?? ranges(parts),
  });
}

function ranges(parts: PartRanges): Summary {
  return Object.fromEntries(
    parts.map(({ start, length }, index) => [String(index), { lo: start, le: length }]),
  );
}

function read(stored: unknown): Summary {
  const summary = stored instanceof Uint8Array ? decodePlist(stored) : undefined;
  return isDictionary(summary) ? summary : {};
}
