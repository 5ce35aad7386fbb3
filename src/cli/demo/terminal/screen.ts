import type { WriteStream } from "node:tty";

/** A piece of a row, at a column counted from 0. */
export interface Span {
  column: number;
  text: string;
}

export type Row = Span[];

/** A whole screen. */
export interface Frame {
  rows: Row[];
  cursor: { row: number; column: number };
}

const enterCodes = "\u001b[?1049h\u001b[?2004h\u001b[2J";
const leaveCodes = "\u001b[?2004l\u001b[?25h\u001b[0m\u001b[?1049l";

/** The terminal's second page: what stood there before comes back at the end. */
export class Screen {
  #shown: string[] = [];
  #entered = false;

  constructor(private readonly out: WriteStream) {}

  get size(): { width: number; height: number } {
    // A terminal that does not know its size says 0.
    return { width: this.out.columns || 80, height: this.out.rows || 24 };
  }

  /** Turns to the second page, cleared; pasted text comes in one piece from here on. */
  enter(): void {
    this.#entered = true;
    this.out.write(enterCodes);
  }

  /** Turns back to the first page; safe also when it was left before. */
  leave(): void {
    if (!this.#entered) return;
    this.#entered = false;
    this.out.write(leaveCodes);
  }

  /** The next frame is drawn whole: the size changed, or something else wrote on the screen. */
  forget(): void {
    this.#shown = [];
  }

  /** Draws the rows that differ from what is shown; each span is put where it belongs, whatever width the terminal gives an emoji. */
  draw({ rows, cursor }: Frame): void {
    if (!this.#entered) return;
    let codes = this.#shown.length === 0 ? "\u001b[2J" : "";
    const shown = rows.map((row) => row.map(({ column, text }) => `\u001b[${column + 1}G${text}`).join(""));
    shown.forEach((text, index) => {
      if (text !== this.#shown[index]) codes += `\u001b[${index + 1};1H\u001b[2K${text}`;
    });
    this.#shown = shown;
    codes = `\u001b[?25l${codes}\u001b[${cursor.row + 1};${cursor.column + 1}H\u001b[?25h`;
    // Synchronised output: a terminal that knows it shows the frame at once.
    this.out.write(`\u001b[?2026h${codes}\u001b[?2026l`);
  }
}
