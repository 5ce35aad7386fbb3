/** Divides an absolute path into its parts. @returns undefined for a path that is not absolute or that holds `..` */
function partsOf(path: string): string[] | undefined {
  if (!path.startsWith("/") || path.includes("\0")) return undefined;
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  return parts.includes("..") ? undefined : parts;
}

/**
 * Whether a path lies below one of the folders that attachments may come from (behaviour 7.2, 7.3). It judges the text
 * alone: links have to be resolved before, where that is possible. A path with `..` is never allowed.
 * @param path absolute
 * @param roots absolute patterns; `*` stands for one whole path segment
 */
export function isAttachmentPathAllowed(path: string, roots: readonly string[]): boolean {
  const parts = partsOf(path);
  if (!parts) return false;
  return roots.some((root) => {
    const pattern = partsOf(root);
    return (
      pattern !== undefined &&
      parts.length > pattern.length &&
      pattern.every((segment, index) => segment === "*" || segment === parts[index])
    );
  });
}
