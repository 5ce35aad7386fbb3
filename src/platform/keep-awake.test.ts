import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { KeepAwake } from "./keep-awake.js";

let folder: string;
let awake: KeepAwake | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tapback-awake-"));
});
afterEach(() => {
  awake?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const file = (name: string) => join(folder, name);
const until = (check: () => void) => vi.waitFor(check, { timeout: 30_000 });

/**
 * @param then what the played `caffeinate` does after it wrote down how it was started
 * @param first what it does before that
 */
function made(then: string | undefined, { isMac = true, first = "" } = {}) {
  if (isMac) writeFileSync(file("launchctl"), "#!/bin/sh\n", { mode: 0o755 });
  if (then !== undefined)
    writeFileSync(file("caffeinate"), `#!/bin/sh\n${first}\necho "$*" >>"${file("calls")}"\n${then}\n`, {
      mode: 0o755,
    });
  const told: string[] = [];
  const log = { warn: (text: string) => void told.push(text) };
  awake = new KeepAwake({ env: { PATH: `${folder}:/usr/bin:/bin` }, log });
  return { awake, told };
}

it("holds caffeinate as long as it is wanted, and ties it to this process", async () => {
  const first = `trap 'echo gone >"${file("gone")}"; exit 0' TERM`;
  const { awake, told } = made("while :; do sleep 0.05; done", { first });
  awake.set(true);
  awake.set(true);
  await until(() => expect(readFileSync(file("calls"), "utf8")).toBe(`-i -w ${process.pid}\n`));
  awake.set(false);
  await until(() => expect(existsSync(file("gone"))).toBe(true));
  expect(told).toEqual([]);
});

it("is only told of where it cannot be kept awake", async () => {
  const missing = made(undefined);
  missing.awake.set(true);
  await until(() => expect(missing.told).toEqual([expect.stringContaining("not kept awake")]));
  const failing = made("exit 3");
  failing.awake.set(true);
  await until(() => expect(failing.told).toEqual([expect.stringContaining("caffeinate ended with 3")]));
});

it("does nothing on another system", () => {
  const { awake } = made("sleep 1", { isMac: false });
  awake.set(true);
  expect(existsSync(file("calls"))).toBe(false);
});
