import type { Definition, Nodes, Root } from "mdast";
import type { StyledWriter } from "./styled-writer.js";

/** What rendering a document needs at hand. */
export interface Scene {
  writer: StyledWriter;
  source: string;
  /** Link definitions by identifier. */
  definitions: Map<string, Definition>;
  /** Identifiers that some link uses. */
  used: Set<string>;
  code: { start: number; end: number }[];
}

/** Finds the link definitions of a document, and which of them its links use. */
export function collectReferences(root: Root): Pick<Scene, "definitions" | "used"> {
  const definitions = new Map<string, Definition>();
  const used = new Set<string>();
  const walk = (node: Nodes) => {
    if (node.type === "definition" && !definitions.has(node.identifier))
      definitions.set(node.identifier, node);
    if (node.type === "linkReference" || node.type === "imageReference") used.add(node.identifier);
    if ("children" in node) for (const child of node.children) walk(child);
  };
  walk(root);
  return { definitions, used };
}
