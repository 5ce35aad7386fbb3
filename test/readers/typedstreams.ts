import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Fields } from "./fields.js";
import type { Said } from "./rich-world.js";

interface Body {
  string: string;
  runs: { range: number[]; attributes: Record<string, unknown> }[];
}

/** What the rows of the comparison hold of a `message_summary_info` and a `payload_data`. */
interface Plist {
  ec?: Record<string, { d: number; t: Uint8Array }[]>;
  rp?: number[];
  $archiver?: string;
  $objects?: unknown[];
}

/** A reader of typedstreams, and the reader of property lists that it brings along. */
export interface TypedstreamReader {
  decode(blob: Uint8Array): Body;
  plist(blob: Uint8Array): Plist;
}

interface Unarchiver {
  open(blob: Buffer, binary?: unknown): { decodeSingleRoot(): Body };
  BinaryDecoding?: { decodable: unknown };
}
interface PlistParser {
  parseBuffer(blob: Buffer): Plist[];
}

/** @param folder of the package @param isModule whether it is one of the two that have no CommonJS */
export async function typedstreamReader(folder: string, isModule: boolean): Promise<TypedstreamReader> {
  const require = createRequire(join(folder, "package.json"));
  const load = async (path: string) => (await import(pathToFileURL(join(folder, path)).href)) as unknown;
  const { Unarchiver } = (isModule ? await load("dist/index.mjs") : require(folder)) as {
    Unarchiver: Unarchiver;
  };
  const { parseBuffer } = (
    isModule ? await load("../bplist/dist/index.mjs") : require(join(folder, "../bplist-parser"))
  ) as PlistParser;
  return {
    decode: (blob) =>
      Unarchiver.open(Buffer.from(blob), Unarchiver.BinaryDecoding?.decodable).decodeSingleRoot(),
    plist: (blob) => parseBuffer(Buffer.from(blob))[0]!,
  };
}

/** Each field of a row's body and summary as it was said, and as they read it. */
export function fieldsOfBody(
  said: Said,
  { decode, plist }: TypedstreamReader,
  row: { body: Uint8Array | undefined; summary: Uint8Array | undefined },
): Fields {
  const body = row.body === undefined ? undefined : readable(decode, row.body);
  const summary = row.summary === undefined ? undefined : plist(row.summary);
  const attributes = body?.runs.map((run) => run.attributes) ?? [];
  const held = (key: string) => attributes.map((given) => given[key]).filter((value) => value !== undefined);
  const versions = Object.values(summary?.ec ?? {}).flat();
  return {
    text: [said.text, body?.string ?? null],
    // The stretches cover the whole text.
    covered: [said.text?.length, body?.runs.reduce((sum, { range }) => sum + range[1]!, 0)],
    parts: [said.text === null ? [] : partsOf(said), [...new Set(held("__kIMMessagePartAttributeName"))]],
    mentions: [Object.values(said.mentions ?? {}), held("__kIMMentionConfirmedMention")],
    files: [said.text === null ? 0 : said.files.length, held("__kIMFileTransferGUIDAttributeName").length],
    edits: [said.edits?.texts ?? [], versions.map(({ t }) => decode(t).string)],
    editedAt: [
      said.edits?.at ?? null,
      versions.length === 0 ? null : Math.round((versions.at(-1)!.d + 978_307_200) * 1000),
    ],
    unsent: [said.unsentAt === undefined ? [] : partsOf(said), summary?.rp ?? []],
  };
}

interface PollOption {
  optionIdentifier: string;
  text: string;
}

/** Each field of a balloon's archive as it was said, and as the reader of property lists read it. */
export function fieldsOfPayload(said: Said, { plist }: TypedstreamReader, payload: Uint8Array): Fields {
  const { $objects = [], $archiver } = plist(payload);
  const url = $objects.find((held) => typeof held === "string" && held.startsWith("data:,"));
  const json = url === undefined ? undefined : String(url).slice("data:,".length).split("?")[0]!;
  const { item } = (json === undefined ? {} : JSON.parse(Buffer.from(json, "base64").toString("utf8"))) as {
    item?: {
      title?: string;
      creatorHandle?: string;
      orderedPollOptions?: PollOption[];
      votes?: { voteOptionIdentifier: string }[];
    };
  };
  return {
    archiver: ["NSKeyedArchiver", $archiver],
    question: [said.poll?.question, item?.title],
    creator: [said.poll?.creator, item?.creatorHandle],
    options: [
      said.poll?.options,
      item?.orderedPollOptions?.map(({ optionIdentifier, text }) => ({ id: optionIdentifier, text })),
    ],
    votes: [said.vote?.chosen, item?.votes?.map((vote) => vote.voteOptionIdentifier)],
    link: [said.link, said.link === undefined ? undefined : $objects.find((held) => held === said.link)],
  };
}

/** A reader that fails has read nothing of it. */
function readable(decode: TypedstreamReader["decode"], blob: Uint8Array): Body {
  try {
    return decode(blob);
  } catch (error) {
    return { string: `(${error})`, runs: [] };
  }
}

/** Indexes of the parts that a message had: its files, then its words. */
function partsOf(said: Said): number[] {
  const words = said.edits?.texts[0] ?? said.sent.replaceAll("\ufffc", "");
  const count = said.files.length + (words === "" && said.files.length > 0 ? 0 : 1);
  return Array.from({ length: count }, (_, part) => part);
}
