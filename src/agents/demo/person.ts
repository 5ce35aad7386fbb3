import type { Scene } from "./skill.js";

/** What the writer is called: by himself, else by the contacts, else the handle. */
export function nameOf(scene: Scene): string {
  const { sender } = scene.turn.envelope;
  return scene.memory.names[sender.handle] ?? (sender.name || sender.handle);
}

/** `3 messages`, `1 message`. */
export function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? "" : "s"}`;
}
