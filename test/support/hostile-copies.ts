import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { SshFiles } from "../../src/bridge/index.js";
import { Sshd } from "./sshd.js";

/**
 * Copies files of hostile names from and to a real sshd, over SFTP and in the form of scp before 8.7.
 * @returns everything that is not as it must be
 */
export async function hostileCopies(names: readonly string[]): Promise<string[]> {
  const sshd = await Sshd.start();
  try {
    const shelf = join(sshd.folder, "shelf");
    mkdirSync(shelf);
    for (const name of names) writeFileSync(join(shelf, name), `content of ${name}`);
    const problems: string[] = [];
    for (const env of [undefined, oldPrograms(sshd.folder)]) {
      // A connection for each would cost minutes.
      const files = new SshFiles({ host: "shared-mac", options: ["-F", sshd.config] }, env);
      const inbox = join(sshd.folder, env ? "old-inbox" : "inbox");
      mkdirSync(inbox);
      const come = names.map((name, index) => comes(files, join(shelf, name), join(inbox, String(index))));
      const go = names.map((name, index) => goes(files, join(shelf, name), index % 5 === 0));
      problems.push(...(await Promise.all([...come, ...go])).flat());
    }
    return [...problems, ...ran(sshd.folder)];
  } finally {
    await sshd.close();
  }
}

async function comes(files: SshFiles, path: string, into: string): Promise<string[]> {
  const result = await files.fetch(path, into, { maxBytes: 1024, timeoutMs: 120_000 });
  if (!result.ok) return [`${path} did not come: ${result.error.message}`];
  const { mode } = statSync(into);
  return [
    ...(readFileSync(into, "utf8") === `content of ${basename(path)}` ? [] : [`${path}: another file came`]),
    ...((mode & 0o777) === 0o600 ? [] : [`${path} is open to others`]),
  ];
}

async function goes(files: SshFiles, path: string, isTaken: boolean): Promise<string[]> {
  const result = await files.place(path);
  if (!result.ok) return [`${path} did not go: ${result.error.message}`];
  const { path: there, remove } = result.value;
  const problems = [
    ...(basename(there) === basename(path) ? [] : [`${path} is called ${there}`]),
    ...(readFileSync(there, "utf8") === readFileSync(path, "utf8")
      ? []
      : [`${path} came over as another file`]),
    ...((statSync(join(there, "..")).mode & 0o777) === 0o700 ? [] : [`${there} is open to others`]),
  ];
  if (isTaken) await remove();
  return [...problems, ...(isTaken && existsSync(join(there, "..")) ? [`${there} was not removed`] : [])];
}

/** Names that were run as commands leave a file behind. */
function ran(folder: string): string[] {
  const where = [folder, process.cwd(), homedir()];
  const found = execFileSync("find", [...where, "-maxdepth", "2", "-name", "PWNED*"], { encoding: "utf8" });
  return found.split("\n").filter(Boolean);
}

/** An scp that speaks in the older form, and an ssh that says so. */
function oldPrograms(folder: string): NodeJS.ProcessEnv {
  const bin = join(folder, "old-bin");
  mkdirSync(bin);
  const real = (name: string) => execFileSync("which", [name], { encoding: "utf8" }).trim();
  const scp = `#!/bin/sh\nexec ${real("scp")} -O "$@"\n`;
  const ssh = `#!/bin/sh\n[ "$1" = -V ] && { echo OpenSSH_8.4p1 >&2; exit 0; }\nexec ${real("ssh")} "$@"\n`;
  writeFileSync(join(bin, "scp"), scp, { mode: 0o755 });
  writeFileSync(join(bin, "ssh"), ssh, { mode: 0o755 });
  return { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };
}
