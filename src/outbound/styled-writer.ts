import type { StyledRun, TextStyle } from "../conversation/index.js";

/** Writes text with styles and line prefixes, and keeps the offsets. */
export class StyledWriter {
  #text = "";
  readonly #runs: StyledRun[] = [];
  readonly #depth = new Map<TextStyle, number>();
  readonly #prefixes: string[] = [];
  #lineStart = true;

  get length(): number {
    return this.#text.length;
  }

  get text(): string {
    return this.#text;
  }

  /** Styled pieces in the order of the text; neighbours of the same styles are one. */
  get runs(): StyledRun[] {
    return this.#runs;
  }

  /** Writes text in the open styles; each line that is not empty gets the prefixes in front. */
  write(text: string): void {
    for (const [index, line] of text.split("\n").entries()) {
      if (index > 0) {
        if (this.#lineStart) this.#text += this.#prefixes.join("").trimEnd();
        this.#text += "\n";
        this.#lineStart = true;
      }
      if (line === "") continue;
      if (this.#lineStart) this.#text += this.#prefixes.join("");
      this.#lineStart = false;
      this.#run(this.#text.length, line.length);
      this.#text += line;
    }
  }

  /** Opens a style; it may be open several times. */
  open(style: TextStyle): void {
    this.#depth.set(style, (this.#depth.get(style) ?? 0) + 1);
  }

  /** @returns false when the style was not open */
  close(style: TextStyle): boolean {
    const depth = this.#depth.get(style) ?? 0;
    if (depth === 0) return false;
    this.#depth.set(style, depth - 1);
    return true;
  }

  /** Writes what `work` writes in a style; styles that it leaves open end with it. */
  styled(style: TextStyle | undefined, work: () => void): void {
    const before = new Map(this.#depth);
    if (style) this.open(style);
    work();
    this.#depth.clear();
    for (const [name, depth] of before) this.#depth.set(name, depth);
  }

  /** Puts a prefix before every line that `work` starts. */
  prefixed(prefix: string, work: () => void): void {
    this.#prefixes.push(prefix);
    work();
    this.#prefixes.pop();
  }

  #run(start: number, length: number): void {
    const styles = [...this.#depth].filter(([, depth]) => depth > 0).map(([style]) => style);
    if (styles.length === 0) return;
    styles.sort();
    const last = this.#runs.at(-1);
    if (last && last.start + last.length === start && last.styles.join() === styles.join())
      last.length += length;
    else this.#runs.push({ start, length, styles });
  }
}
