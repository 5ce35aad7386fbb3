import type { Table, TableCell } from "mdast";
import { renderInline } from "./markdown-inline.js";
import type { Scene } from "./markdown-scene.js";

/**
 * Writes a table for a narrow screen. Two columns stay one line per row; more become one block per row with a line for
 * each column, since columns do not line up in a proportional font.
 */
export function renderTable(table: Table, scene: Scene): void {
  const [head, ...rows] = table.children.map((row) => row.children);
  const { writer } = scene;
  const line = (cells: readonly TableCell[]) => {
    for (const [index, cell] of cells.entries()) {
      if (index > 0) writer.write(": ");
      renderInline(cell.children, scene);
    }
  };
  if (!head) return;
  if (head.length <= 2 || rows.length === 0) {
    writer.styled("bold", () => line(head));
    for (const row of rows) {
      writer.write("\n");
      line(row);
    }
    return;
  }
  for (const [index, row] of rows.entries()) {
    if (index > 0) writer.write("\n\n");
    for (const [column, name] of head.entries()) {
      if (column > 0) writer.write("\n");
      writer.styled("bold", () => renderInline(name.children, scene));
      if (name.children.length > 0) writer.write(": ");
      const cell = row[column];
      if (cell && cell.children.length > 0) renderInline(cell.children, scene);
      else writer.write("–");
    }
  }
}
