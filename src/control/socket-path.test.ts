import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { checkSocketFolder, prepareSocketFolder, socketPath } from "./socket-path.js";

const shared = process.env.TMPDIR;
let folder: string;
let stateDir: string;
beforeEach(() => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), "s-"));
  // Everybody's, as /tmp is.
  chmodSync(folder, 0o777);
  process.env.TMPDIR = folder;
  stateDir = join(folder, "x".repeat(100));
});
afterEach(() => {
  if (shared === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = shared;
  rmSync(folder, { recursive: true, force: true });
});

const unsafe = expect.objectContaining({ code: "SOCKET_UNSAFE" });

it("lies in the state directory where its path is short enough", () => {
  expect(socketPath(join(folder, "state"))).toBe(join(folder, "state/gateway.sock"));
});

it("lies in a folder for this user alone otherwise", () => {
  const socket = socketPath(stateDir);
  expect(dirname(dirname(socket))).toBe(folder);
  expect(
    Buffer.byteLength(join("/var/folders/zz/zyxvpxvq6csfxvn_n0000000000000/T", socket.slice(folder.length))),
  ).toBeLessThan(104);
  prepareSocketFolder(socket, stateDir);
  expect(statSync(dirname(socket)).mode & 0o777).toBe(0o700);
  prepareSocketFolder(socket, stateDir);
  checkSocketFolder(socket, stateDir);
});

it("is used on neither end in a folder that others may enter, or that is a link", () => {
  const socket = socketPath(stateDir);
  mkdirSync(dirname(socket));
  for (const mode of [0o755, 0o770, 0o707]) {
    chmodSync(dirname(socket), mode);
    expect(() => prepareSocketFolder(socket, stateDir)).toThrow(unsafe);
    expect(() => checkSocketFolder(socket, stateDir)).toThrow(unsafe);
  }
  rmSync(dirname(socket), { recursive: true });
  mkdirSync(join(folder, "own"), { mode: 0o700 });
  symlinkSync(join(folder, "own"), dirname(socket));
  expect(() => prepareSocketFolder(socket, stateDir)).toThrow(unsafe);
  expect(() => checkSocketFolder(socket, stateDir)).toThrow(unsafe);
});

it("asks nothing of the state directory's own folder, however it is spelled", () => {
  mkdirSync(join(folder, "state"), { mode: 0o755 });
  symlinkSync(join(folder, "state"), join(folder, "link"));
  checkSocketFolder(socketPath(join(folder, "link")), join(folder, "state"));
});
