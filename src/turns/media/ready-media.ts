import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Attachment, Envelope, EnvelopeAttachment } from "../../conversation/index.js";
import { maxFiles } from "../../conversation/index.js";
import { type Log, messageOf } from "../../platform/index.js";
import type { JournalEntry, Store, Turn } from "../../store/index.js";
import { factsOf } from "../envelope/envelope.js";
import { withTexts } from "../envelope/with-texts.js";
import { mayHaveFiles } from "../macs/attached-files.js";
import { hear } from "../voice/hear.js";
import { type Heard, withSpoken } from "../voice/spoken-words.js";
import type { Transcriber } from "../voice/transcribe.js";
import { type AwaitDeps, awaitFiles } from "./await-files.js";
import { type HandOver, handOver } from "./hand-over.js";
import { filmsOfLivePhotos } from "./live-photo.js";

/** Files that are made ready at once: copies are quick, conversions take a processor each. */
const atOnce = 3;

/** Where files come from and go to, and how long those that are still downloading are waited for, milliseconds. */
export interface MediaPlaces extends HandOver {
  waitMs: number;
}

export interface MediaDeps extends Pick<AwaitDeps, "bridge" | "clock"> {
  /** Whether files that came are told of (behaviour 7.1). */
  withFiles: boolean;
  store: Pick<Store, "journal">;
  log: Log;
  places: MediaPlaces;
  /** Writes down what is said in recordings; absent where no program is configured. */
  transcribe?: Transcriber | undefined;
}

/** One message whose files are wanted, and where they go. */
interface Holder {
  entry: JournalEntry;
  files: Attachment[];
  ready: EnvelopeAttachment[];
  /** The message's own words. */
  words: string;
  /** What is said in its files, where that was asked for. */
  heard: Heard[];
}

/**
 * Makes the files of a turn ready, at each of its runs: what is still downloading is waited for, what may be read is
 * copied into a private folder, the rest becomes a note (behaviour 7); what is said in recordings stands in the texts (18.6). Files
 * lie on one machine and pass; so neither they nor their paths are part of the stored turn.
 * @returns the envelope to run with, and what is to be said in `explain`
 */
export async function readyMedia(
  { id, account, envelope }: Turn,
  deps: MediaDeps,
  signal: AbortSignal,
): Promise<{ envelope: Envelope; notes: string[] }> {
  const { store, bridge, clock, places, withFiles } = deps;
  // Mostly there is nothing to make ready, and that need not be asked of the journal.
  if (!mayHaveFiles(envelope, withFiles)) return { envelope, notes: [] };
  const entries = await store.journal.ofTurn(id);
  const wanted = (files: EnvelopeAttachment[] | undefined, entry: JournalEntry | undefined) =>
    files?.length && entry
      ? { entry, files: entry.row.attachments, ready: [], words: "", heard: [] }
      : undefined;
  const around = await store.journal.findByGuids(
    [
      ...envelope.context.flatMap(({ attachments, guid }) => (attachments?.length && guid ? [guid] : [])),
      ...(withFiles ? envelope.messages.flatMap(({ replyTo }) => replyTo?.guid ?? []) : []),
    ],
    account,
  );
  const messages = envelope.messages.map(({ attachments, guid, rowId }) =>
    wanted(
      attachments,
      entries.find(({ row }) => row.guid === guid && row.rowId === rowId),
    ),
  );
  // What is answered may have come in another turn; its files are told of where files are taken in at all.
  const answered = envelope.messages.map(({ replyTo }) => {
    const entry = replyTo && around.get(replyTo.guid);
    return entry && wanted(entry.row.attachments.map(factsOf), entry);
  });
  const context = envelope.context.map(({ attachments, guid }) =>
    wanted(attachments, guid ? around.get(guid) : undefined),
  );
  // What is asked comes before what was said around it, and of that the newest first.
  const holders = [...messages, ...answered, ...context.toReversed()].filter(
    (holder) => holder !== undefined,
  );
  if (holders.length === 0) return { envelope, notes: [] };
  await rm(places.folder, { recursive: true, force: true });
  await mkdir(places.folder, { recursive: true, mode: 0o700 });
  await Promise.all(
    holders.map(async (holder) => {
      const { files, words } = await awaitFiles(
        holder.entry,
        { bridge, clock, waitMs: places.waitMs },
        signal,
      );
      holder.words = words;
      const films = filmsOfLivePhotos(files);
      holder.files = files.filter((file) => !films.has(file));
    }),
  );
  const notes = await handOverAll(holders, id, deps, signal);
  const own = new Set(envelope.messages.map(({ guid }) => guid));
  const passed = entries.filter(({ row }) => !own.has(row.guid)).flatMap(({ row }) => row.attachments).length;
  const left = passed + Math.max(0, holders.flatMap(({ files }) => files).length - maxFiles);
  const capped = `${left} more files came than the ${maxFiles} that one turn takes; they are left out`;
  if (left > 0) notes.push(capped);
  const told = <T extends { text?: string; attachments?: EnvelopeAttachment[] }>(
    item: T,
    holder: Holder | undefined,
  ): T => (holder ? { ...item, ...textOf(item.text ?? "", holder), attachments: holder.ready } : item);
  const shown = envelope.messages.map((message, index) => {
    const { replyTo } = message;
    const files = answered[index];
    const whole = told(message, messages[index]);
    return replyTo && files ? { ...whole, replyTo: told(replyTo, files) } : whole;
  });
  return {
    envelope: {
      ...withTexts(envelope, shown, entries),
      context: envelope.context.map((earlier, index) => told(earlier, context[index])),
      notes: left > 0 ? [...envelope.notes, capped] : envelope.notes,
    },
    notes,
  };
}

/** A text with what is said in the files beside it; nothing where that changes nothing. */
function textOf(text: string, { words, heard }: Holder): { text?: string } {
  const own = text === "" && heard.length === 0 ? words : text;
  const whole = withSpoken(
    own,
    heard.filter((each) => each !== undefined),
  );
  return whole === text ? {} : { text: whole };
}

/** @returns a line for each file that was refused, or whose words are not known */
async function handOverAll(
  holders: Holder[],
  turn: string,
  { places, log, transcribe }: MediaDeps,
  signal: AbortSignal,
): Promise<string[]> {
  const notes: (string | undefined)[] = [];
  const jobs = holders
    .flatMap((holder) => holder.files.map((file, place) => ({ holder, file, place })))
    .slice(0, maxFiles)
    .map((job, index) => ({ ...job, id: index + 1 }));
  const work = async () => {
    for (let job = jobs.shift(); job && !signal.aborted; job = jobs.shift()) {
      const { holder, file, place, id } = job;
      const { row } = holder.entry;
      const done = await handOver(file, id, places, signal).catch((error) => ({
        attachment: {
          mimeType: "application/octet-stream",
          bytes: file.bytes,
          name: "file",
          note: "the file could not be read",
        },
        refusal: { code: "MEDIA_FAILED", detail: messageOf(error) },
      }));
      const { attachment } = done;
      const folder = join(places.folder, `${id}.voice`);
      const { transcript, note } = await hear(
        file,
        attachment,
        holder.words,
        transcribe && ((recording) => transcribe({ recording, folder }, signal)),
      );
      if (transcript) holder.heard[place] = { name: attachment.name, transcript };
      const noted = [note, attachment.note].filter((each) => each !== undefined).join("; ");
      holder.ready[place] = noted === "" ? attachment : { ...attachment, note: noted };
      const wrong: { code: string; detail: string } | undefined =
        done.refusal ?? (transcript?.ok === false ? { code: "TRANSCRIBE_FAILED", ...transcript } : undefined);
      if (!wrong) continue;
      const { code, detail } = wrong;
      const what = done.refusal
        ? "an attachment is not handed to the agent"
        : "a recording stays without words";
      log.warn(`${what}: ${detail}`, { code, turn, message: row.guid, file: file.path || file.name });
      notes[id] = `${code}: ${attachment.name}: ${detail}`;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return notes.filter((note) => note !== undefined);
}
