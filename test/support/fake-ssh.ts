import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeFolder } from "./remove-folder.js";

/**
 * An `ssh` and an `scp` of the test's own: the Mac behind them is a shell of this machine, its files are this machine's. They
 * prove nothing of OpenSSH, which has tests with a real sshd; what is made of their answers can be seen here at no cost.
 */
export class FakeSsh {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "tapback-fake-ssh-")));
  /** Where the Mac keeps its temporary files. */
  readonly tmp = join(this.folder, "tmp");
  /** Where PATH leads to both. */
  readonly env: NodeJS.ProcessEnv = { PATH: `${join(this.folder, "bin")}:/usr/bin:/bin`, TMPDIR: this.tmp };

  constructor() {
    for (const folder of ["bin", "tmp"]) mkdirSync(join(this.folder, folder));
    this.works();
  }

  /** The arguments of each run so far, as `ssh -T …` or `scp …`. */
  get runs(): string[] {
    return readFileSync(join(this.folder, "runs"), "utf8").split("\n").slice(0, -1);
  }

  /** Both do what they ought to, from now on, and nothing was run. @param version what `ssh -V` says */
  works(version = "OpenSSH_9.6p1"): void {
    writeFileSync(join(this.folder, "runs"), "");
    this.ssh(
      `if [ "$1" = -V ]; then echo ${version} >&2; exit 0; fi\nfor last; do :; done\nexec /bin/sh -c "$last"`,
    );
    this.scp(
      [
        `for last; do from=$to; to=$last; done; from="$\{from#mac:}"; to="$\{to#mac:}"`,
        // `read` takes the backslashes away that quote a name.
        `read from <<-end\n$from\nend\nexec cp "$from" "$to"`,
      ].join("\n"),
    );
  }

  /** Another ssh. @param script of a shell, without its first line */
  ssh(script: string): void {
    this.#write("ssh", script);
  }

  /** Another scp. @param script of a shell, without its first line */
  scp(script: string): void {
    this.#write("scp", script);
  }

  close(): Promise<void> {
    return removeFolder(this.folder);
  }

  #write(name: string, script: string): void {
    const path = join(this.folder, "bin", name);
    // A new file each time: one that still runs is read as it goes on.
    rmSync(path, { force: true });
    writeFileSync(path, `#!/bin/sh\nprintf '%s\\n' "${name} $*" >> '${this.folder}/runs'\n${script}\n`, {
      mode: 0o755,
    });
  }
}
