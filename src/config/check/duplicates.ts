import type { Node } from "../json5/scan.js";
import type { ConfigPath } from "../path.js";
import type { SchemaIssue } from "./issues.js";

/** Finds keys that stand twice in one object: JSON5 takes the last and says nothing, so a rule could vanish unseen. */
export function duplicateKeys(node: Node, path: ConfigPath = []): SchemaIssue[] {
  if (node.kind === "scalar") return [];
  if (node.kind === "array")
    return node.items.flatMap(({ value }, index) => duplicateKeys(value, [...path, index]));
  const seen = new Set<string>();
  return node.members.flatMap(({ key, value }) => {
    const again = seen.has(key);
    seen.add(key);
    const here: SchemaIssue[] = again
      ? [
          {
            path: [...path, key],
            message: "this key stands here twice",
            expected: "each key once",
            atKey: true,
          },
        ]
      : [];
    return [...here, ...duplicateKeys(value, [...path, key])];
  });
}
