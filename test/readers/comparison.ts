import type { Fields } from "./fields.js";
import type { Said } from "./rich-world.js";

/** What one reader is known to get wrong by its own fault. */
export interface KnownFault {
  reader: string;
  fields: string[];
  /** Which rows it is about. */
  rows(said: Said): boolean;
  /** In a few words, for the table. */
  what: string;
  why: string;
}

interface Difference {
  guid: string;
  field: string;
  wanted: unknown;
  got: unknown;
}

/** Holds what a reader read against what was said, field by field. */
export class Comparison {
  rows = 0;
  fields = 0;
  /** Rows that the reader gets wrong by its own fault. */
  readonly known = new Map<KnownFault, number>();
  /** Differences that nothing explains. */
  readonly open: Difference[] = [];

  constructor(
    readonly reader: string,
    readonly world: string,
    private readonly faults: KnownFault[],
  ) {}

  /** One row: each field as it was said, and as it was read. */
  row(said: Said, fields: Fields): void {
    this.rows += 1;
    for (const [field, [wanted, got]] of Object.entries(fields)) {
      this.fields += 1;
      if (JSON.stringify(wanted) === JSON.stringify(got)) continue;
      const fault = this.faults.find(
        (known) => known.reader === this.reader && known.fields.includes(field) && known.rows(said),
      );
      if (fault === undefined) this.open.push({ guid: said.guid, field, wanted, got });
      else this.known.set(fault, (this.known.get(fault) ?? 0) + 1);
    }
  }

  /** What is printed of it. */
  get line(): string {
    const wrong = [...this.known.values()].reduce((sum, n) => sum + n, 0);
    const columns: [text: string | number, width: number][] = [
      [this.rows, 5],
      [this.fields, 6],
      [this.open.length, 3],
      [wrong, 3],
    ];
    const [rows, fields, open, own] = columns.map(([text, width]) => String(text).padStart(width));
    const names = `${this.reader.padEnd(31)} ${this.world.padEnd(20)}`;
    return `${names} ${rows} rows ${fields} fields ${open} differences ${own} by the reader's own fault`;
  }
}

/** A time that lies where it was said: itself then, so that it is equal. */
export function within([from, to]: [number, number], got: number): [number, number] {
  return [got >= from && got <= to ? got : from, got];
}
