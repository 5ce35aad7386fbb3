/** @returns where a key of the configuration stands in its text, as far down as it is written; 0 where nothing of it is */
export function keyPlace(text: string, key: string): number {
  let at = 0;
  for (const part of key.split(/[.[\]"]+/).filter(Boolean)) {
    const found = new RegExp(`["']?${part.replace(/[^\w]/g, "\\$&")}["']?\\s*:`).exec(text.slice(at));
    if (!found) break;
    at += found.index;
  }
  return at;
}
