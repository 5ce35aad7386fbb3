import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Resources } from "../resources.js";
import type { Facts, Invariant } from "./invariant.js";

/** Beside those that were open at the beginning: the state with its log, and what is being read. */
const mostOpen = 24;
const mostOpenAtEnd = 10;
/**
 * What a process of its own would have closed: SQLite closes no file of a Mac's database while another connection of this process
 * has it open, and of what a dead life held nobody knows here.
 */
const isOfAnother = (name: string) => /\/chat\.db(-wal|-shm)?$| \(deleted\)$/.test(name);
/** What a run needs at most, whatever it plays, and what it may keep of each message: the run's own memory of it included. */
const heapBytes = 120_000_000;
const heapBytesPerMessage = 25_000;
/** Timers of a gateway at rest: those that come again, and of each account's fifty sends that are followed (`DeliveryWatch`). */
const mostTimersAtRest = 30;
const mostTimersOfAccount = 55;
const mostTimers = 400;

/**
 * Nothing is held that nobody needs: files, timers, memory, folders of turns that are over.
 * @param atFirst what the process held before the run
 */
export function noLeaks(atFirst: Resources): Invariant {
  const held = ({ resources, ledger }: Facts, most: number, count = countEach): string | undefined => {
    const { heapBytes: heap } = resources;
    const open = resources.open.filter((name) => !isOfAnother(name));
    if (count(open) - count(atFirst.open) > most)
      return `${open.length} files are open, at the beginning it were ${atFirst.open.length}: ${tally(open)}`;
    const grown = heap - atFirst.heapBytes;
    if (grown > heapBytes + heapBytesPerMessage * ledger.said.size)
      return `${Math.round(grown / 1e6)} MB are held after ${ledger.said.size} messages`;
    return undefined;
  };
  const waits = ({ timers = 0 }: Facts, most: number) =>
    timers > most ? `${timers} timers of the gateway wait` : undefined;
  return {
    name: "no leaks",
    sometimes: (facts) => held(facts, mostOpen) ?? waits(facts, mostTimers),
    rest: (facts) =>
      waits(facts, mostTimersAtRest + mostTimersOfAccount * facts.macs.length) ??
      leftFolder(facts, ["turns"]),
    // The Macs are open still, and the run reads the state.
    end: (facts) =>
      waits(facts, 0) ??
      held(facts, mostOpenAtEnd, countNames) ??
      leftFolder(facts, isUndisturbed(facts) ? ["turns", "outgoing"] : ["turns"]),
  };
}

const countEach = (names: readonly string[]) => names.length;
/**
 * Counts a file once: on Node 20 a closed connection stays until its statements are thrown away, and while it, or the run's look
 * at the state, holds a lock, SQLite closes none of the others that had the same file.
 */
const countNames = (names: readonly string[]) => new Set(names).size;

/** Names with how often each comes. */
function tally(names: readonly string[]): string {
  const times = new Map<string, number>();
  for (const name of names) times.set(name, (times.get(name) ?? 0) + 1);
  return [...times].map(([name, count]) => `${count} ${name}`).join(", ");
}

/** A copy of a file that a crash left before anything names it is removed an hour later (behaviour 6.5a). */
function isUndisturbed({ ledger }: Facts): boolean {
  return ledger.counts.get("life") === 1;
}

/** A turn's folder goes with the turn, a copy of a file with its send. */
function leftFolder({ stateDirs }: Facts, folders: readonly string[]): string | undefined {
  for (const path of stateDirs.flatMap((dir) => folders.map((folder) => join(dir, folder)))) {
    const left = existsSync(path) ? readdirSync(path) : [];
    if (left.length > 0) return `${left.length} are left in ${path}: ${left.slice(0, 3).join(", ")}`;
  }
  return undefined;
}
