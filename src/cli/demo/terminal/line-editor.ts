import { characters, columns } from "../../columns.js";

/** A key as `node:readline` reports it. */
export interface Key {
  name?: string | undefined;
  sequence?: string | undefined;
  ctrl?: boolean;
  meta?: boolean;
}

/** The line that is being written. */
export class LineEditor {
  #before: string[] = [];
  #after: string[] = [];
  readonly #earlier: string[] = [];
  #recalled = 0;
  #pasting = false;

  get text(): string {
    return [...this.#before, ...this.#after].join("");
  }

  /** Takes a key. @returns the text when it was finished with Enter */
  press(typed: string | undefined, key: Key): string | undefined {
    if (key.name === "paste-start") this.#pasting = true;
    else if (key.name === "paste-end") this.#pasting = false;
    else if (key.name === "return" || key.name === "enter") return this.#enter();
    else if (!this.#move(key) && typed !== undefined && !typed.startsWith("\u001b") && !key.ctrl && !key.meta)
      this.#type(typed);
    return undefined;
  }

  /** What of the line fits, and in which of its columns the cursor stands. */
  view(width: number): { text: string; cursor: number } {
    const mark = (character: string) => (/[\n\r\u2028\u2029]/.test(character) ? "⏎" : character);
    const before = this.#before.map(mark);
    while (columns(before.join("")) > width - 1) before.shift();
    const cursor = columns(before.join(""));
    let text = before.join("");
    for (const character of this.#after.map(mark)) {
      if (columns(text + character) > width) break;
      text += character;
    }
    return { text, cursor };
  }

  #enter(): string | undefined {
    if (this.#pasting) return void this.#before.push("\n");
    const { text } = this;
    if (text.trim() === "") return undefined;
    this.#earlier.push(text);
    this.#recalled = this.#earlier.length;
    this.#set("");
    return text;
  }

  /** @returns whether the key was one that moves or deletes */
  #move({ name = "", ctrl = false }: Key): boolean {
    const action = this.#actions[ctrl ? `ctrl-${name}` : name];
    action?.();
    return action !== undefined;
  }

  readonly #actions: Record<string, () => void> = {
    left: () => this.#shift(this.#before, this.#after),
    right: () => this.#shiftRight(),
    home: () => this.#jump(0),
    end: () => this.#jump(Number.POSITIVE_INFINITY),
    "ctrl-a": () => this.#jump(0),
    "ctrl-e": () => this.#jump(Number.POSITIVE_INFINITY),
    backspace: () => void this.#before.pop(),
    delete: () => void this.#after.shift(),
    "ctrl-u": () => {
      this.#before = [];
    },
    "ctrl-k": () => {
      this.#after = [];
    },
    "ctrl-w": () => {
      this.#before = characters(this.#before.join("").replace(/\S*\s*$/u, ""));
    },
    up: () => this.#recall(-1),
    down: () => this.#recall(1),
  };

  #shift(from: string[], to: string[]): void {
    const moved = from.pop();
    if (moved !== undefined) to.unshift(moved);
  }

  #shiftRight(): void {
    const moved = this.#after.shift();
    if (moved !== undefined) this.#before.push(moved);
  }

  #jump(to: number): void {
    const all = [...this.#before, ...this.#after];
    this.#before = all.slice(0, to);
    this.#after = all.slice(this.#before.length);
  }

  #recall(step: number): void {
    this.#recalled = Math.min(Math.max(0, this.#recalled + step), this.#earlier.length);
    this.#set(this.#earlier[this.#recalled] ?? "");
  }

  #set(text: string): void {
    this.#before = characters(text);
    this.#after = [];
  }

  /** An emoji of several code points comes as several keys: they are put together again. */
  #type(typed: string): void {
    const clean = typed.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "").replaceAll("\t", " ");
    this.#before = characters(this.#before.join("") + clean);
  }
}
