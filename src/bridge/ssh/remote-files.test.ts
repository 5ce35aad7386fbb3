import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeSsh } from "../../../test/support/fake-ssh.js";
import type { Result } from "../../platform/index.js";
import { SshFiles } from "./remote-files.js";

const fake = new FakeSsh();
afterAll(() => fake.close());
beforeEach(() => fake.works());

const limits = { maxBytes: 100, timeoutMs: 30_000 };
/** Hangs until it is killed, after it did what is asked of it first. */
const hangs = (first = "") => `${first}\nexec sleep 600`;
const codeOf = async (asked: Promise<Result<unknown, { code: string }>>) => {
  const result = await asked;
  return result.ok ? "ok" : result.error.code;
};
const begun = (count: number) =>
  vi.waitFor(() => expect(fake.runs).toHaveLength(count), { timeout: 20_000, interval: 5 });
let files = 0;
/** A file of the Mac that nobody else has, and where its copy goes. */
const file = (text = "picture", name = "a.jpg") => {
  const folder = join(fake.folder, `${++files}`);
  mkdirSync(folder);
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o644 });
  return { path, into: join(folder, "copy") };
};
const ours = (remote = { host: "mac", options: ["-o", "Port=22"] }) => new SshFiles(remote, fake.env);

describe("a file that comes from the Mac", () => {
  it("is copied whole, and for its owner alone", async () => {
    const { path, into } = file("x".repeat(100));
    expect(await ours().fetch(path, into, limits)).toEqual({ ok: true, value: undefined });
    expect(readFileSync(into, "utf8")).toBe("x".repeat(100));
    expect(statSync(into).mode & 0o777).toBe(0o600);
    expect(fake.runs).toEqual([
      `scp -o StrictHostKeyChecking=yes -o BatchMode=yes -o ConnectTimeout=10 -o Port=22 -- mac:${path} ${into}`,
    ]);
  });

  it.each([
    ["OpenSSH_9.6p1", "", "a b\\*.jpg"],
    ["OpenSSH_8.9p1", "-s ", "a b\\*.jpg"],
    ["OpenSSH_8.6p1", "", "a\\ b\\*.jpg"],
  ])("is asked for by its name, with a question to %s once", async (version, form, quoted) => {
    fake.works(version);
    const found = ours();
    for (let time = 0; time < 2; time++) {
      const { path, into } = file("picture", "a b*.jpg");
      expect(await codeOf(found.fetch(path, into, limits))).toBe("ok");
      const place = path.replace("a b*.jpg", quoted);
      expect(fake.runs.at(-1)).toContain(` ConnectTimeout=10 ${form}-o Port=22 -- mac:${place} `);
    }
    expect(fake.runs.filter((run) => run === "ssh -V")).toHaveLength(1);
  });

  it("is refused where its path could be more than one file, and nothing is asked", async () => {
    const { into } = file();
    for (const path of ["a.jpg", "/a/../b", "/a\nb", "/a/"]) {
      expect(await codeOf(ours().fetch(path, into, limits)), path).toBe("REMOTE_PATH_REFUSED");
      expect(await codeOf(ours().locate(["/ok", path])), path).toBe("REMOTE_PATH_REFUSED");
    }
    expect(fake.runs).toEqual([]);
  });

  it("never lands on a file or a link that lies there", async () => {
    const { path, into } = file();
    writeFileSync(into, "mine");
    const other = file();
    symlinkSync(other.path, other.into);
    for (const taken of [into, other.into])
      expect(await codeOf(ours().fetch(path, taken, limits))).toBe("REMOTE_COPY_FAILED");
    expect(readFileSync(into, "utf8")).toBe("mine");
    expect(lstatSync(other.into).isSymbolicLink()).toBe(true);
    expect(fake.runs).toEqual([]);
  });

  it.each([
    ["echo 'scp: /a: No such file or directory' >&2; exit 1", "REMOTE_FILE_MISSING"],
    ["echo 'scp: /a: Permission denied' >&2; exit 1", "REMOTE_FILE_UNREADABLE"],
    ["echo 'Host key verification failed.' >&2; exit 255", "SSH_HOST_KEY_UNKNOWN"],
    ["kill -9 $$", "REMOTE_COPY_FAILED"],
  ])("leaves nothing when scp does %j", async (script, code) => {
    const { path, into } = file();
    fake.scp(script);
    expect(await codeOf(ours().fetch(path, into, limits))).toBe(code);
    expect(existsSync(into)).toBe(false);
  });

  it("is refused when it is too large, while it comes and when it is there", async () => {
    const many = 'for to; do :; done; head -c 101 /dev/zero > "$to"';
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
    for (const script of [many, hangs(many)]) {
      const { path, into } = file();
      fake.scp(script);
      const before = timers();
      expect(await codeOf(ours().fetch(path, into, limits))).toBe("FILE_TOO_LARGE");
      expect(existsSync(into)).toBe(false);
      expect(timers()).toBeLessThanOrEqual(before);
    }
  });

  it("is given up when its time is over", async () => {
    const { path, into } = file();
    fake.scp(hangs());
    expect(await codeOf(ours().fetch(path, into, { ...limits, timeoutMs: 1 }))).toBe("REMOTE_COPY_TIMEOUT");
    expect(existsSync(into)).toBe(false);
  });

  it("is given up when nobody wants it, and others come on", async () => {
    const found = ours();
    const [left, kept] = [file(), file()];
    fake.scp(hangs());
    const leaving = new AbortController();
    const asked = codeOf(found.fetch(left.path, left.into, limits, leaving.signal));
    await begun(1);
    fake.works();
    const other = codeOf(found.fetch(kept.path, kept.into, limits));
    leaving.abort();
    expect(await asked).toBe("REMOTE_COPY_STOPPED");
    expect(await other).toBe("ok");
    expect(existsSync(left.into)).toBe(false);
    expect(await codeOf(found.fetch(left.path, left.into, limits, leaving.signal))).toBe(
      "REMOTE_COPY_STOPPED",
    );
  });

  it("comes with three others at most, and all end when the bridge does", async () => {
    const found = ours();
    fake.scp(hangs());
    const all = Array.from({ length: 6 }, () => file());
    const asked = all.map(({ path, into }) => codeOf(found.fetch(path, into, limits)));
    await begun(4);
    found.close();
    expect(await Promise.all(asked)).toEqual(Array(6).fill("REMOTE_COPY_STOPPED"));
    expect(fake.runs).toHaveLength(4);
    expect(all.filter(({ into }) => existsSync(into))).toEqual([]);
    fake.works();
    expect(await codeOf(found.fetch(all[0]!.path, all[0]!.into, limits))).toBe("ok");
  });
});

describe("where paths of the Mac lead", () => {
  it("is asked at once for all of one moment, each with its links resolved", async () => {
    const found = ours();
    const { path, into } = file();
    const folder = join(into, "..");
    symlinkSync(path, into);
    const asked = [found.locate([into, folder]), found.locate([`${folder}/none/x`, path])];
    expect(await Promise.all(asked)).toEqual([
      { ok: true, value: [path, folder] },
      { ok: true, value: [undefined, path] },
    ]);
    expect(fake.runs).toHaveLength(1);
    expect(await found.locate([path])).toEqual({ ok: true, value: [path] });
    expect(fake.runs).toHaveLength(2);
  });

  it.each([
    ["echo tapback-paths", "an answer too few"],
    ["echo tapback-paths; echo /a; echo /b", "an answer too many"],
    ["echo Welcome; echo /a", "no mark"],
  ])("is unclear when ssh does %j: %s", async (script) => {
    fake.ssh(script);
    expect(await codeOf(ours().locate(["/a"]))).toBe("REMOTE_PATH_UNCLEAR");
  });

  it("is read behind what a login shell says first", async () => {
    fake.ssh("echo Welcome; echo tapback-paths; echo /b");
    expect(await ours().locate(["/a"])).toEqual({ ok: true, value: ["/b"] });
  });

  it("says of what it failed, and is asked again the next time", async () => {
    const found = ours();
    fake.ssh("echo 'kim@mac: Permission denied (publickey).' >&2; exit 255");
    expect(await codeOf(found.locate(["/a"]))).toBe("SSH_LOGIN_REFUSED");
    fake.ssh("echo 'sh: no' >&2; exit 127");
    expect(await codeOf(found.locate(["/a"]))).toBe("REMOTE_PATH_UNCLEAR");
    fake.works();
    const { path } = file();
    expect(await found.locate([path])).toEqual({ ok: true, value: [path] });
  });

  it("is given up when nobody wants it, while others wait on", async () => {
    const found = ours();
    const go = join(fake.folder, `go${++files}`);
    fake.ssh(`until [ -e ${go} ]; do sleep 0.01; done; echo tapback-paths; echo /a; echo /b`);
    const leaving = new AbortController();
    const asked = found.locate(["/a"], leaving.signal);
    const other = found.locate(["/b"], new AbortController().signal);
    await begun(1);
    leaving.abort();
    expect(await codeOf(asked)).toBe("REMOTE_COPY_STOPPED");
    expect(await codeOf(found.locate(["/a"], leaving.signal))).toBe("REMOTE_COPY_STOPPED");
    writeFileSync(go, "");
    expect(await other).toEqual({ ok: true, value: ["/b"] });
  });
});

describe("a file that goes to the Mac", () => {
  it("lies in a folder of its own, by its name, until it is removed", async () => {
    const found = ours();
    const { path } = file("mine", "my photo.jpg");
    const placed = await found.place(path);
    const neighbour = await found.place(path);
    if (!placed.ok || !neighbour.ok) throw new Error("not placed");
    expect(placed.value.path).toMatch(/\/tmp\/tapback-out\.\w{10}\/my photo\.jpg$/);
    expect(readFileSync(placed.value.path, "utf8")).toBe("mine");
    const folder = join(placed.value.path, "..");
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    // Also when everything stops.
    found.close();
    await placed.value.remove();
    expect(existsSync(folder)).toBe(false);
    expect(readFileSync(neighbour.value.path, "utf8")).toBe("mine");
    fake.ssh("exit 1");
    await neighbour.value.remove();
  });

  it("leaves no folder there when the copy fails", async () => {
    const { path } = file();
    const before = readdirSync(fake.tmp);
    fake.scp("echo 'scp: No space left on device' >&2; exit 1");
    expect(await codeOf(ours().place(path))).toBe("REMOTE_COPY_FAILED");
    expect(readdirSync(fake.tmp)).toEqual(before);
    expect(await codeOf(ours().place(join(fake.folder, "none")))).toBe("REMOTE_COPY_FAILED");
    expect(fake.runs.filter((run) => run.startsWith("scp"))).toHaveLength(1);
  });

  it.each([
    ["echo Welcome; echo tapback:/a/b/../tapback-out.x", "tapback:/a/b/../tapback-out.x"],
    ["echo first; echo ' tapback:/a;b/tapback-out.x '", "tapback:/a;b/tapback-out.x"],
    ["echo Welcome; echo 'mktemp: no'; echo", "mktemp: no"],
  ])("goes nowhere when the Mac answers %j", async (script, said) => {
    fake.ssh(script);
    const placed = await ours().place(file().path);
    expect(placed).toMatchObject({ ok: false, error: { code: "REMOTE_FOLDER_FAILED" } });
    if (!placed.ok) expect(placed.error.message.endsWith(`: ${said}`), placed.error.message).toBe(true);
    expect(fake.runs).toHaveLength(1);
  });

  it("is taken away when it is an hour old and its process died, and nothing else is", async () => {
    const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
    const age = (name: string, minutes: number) => {
      mkdirSync(join(fake.tmp, name), { recursive: true });
      utimesSync(join(fake.tmp, name), minutesAgo(minutes), minutesAgo(minutes));
    };
    age("tapback-out.old", 62);
    age("tapback-out.young", 59);
    age("elsewhere.old", 62);
    await ours().sweep();
    const left = readdirSync(fake.tmp);
    expect(left).not.toContain("tapback-out.old");
    expect(left).toEqual(expect.arrayContaining(["elsewhere.old", "tapback-out.young"]));
    fake.ssh("exit 3");
    await expect(ours().sweep()).rejects.toMatchObject({ code: "REMOTE_FOLDER_FAILED" });
  });
});
