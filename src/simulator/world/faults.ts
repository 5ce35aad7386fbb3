import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { TapbackError } from "../../platform/index.js";
import { checkFaults } from "./check-faults.js";
import type { Fault, FaultKind } from "./fault.js";
import type { Host } from "./host.js";
import { JsonFile } from "./json-file.js";
import { randomAt } from "./random.js";

interface Counts {
  [id: string]: { fired: number; drawn: number };
}

/**
 * The faults of a world: `faults.json`, read again when it changes, and those of one process. How often a fault with
 * `times` has fired is kept in `fault-counts.json`, because a child that dies once must live after its restart.
 */
export class Faults {
  readonly #file: JsonFile<{ faults?: Fault[] }>;
  readonly #counts: JsonFile<Counts>;
  readonly #own: Fault[];
  readonly #ownCounts: Counts = {};
  readonly #passed = new Map<string, number>();
  #read: object | undefined;
  #list: Fault[] = [];

  /** @param own faults of this process alone, as JSON (`IMSG_SIM_FAULTS`) */
  constructor(folder: string, own?: string, host?: Host) {
    this.#file = new JsonFile(join(folder, "faults.json"), {}, host);
    this.#counts = new JsonFile(join(folder, "fault-counts.json"), {}, host);
    this.#own = own ? faultsIn(own).map((fault, i) => ({ ...fault, id: `own:${i}` })) : [];
  }

  /** The faults of the world's file. @throws `FAULT_INVALID` for what somebody wrote there that is none */
  list(): Fault[] {
    const file = this.#file.read();
    if (file !== this.#read) {
      this.#list = Object.keys(file).length === 0 ? [] : checkFaults(file);
      this.#read = file;
    }
    return this.#list;
  }

  /** Adds faults to the world. @returns them with their ids @throws `FAULT_INVALID` */
  add(faults: Fault[]): Fault[] {
    const named = checkFaults(faults).map((fault) => ({
      ...fault,
      id: fault.id ?? randomUUID().slice(0, 8),
    }));
    this.#file.change(() => ({ faults: [...this.list(), ...named] }));
    return named;
  }

  /** Removes the faults of one kind or id, or all, also what is none. @returns how many */
  clear(which?: string): number {
    const written = () => {
      const file = this.#file.read();
      return Array.isArray(file) ? (file as Fault[]) : (file.faults ?? []);
    };
    const before = written().length;
    const kept = (fault: Fault) => which !== undefined && fault.kind !== which && fault.id !== which;
    return before - this.#file.change(() => ({ faults: written().filter(kept) })).faults!.length;
  }

  /**
   * Asks whether something goes wrong now; a yes is counted.
   * @param method the RPC method or the command that is being carried out
   * @param only leaves out faults that name no method, and those of sends that name their recipient in the other way
   */
  fires(
    kind: FaultKind,
    method = "",
    { named = false, by }: { named?: boolean; by?: Fault["by"] } = {},
  ): Fault | undefined {
    const asked = (fault: Fault) =>
      fault.kind === kind &&
      (!named || fault.method !== undefined) &&
      (fault.by === undefined || fault.by === by);
    for (const fault of this.#own) if (asked(fault) && this.#fires(fault, fault.id!, method)) return fault;
    for (const [index, fault] of this.list().entries())
      if (asked(fault) && this.#fires(fault, this.#idOf(fault, index), method)) return fault;
    return undefined;
  }

  /** Whether a fault of this kind, of no method of its own, may still go wrong; nothing is counted. */
  pending(kind: FaultKind): boolean {
    const counts = this.#counts.read();
    return this.list().some((fault, index) => {
      const fired = counts[this.#idOf(fault, index)]?.fired ?? 0;
      return (
        fault.kind === kind && fault.method === undefined && fired < (fault.times ?? Number.POSITIVE_INFINITY)
      );
    });
  }

  /** By what a fault is counted; one that was written by hand may have no id. */
  #idOf({ id }: Fault, index: number): string {
    return id ?? `${this.#file.stamp}:${index}`;
  }

  #fires(fault: Fault, id: string, method: string): boolean {
    if (fault.method !== undefined && ![fault.method].flat().includes(method)) return false;
    const passed = this.#passed.get(id) ?? 0;
    this.#passed.set(id, passed + 1);
    if (passed < (fault.after ?? 0)) return false;
    if (fault.times === undefined && fault.probability === undefined) return true;
    const isOwn = id.startsWith("own:");
    const known = (isOwn ? this.#ownCounts : this.#counts.read())[id];
    if (known !== undefined && known.fired >= (fault.times ?? Number.POSITIVE_INFINITY)) return false;
    let fired = false;
    const count = (counts: Counts) => {
      counts[id] ??= { fired: 0, drawn: 0 };
      const entry = counts[id];
      if (entry.fired >= (fault.times ?? Number.POSITIVE_INFINITY)) return counts;
      fired = randomAt(fault.seed ?? 0, entry.drawn++) < (fault.probability ?? 1);
      if (fired) entry.fired++;
      return counts;
    };
    if (isOwn) count(this.#ownCounts);
    else this.#counts.change(count);
    return fired;
  }
}

function faultsIn(json: string): Fault[] {
  try {
    return checkFaults(JSON.parse(json));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new TapbackError("FAULT_INVALID", `IMSG_SIM_FAULTS is not JSON: ${error.message}`, {
      hint: 'Write it as [{"kind":"delay","ms":2000}].',
    });
  }
}
