import { createHash } from "node:crypto";
import { TapbackError } from "../../platform/index.js";
import {
  type Cell,
  type CopiedTable,
  copiedTables,
  type Shape,
  type Side,
  slice,
  type WrittenSide,
} from "./tables.js";

/** How many rows a table has, and what they say. */
interface Sum {
  rows: number;
  /** Of the hashes of all rows, so that their order does not matter: two stores may sort what they cannot both write alike. */
  hash: bigint;
}

/** How many rows of each table were copied. */
export type Copied = Record<CopiedTable, number>;

const modulus = 2n ** 256n;

/**
 * Copies a state, and reads all of it once more where it was written.
 * @throws `STORE_COPY_DIFFERS` when what is read there is not what was read here; whoever called keeps nothing then
 */
export async function copyRows(from: Side, to: WrittenSide): Promise<Copied> {
  const read = new Map<CopiedTable, Sum>();
  for (const table of copiedTables) {
    const shape = await sharedShape(table, from, to);
    read.set(table, await sumOf(from, table, shape, (rows) => to.add(table, shape.columns, rows)));
  }
  await to.settle(await from.lastEvent());
  for (const table of copiedTables) {
    const written = await sumOf(to, table, await sharedShape(table, from, to));
    const wanted = read.get(table)!;
    if (written.rows !== wanted.rows || written.hash !== wanted.hash)
      throw new TapbackError(
        "STORE_COPY_DIFFERS",
        `of ${table}, ${wanted.rows} rows were copied, and ${written.rows} are there or say something else`,
      );
  }
  return Object.fromEntries([...read].map(([table, { rows }]) => [table, rows])) as Copied;
}

/** @throws `STORE_COPY_DIFFERS` when a side has a column that the other one does not know */
async function sharedShape(table: CopiedTable, from: Side, to: Side): Promise<Shape> {
  const [here, there] = [await from.shapeOf(table), await to.shapeOf(table)];
  const missing = here.columns.filter((column) => !there.columns.includes(column));
  if (missing.length > 0 || here.columns.length !== there.columns.length)
    throw new TapbackError(
      "STORE_COPY_DIFFERS",
      `the two stores have other columns in ${table}: ${missing.join(", ")}`,
    );
  return here;
}

async function sumOf(
  side: Side,
  table: CopiedTable,
  shape: Shape,
  take: (rows: Cell[][]) => Promise<void> = async () => {},
): Promise<Sum> {
  const sum: Sum = { rows: 0, hash: 0n };
  const places = shape.key.map((column) => shape.columns.indexOf(column));
  let after: Cell[] | undefined;
  for (;;) {
    const rows = await side.rowsOf(table, shape, after);
    if (rows.length > 0) await take(rows);
    sum.rows += rows.length;
    for (const row of rows) sum.hash = (sum.hash + hashOf(row)) % modulus;
    if (shape.key.length === 0 || rows.length < slice) return sum;
    after = places.map((place) => rows.at(-1)![place]!);
  }
}

function hashOf(row: readonly Cell[]): bigint {
  return BigInt(`0x${createHash("sha256").update(JSON.stringify(row)).digest("hex")}`);
}
