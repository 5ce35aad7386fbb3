import { invalid } from "./refusals.js";

/** In which order a list is read. */
export type Order = "newest" | "oldest";

/** Where a list goes on: behind this number, in its order. A number of the state, so that it holds over restarts. */
export function cursorAt(order: Order, id: number): string {
  return Buffer.from(`${order} ${id}`).toString("base64url");
}

/** @returns the number behind which the list goes on @throws `REQUEST_INVALID` for what is no cursor of a list in this order */
export function readCursor(order: Order, cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  const [, written, id] =
    /^(newest|oldest) (\d{1,15})$/.exec(Buffer.from(cursor, "base64url").toString()) ?? [];
  if (written === order) return Number(id);
  throw invalid(`cursor: this is no cursor of a list with order=${order}`);
}
