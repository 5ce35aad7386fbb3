import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { removeFolder } from "../../../test/support/remove-folder.js";
import type { RemoteFiles } from "../../bridge/index.js";
import { err, ok, type Result, TapbackError } from "../../platform/index.js";
import { type FileSource, takeFile } from "./take-file.js";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "tapback-take-")));
afterAll(() => removeFolder(folder));
const never = new AbortController().signal;
let copies = 0;
const codeOf = async (path: string, source: FileSource, into = join(folder, `copy${++copies}`)) => {
  const taken = await takeFile(path, into, source, never);
  return taken.ok ? readFileSync(into, "utf8") : taken.error.code;
};

describe("a file of this machine", () => {
  const inside = join(folder, "Attachments");
  const outside = join(folder, "secret");
  mkdirSync(inside);
  writeFileSync(outside, "secret");
  writeFileSync(join(inside, "a.jpg"), "picture");
  symlinkSync(outside, join(inside, "link.jpg"));
  symlinkSync(inside, join(folder, "Elsewhere"));

  it.each([
    [join(inside, "a.jpg"), "picture"],
    [outside, "MEDIA_OUTSIDE_ROOTS"],
    [join(inside, "link.jpg"), "MEDIA_OUTSIDE_ROOTS"],
    [join(inside, "../secret"), "MEDIA_OUTSIDE_ROOTS"],
    ["a.jpg", "MEDIA_OUTSIDE_ROOTS"],
    [`${inside}/a\0.jpg`, "MEDIA_OUTSIDE_ROOTS"],
    [join(inside, "none.jpg"), "MEDIA_MISSING"],
    [join(inside, "a.jpg/b"), "MEDIA_MISSING"],
    [join(inside, "x".repeat(300)), "MEDIA_MISSING"],
  ])("%j is %s", async (path, wanted) => {
    expect(await codeOf(path, { roots: [inside], maxMb: 1 })).toBe(wanted);
  });

  it("is found where a root leads to it over a link, and taken as far as it is small enough", async () => {
    const roots = [join(folder, "none"), join(folder, "Elsewhere")];
    expect(await codeOf(join(inside, "a.jpg"), { roots, maxMb: 1 })).toBe("picture");
    expect(await codeOf(join(inside, "a.jpg"), { roots: [`${folder}/*`], maxMb: 1 })).toBe("picture");
    expect(await codeOf(join(inside, "a.jpg"), { roots: [], maxMb: 1 })).toBe("MEDIA_OUTSIDE_ROOTS");
    writeFileSync(join(inside, "large"), "x".repeat(1024 * 1024));
    expect(await codeOf(join(inside, "large"), { roots, maxMb: 1 })).toHaveLength(1024 * 1024);
    writeFileSync(join(inside, "larger"), "x".repeat(1024 * 1024 + 1));
    expect(await codeOf(join(inside, "larger"), { roots, maxMb: 1 })).toBe("MEDIA_TOO_LARGE");
  });
});

describe("a file of another Mac", () => {
  /** A Mac whose links lead so; what stands not here leads where it stands, and null nowhere. */
  function mac(
    links: Record<string, string | null> = {},
    fetched: Result<void, TapbackError> = ok(undefined),
  ) {
    const asked: string[][] = [];
    const given: unknown[] = [];
    const remote = {
      locate: async (paths: string[]) => {
        asked.push(paths);
        return ok(paths.map((path) => (links[path] === null ? undefined : (links[path] ?? path))));
      },
      fetch: async (path: string, into: string, limits: object) => {
        given.push([path, limits]);
        if (fetched.ok) writeFileSync(into, `of ${path}`);
        return fetched;
      },
    } as unknown as RemoteFiles;
    return { remote, asked, given };
  }
  const users = "/Users/*/Library/Messages/Attachments";
  const path = "/Users/kim/Library/Messages/Attachments/a.jpg";

  it("is fetched from where its path leads to, when that is below a root, too", async () => {
    const { remote, asked, given } = mac({ "/srv/media": "/Volumes/m" });
    const roots = [users, "/srv/media", "/srv/../etc", "/a\nb", "/*/x"];
    expect(await codeOf(path, { roots, maxMb: 2, remote })).toBe(`of ${path}`);
    expect(asked).toEqual([[path, "/Users", "/srv/media"]]);
    expect(given).toEqual([[path, { maxBytes: 2 * 1024 * 1024, timeoutMs: 60_000 }]]);
    const linked = mac({ "/srv/media": "/Volumes/m", "/srv/media/a": "/Volumes/m/a" });
    expect(await codeOf("/srv/media/a", { roots, maxMb: 2, remote: linked.remote })).toBe("of /Volumes/m/a");
    const moved = mac({ "/Users": "/Volumes/Users", [path]: `/Volumes${path}` });
    expect(await codeOf(path, { roots, maxMb: 2, remote: moved.remote })).toBe(`of /Volumes${path}`);
  });

  it("is not even asked for when its path lies elsewhere, and not fetched when it leads elsewhere", async () => {
    const away = mac();
    expect(await codeOf("/etc/passwd", { roots: [users], maxMb: 1, remote: away.remote })).toBe(
      "MEDIA_OUTSIDE_ROOTS",
    );
    expect(away.asked).toEqual([]);
    const link = mac({ [path]: "/etc/passwd" });
    expect(await codeOf(path, { roots: [users], maxMb: 1, remote: link.remote })).toBe("MEDIA_OUTSIDE_ROOTS");
    expect(link.given).toEqual([]);
  });

  it("is never kept when nobody can say where it lies, and is missing when it is nowhere", async () => {
    const { remote, given } = mac({ [path]: null });
    const into = join(folder, "unsure");
    expect(await codeOf(path, { roots: [users], maxMb: 1, remote }, into)).toBe("MEDIA_OUTSIDE_ROOTS");
    expect(given).toHaveLength(1);
    expect(existsSync(into)).toBe(false);
    const gone = mac({ [path]: null }, err(new TapbackError("REMOTE_FILE_MISSING", "gone")));
    expect(await codeOf(path, { roots: [users], maxMb: 1, remote: gone.remote })).toBe("REMOTE_FILE_MISSING");
  });

  it("says why it did not come", async () => {
    const large = mac({}, err(new TapbackError("FILE_TOO_LARGE", "large")));
    expect(await codeOf(path, { roots: [users], maxMb: 1, remote: large.remote })).toBe("MEDIA_TOO_LARGE");
    const failure = new TapbackError("SSH_REFUSED", "No.", { hint: "Look." });
    const down = { ...large.remote, locate: async () => err(failure) } as RemoteFiles;
    const taken = await takeFile(
      path,
      join(folder, "down"),
      { roots: [users], maxMb: 1, remote: down },
      never,
    );
    expect(taken).toMatchObject({
      ok: false,
      error: { code: "SSH_REFUSED", detail: "No.. Look.", note: "the file could not be fetched" },
    });
  });
});
