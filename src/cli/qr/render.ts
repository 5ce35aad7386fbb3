/** Modules of white around the code; readers ask for four, and take two. */
const quiet = 2;

/** Draws modules as half blocks, two rows to a line. @param colours writes black on white whatever the terminal's colours are */
export function renderQr(modules: readonly (readonly boolean[])[], colours: boolean): string {
  const size = modules.length;
  const dark = (row: number, column: number) => modules[row]?.[column] ?? false;
  const lines: string[] = [];
  for (let row = -quiet; row < size + quiet; row += 2) {
    let line = "";
    for (let column = -quiet; column < size + quiet; column++) {
      const upper = dark(row, column);
      line += upper === dark(row + 1, column) ? (upper ? "█" : " ") : upper ? "▀" : "▄";
    }
    lines.push(colours ? `\u001b[30;107m${line}\u001b[0m` : line);
  }
  return lines.join("\n");
}
