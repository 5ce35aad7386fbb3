// Which lines of which files differ from a commit.
import { execFileSync } from "node:child_process";

/**
 * @param root of the repository
 * @param ref a commit
 * @returns lines by file, as they are numbered now
 */
export function changedLines(root, ref) {
  const diff = execFileSync("git", ["diff", "--unified=0", ref, "--", "src"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 100_000_000,
  });
  const lines = new Map();
  let file;
  for (const line of diff.split("\n")) {
    file = /^\+\+\+ b\/(.+)/.exec(line)?.[1] ?? file;
    const hunk = /^@@ .*\+(\d+)(?:,(\d+))? @@/.exec(line);
    if (hunk === null || file === undefined) continue;
    const known = lines.get(file) ?? lines.set(file, new Set()).get(file);
    for (let n = 0; n < Number(hunk[2] ?? 1); n++) known.add(Number(hunk[1]) + n);
  }
  return lines;
}
