import { decode } from "./files.js";
import { readAction } from "./parameters.js";
import { rowOf } from "./rows/index.js";

/**
 * The files that the parameters of an action name, for who carries them to where it is done.
 * @returns paths as they are written; bytes where they are given in base64. Nothing of parameters that are wrong
 */
export function namedFiles(
  action: string,
  parameters: Record<string, unknown>,
): { paths: string[]; bytes?: Buffer } {
  const request = readAction(action, parameters);
  if (!request.ok) return { paths: [] };
  const known = Object.entries(rowOf(request.value.action).parameters);
  const paths = known.flatMap(([name, { kind }]) => {
    const value = request.value[name];
    if (kind === "path") return typeof value === "string" ? [value] : [];
    return kind === "paths" ? (value as string[]) : [];
  });
  const { buffer } = request.value;
  const bytes = typeof buffer === "string" ? decode(buffer) : undefined;
  return { paths, ...(bytes && { bytes }) };
}
