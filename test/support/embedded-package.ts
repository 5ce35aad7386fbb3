import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * A project of a user who depends on the packed package.
 * @param folder empty; nothing of this repository is above it
 */
export function projectWith(tarball: string, folder: string): void {
  const at = join(folder, "node_modules/tapback");
  mkdirSync(at, { recursive: true });
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ type: "module", dependencies: { tapback: "*" } }),
  );
  execFileSync("tar", ["-xzf", tarball, "-C", at, "--strip-components=1"]);
  cpSync(join(import.meta.dirname, "../fixtures/embedding.mjs"), join(folder, "embedding.mjs"));
}

/** What {@link embed} finds where all is well, without an ACP agent. */
export const wellEmbedded = {
  health: "live",
  sent: "stored",
  transcript: ["Hello", "+15550100123 wrote: Hello"],
  keyed: ["stored", true],
  refused: [true, "KEY_REUSED"],
  chats: 1,
  history: 3,
};

/**
 * Runs the embedding program in such a project.
 * @param runtime Node, or what runs in its place
 * @param node the folder of the Node that runs imsg-sim
 * @returns what it found, and what it said beside that
 */
export async function embed(
  folder: string,
  { runtime, node, acpAgent }: { runtime: string; node: string; acpAgent?: string },
): Promise<{ code: number | null; found: unknown; stderr: string }> {
  const data = join(folder, "data");
  mkdirSync(data);
  const args = [join(folder, "embedding.mjs"), data, ...(acpAgent === undefined ? [] : [acpAgent])];
  const child = spawn(runtime, args, {
    cwd: folder,
    env: { ...process.env, HOME: data, PATH: `${node}:${process.env.PATH}` },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => {
    stdout += String(chunk);
  });
  child.stderr.on("data", (chunk) => {
    stderr += String(chunk);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { code, found: code === 0 ? JSON.parse(stdout) : stdout, stderr };
}
