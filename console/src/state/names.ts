import { effect, signal } from "@preact/signals";
import { get } from "./ask.js";
import { changes } from "./live.js";

/** What people are called, by their handles. */
export const names = signal<ReadonlyMap<string, string>>(new Map());

/** @returns what somebody is called, else the handle @param given a name that stands with what they wrote */
export function calledBy(handle: string, given?: string | null): string {
  return given || names.value.get(handle) || handle;
}

/** Nobody waits for a name; the gateway looks through its conversations for them. Milliseconds. */
const restMs = 2000;
let isDue = false;
let isFirst = true;

async function read(): Promise<void> {
  isDue = false;
  isFirst = false;
  try {
    const { items } = await get<{ items: { handle: string; name: string }[] }>("/v1/names");
    names.value = new Map(items.map(({ handle, name }) => [handle, name]));
  } catch {
    // They are shown by their handles.
  }
}

effect(() => {
  if ((changes.journal.value ?? 0) === 0 || isDue) return;
  isDue = true;
  setTimeout(read, isFirst ? 0 : restMs);
});
