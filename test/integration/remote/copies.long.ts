import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SshFiles } from "../../../src/bridge/index.js";
import { takeFile } from "../../../src/turns/media/take-file.js";
import { hostileCopies } from "../../support/hostile-copies.js";
import { hostilePaths, worstNames } from "../../support/hostile-names.js";
import { noSshd, Sshd } from "../../support/sshd.js";

const limits = { maxBytes: 1024 * 1024, timeoutMs: 20_000 };

describe.skipIf(noSshd)(`copies from and to a real sshd ${noSshd ?? ""}`, () => {
  let sshd: Sshd;
  let shelf: string;
  let inbox: string;
  let count = 0;
  const next = () => join(inbox, String(++count));
  const mac = () => ({ host: "mac", options: ["-F", sshd.config] });
  /** A corpus over one connection each would cost minutes. */
  const shared = () => ({ host: "shared-mac", options: ["-F", sshd.config] });
  beforeAll(async () => {
    sshd = await Sshd.start();
    shelf = join(sshd.folder, "shelf");
    inbox = mkdtempSync(join(tmpdir(), "tapback-inbox-"));
    mkdirSync(shelf);
    writeFileSync(join(shelf, "IMG_0001.HEIC"), "a picture");
  });
  afterAll(async () => {
    rmSync(inbox, { recursive: true, force: true });
    await sshd?.close();
  });

  const pwned = () =>
    execFileSync(
      "find",
      [sshd.folder, inbox, process.cwd(), process.env.HOME ?? "/root", "-maxdepth", "2", "-name", "PWNED*"],
      {
        encoding: "utf8",
      },
    );

  it("takes a name for a name, whatever it tries to be, both ways and in both forms of scp", async () => {
    expect(await hostileCopies(worstNames)).toEqual([]);
  });

  it("refuses what is no plain path before anything is started", async () => {
    const files = new SshFiles(mac(), { PATH: "/nowhere" });
    for (const path of hostilePaths) {
      const into = next();
      expect(await files.fetch(path, into, limits), JSON.stringify(path)).toMatchObject({
        ok: false,
        error: { code: "REMOTE_PATH_REFUSED" },
      });
      expect(existsSync(into)).toBe(false);
    }
  });

  it("tells what is missing, no file, or too large, and leaves nothing behind", async () => {
    const files = new SshFiles(shared());
    const code = async (path: string, maxBytes = limits.maxBytes) => {
      const into = next();
      const result = await files.fetch(path, into, { ...limits, maxBytes });
      if (!result.ok) expect(existsSync(into)).toBe(false);
      return result.ok ? "ok" : result.error.code;
    };
    writeFileSync(join(shelf, "exact"), Buffer.alloc(4096));
    writeFileSync(join(shelf, "more"), Buffer.alloc(4097));
    writeFileSync(join(shelf, "none"), "");
    writeFileSync(join(shelf, "huge"), Buffer.alloc(64 * 1024 * 1024));
    mkdirSync(join(shelf, "folder"));
    execFileSync("mkfifo", [join(shelf, "fifo")]);
    expect(await code(join(shelf, "exact"), 4096)).toBe("ok");
    expect(await code(join(shelf, "more"), 4096)).toBe("FILE_TOO_LARGE");
    expect(await code(join(shelf, "huge"), 4096)).toBe("FILE_TOO_LARGE");
    expect(await code(join(shelf, "none"))).toBe("ok");
    expect(await code(join(shelf, "nothing"))).toBe("REMOTE_FILE_MISSING");
    expect(await code(join(shelf, "no[t]hing *"))).toBe("REMOTE_FILE_MISSING");
    expect(await code(join(shelf, "folder"))).toBe("REMOTE_PATH_REFUSED");
    expect(await code(join(shelf, "fifo"))).toMatch(/^REMOTE_/);
  });

  it("follows no link on the Mac that leads out of the roots, and asks for many paths at once", async () => {
    const roots = [join(shelf, "*/in")];
    const inside = join(shelf, "mia/in");
    mkdirSync(join(inside, "deep"), { recursive: true });
    mkdirSync(join(shelf, "out"));
    writeFileSync(join(inside, "deep/a b'$(touch PWNED).png"), "mine");
    writeFileSync(join(shelf, "out/secret"), "not yours");
    for (const [target, link] of [
      [join(shelf, "out/secret"), "to-file"],
      [join(shelf, "out"), "to-folder"],
      ["../../out/secret", "to-relative"],
      [join(inside, "to-file"), "to-link"],
      [join(inside, "nothing"), "to-nothing"],
      [join(inside, "deep/a b'$(touch PWNED).png"), "to-inside"],
    ] as const)
      symlinkSync(target, join(inside, link));
    symlinkSync(join(shelf, "out"), join(sshd.folder, "linked-root"));
    const calls = join(sshd.folder, "calls");
    const ssh = execFileSync("which", ["ssh"], { encoding: "utf8" }).trim();
    mkdirSync(join(sshd.folder, "counting"));
    writeFileSync(
      join(sshd.folder, "counting/ssh"),
      `#!/bin/sh\n[ "$1" = -V ] || echo call >> ${calls}\nexec ${ssh} "$@"\n`,
      {
        mode: 0o755,
      },
    );
    const env = { ...process.env, PATH: `${join(sshd.folder, "counting")}:${process.env.PATH}` };
    const source = { roots, maxMb: 1, remote: new SshFiles(shared(), env) };
    const take = async (path: string, more: string[] = []) => {
      const into = next();
      const from = { ...source, roots: [...roots, ...more] };
      const taken = await takeFile(path, into, from, new AbortController().signal);
      expect(existsSync(into)).toBe(taken.ok);
      return taken.ok ? readFileSync(into, "utf8") : taken.error.code;
    };
    const outcomes = await Promise.all(
      [
        "deep/a b'$(touch PWNED).png",
        "to-inside",
        ...["to-file", "to-folder/secret", "to-relative", "to-link"],
        "to-nothing",
        "absent/file",
      ].map((path) => take(join(inside, path))),
    );
    const outside = "MEDIA_OUTSIDE_ROOTS";
    expect(outcomes).toEqual([
      ...["mine", "mine", outside, outside, outside, outside],
      "REMOTE_FILE_MISSING",
      "REMOTE_FILE_MISSING",
    ]);
    expect(readFileSync(calls, "utf8")).toBe("call\n");
    // A root may be a link itself.
    expect(await take(join(sshd.folder, "linked-root/secret"), [join(sshd.folder, "linked-root")])).toBe(
      "not yours",
    );
    expect(pwned()).toBe("");
  });

  it("takes nothing from a Mac that does not say where a path leads", async () => {
    const source = { roots: [shelf], maxMb: 1, remote: new SshFiles(mac()) };
    const take = () => takeFile(join(shelf, "IMG_0001.HEIC"), next(), source, new AbortController().signal);
    sshd.install("readlink", "#!/bin/sh\nexit 1\n");
    symlinkSync(join(shelf, "IMG_0001.HEIC"), join(shelf, "link"));
    expect(await takeFile(join(shelf, "link"), next(), source, new AbortController().signal)).toMatchObject({
      error: { code: "MEDIA_OUTSIDE_ROOTS" },
    });
    rmSync(join(sshd.bin, "readlink"));
    expect(await take()).toMatchObject({ ok: true });
    sshd.forbidCommands();
    expect(await take()).toMatchObject({ error: { code: "REMOTE_PATH_UNCLEAR" } });
    sshd.letIn();
  });

  it("never writes through what lies at the destination", async () => {
    const files = new SshFiles(mac());
    const into = next();
    const victim = next();
    writeFileSync(victim, "mine");
    symlinkSync(victim, into);
    expect(await files.fetch(join(shelf, "IMG_0001.HEIC"), into, limits)).toMatchObject({ ok: false });
    expect(readFileSync(victim, "utf8")).toBe("mine");
  });

  it("gives up in time, when asked to, and with the account", async () => {
    const files = new SshFiles(mac());
    sshd.line.stall();
    const abort = new AbortController();
    const late = files.fetch(join(shelf, "IMG_0001.HEIC"), next(), { ...limits, timeoutMs: 300 });
    const asked = files.fetch(join(shelf, "IMG_0001.HEIC"), next(), limits, abort.signal);
    abort.abort();
    expect(await asked).toMatchObject({ ok: false, error: { code: "REMOTE_COPY_STOPPED" } });
    expect(await late).toMatchObject({ ok: false, error: { code: "REMOTE_COPY_TIMEOUT", retryable: true } });
    const ended = Array.from({ length: 9 }, () => files.place(join(shelf, "IMG_0001.HEIC")));
    files.close();
    for (const result of await Promise.all(ended))
      expect(result).toMatchObject({ ok: false, error: { code: "REMOTE_COPY_STOPPED" } });
    sshd.line.cut();
    sshd.line.restore();
    expect(await files.fetch(join(shelf, "IMG_0001.HEIC"), next(), limits)).toEqual({
      ok: true,
      value: undefined,
    });
  });

  it("removes folders of an earlier life by their age, and no others", async () => {
    const files = new SshFiles(shared());
    for (const [name, age] of [
      ["tapback-out.oldoldold1", 7200],
      ["tapback-out.newnewnew1", 60],
      ["other.oldoldold1", 7200],
    ] as const) {
      mkdirSync(join(sshd.tmp, name));
      writeFileSync(join(sshd.tmp, name, "file"), "x");
      execFileSync("touch", ["-d", `@${Math.floor(Date.now() / 1000) - age}`, join(sshd.tmp, name)]);
    }
    await files.sweep();
    const left = readdirSync(sshd.tmp).filter((name) => /1$/.test(name) && /(old|new)/.test(name));
    expect(left.sort()).toEqual(["other.oldoldold1", "tapback-out.newnewnew1"]);
  });

  it("uses no folder that the Mac names in a way that a shell could read", async () => {
    const odd = join(sshd.tmp, "a b;touch PWNED");
    mkdirSync(odd);
    sshd.install("mktemp", `#!/bin/sh\necho '${odd}'\n`);
    expect(await new SshFiles(mac()).place(join(shelf, "IMG_0001.HEIC"))).toMatchObject({
      ok: false,
      error: { code: "REMOTE_FOLDER_FAILED" },
    });
    rmSync(join(sshd.bin, "mktemp"));
    expect(pwned()).toBe("");
  });

  it("tells what fails on the way from what fails on the Mac", async () => {
    const code = async () => {
      const result = await new SshFiles(mac()).fetch(join(shelf, "IMG_0001.HEIC"), next(), limits);
      return result.ok ? "ok" : result.error.code;
    };
    chmodSync(join(sshd.folder, "known_hosts"), 0o600);
    sshd.distrust();
    expect(await code()).toBe("SSH_HOST_KEY_UNKNOWN");
    sshd.trust();
    sshd.lockOut();
    expect(await code()).toBe("SSH_LOGIN_REFUSED");
    sshd.letIn();
    await sshd.changeHostKey();
    expect(await code()).toBe("SSH_HOST_KEY_CHANGED");
    sshd.trust();
    expect(await code()).toBe("ok");
  });
});
