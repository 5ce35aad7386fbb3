import { isBareKey, type SourceStyle } from "./style.js";

/** A list of plain values no longer than this stays on one line. */
const lineLength = 80;

/** Writes a value in a text's own style. @param margin white space before the line that the value starts on */
export function render(value: unknown, style: SourceStyle, margin: string): string {
  if (typeof value === "string") return quoted(value, style);
  if (typeof value !== "object" || value === null) return String(value);
  const inner = margin + style.indent;
  const isList = Array.isArray(value);
  const parts = isList
    ? value.map((item) => render(item, style, inner))
    : Object.entries(value).map(([key, item]) => `${renderKey(key, style)}: ${render(item, style, inner)}`);
  const [open, close] = isList ? ["[", "]"] : ["{", "}"];
  if (parts.length === 0) return open + close;
  const line = parts.join(", ");
  const plain = Object.values(value).every((item) => typeof item !== "object" || item === null);
  if (plain && line.length + margin.length <= lineLength) return isList ? `[${line}]` : `{ ${line} }`;
  const { newline } = style;
  const end = style.trailingCommas ? "," : "";
  return `${open}${newline}${inner}${parts.join(`,${newline}${inner}`)}${end}${newline}${margin}${close}`;
}

/** Writes a key in a text's own style. */
export function renderKey(key: string, style: SourceStyle): string {
  return isBareKey(key) && !style.quoteKeys ? key : quoted(key, style);
}

function quoted(text: string, { quote }: SourceStyle): string {
  const double = JSON.stringify(text).replace(
    /[\u2028\u2029]/g,
    (mark) => `\\u${mark.charCodeAt(0).toString(16)}`,
  );
  if (quote === '"') return double;
  return `'${double.slice(1, -1).replace(/\\"/g, '"').replace(/'/g, "\\'")}'`;
}
