import { mkdir, rm } from "node:fs/promises";
import type { Attachment, Envelope, EnvelopeAttachment } from "../../conversation/index.js";
import { maxFiles, readableText } from "../../conversation/index.js";
import { type Log, messageOf } from "../../platform/index.js";
import type { JournalEntry, Store, Turn } from "../../store/index.js";
import { factsOf } from "../envelope/envelope.js";
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
}

/** One message whose files are wanted, and where they go. */
interface Holder {
  entry: JournalEntry;
  files: Attachment[];
  ready: EnvelopeAttachment[];
}

/**
 * Makes the files of a turn ready, at each of its runs: what is still downloading is waited for, what may be read is
 * copied into a private folder, the rest becomes a note (behaviour 7). Files lie on one machine and pass; so neither they
 * nor their paths are part of the stored turn.
 * @returns the envelope to run with, and what is to be said in `explain`
 */
export async function readyMedia(
  { id, account, envelope }: Turn,
  deps: MediaDeps,
  signal: AbortSignal,
): Promise<{ envelope: Envelope; notes: string[] }> {
  const { store, bridge, clock, places, withFiles } = deps;
  const entries = await store.journal.ofTurn(id);
  const wanted = (files: EnvelopeAttachment[] | undefined, entry: JournalEntry | undefined) =>
    files?.length && entry ? { entry, files: entry.row.attachments, ready: [] } : undefined;
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
      const files = await awaitFiles(holder.entry, { bridge, clock, waitMs: places.waitMs }, signal);
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
  const told = <T extends { attachments?: EnvelopeAttachment[] }>(item: T, holder: Holder | undefined): T =>
    holder ? { ...item, attachments: holder.ready } : item;
  return {
    envelope: {
      ...envelope,
      messages: envelope.messages.map((message, index) => {
        const { replyTo } = message;
        const files = answered[index];
        const shown = told(message, messages[index]);
        return replyTo && files ? { ...shown, replyTo: told(replyTo, files) } : shown;
      }),
      context: envelope.context.map((earlier, index) => told(earlier, context[index])),
      notes: left > 0 ? [...envelope.notes, capped] : envelope.notes,
    },
    notes,
  };
}

/** @returns a line for each file that was refused */
async function handOverAll(
  holders: Holder[],
  turn: string,
  { places, log }: MediaDeps,
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
      const done = await handOver(file, id, readableText(row.text) !== "", places, signal).catch((error) => ({
        attachment: {
          mimeType: "application/octet-stream",
          bytes: file.bytes,
          name: "file",
          note: "the file could not be read",
        },
        refusal: { code: "MEDIA_FAILED", detail: messageOf(error) },
      }));
      holder.ready[place] = done.attachment;
      if (!done.refusal) continue;
      const { code, detail } = done.refusal;
      log.warn(`an attachment is not handed to the agent: ${detail}`, {
        code,
        turn,
        message: row.guid,
        file: file.path || file.name,
      });
      notes[id] = `${code}: ${done.attachment.name}: ${detail}`;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return notes.filter((note) => note !== undefined);
}
