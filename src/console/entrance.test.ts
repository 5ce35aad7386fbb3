import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { FakeClock } from "../../test/support/fake-clock.js";
import { Entrance } from "./entrance.js";
import { cookieOf } from "./guard.js";

let folder: string;
let clock: FakeClock;
let entrance: Entrance;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tapback-console-"));
  clock = new FakeClock();
  entrance = new Entrance(folder, clock);
});
afterEach(() => rmSync(folder, { recursive: true }));

it("lets a browser in once for an address, and keeps another address good", () => {
  const [one, other] = [entrance.invite(), entrance.invite()];
  expect(entrance.isIn(entrance.enter(one)!.cookie)).toBe(true);
  expect(entrance.enter(one)).toBeUndefined();
  expect(entrance.enter("")).toBeUndefined();
  expect(entrance.enter(other)).toBeDefined();
});

it("takes an address for ten minutes, a cookie for a week, also after a restart", async () => {
  const [early, late] = [entrance.invite(), entrance.invite()];
  await clock.advance(10 * 60_000 - 1);
  const { cookie, seconds } = entrance.enter(early)!;
  await clock.advance(1);
  expect(entrance.enter(late)).toBeUndefined();
  expect(seconds).toBe(7 * 24 * 3600);
  const restarted = new Entrance(folder, clock);
  await clock.advance(seconds * 1000 - 2);
  expect(restarted.isIn(cookie)).toBe(true);
  await clock.advance(1);
  expect(restarted.isIn(cookie)).toBe(false);
});

it("takes no cookie that it did not sign, or that was changed", () => {
  const { cookie } = entrance.enter(entrance.invite())!;
  const [until = "", nonce = "", signature = ""] = cookie.split(".");
  const longer = `${Number(until) + 1}.${nonce}.${signature}`;
  const another = `${until}.${nonce}.${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`;
  for (const wrong of [undefined, "", "x", longer, another, `${until}.${nonce}.`, `${cookie}x`])
    expect(entrance.isIn(wrong), String(wrong)).toBe(false);
  const elsewhere = mkdtempSync(join(tmpdir(), "tapback-console-"));
  expect(new Entrance(elsewhere, clock).isIn(cookie)).toBe(false);
  rmSync(elsewhere, { recursive: true });
});

it("leaves the cookie of another gateway behind the same host where it is", () => {
  const elsewhere = mkdtempSync(join(tmpdir(), "tapback-console-"));
  const other = new Entrance(elsewhere, clock);
  const jar = new Map<string, string>();
  const enter = (each: Entrance) => jar.set(each.cookieName, each.enter(each.invite())!.cookie);
  const isIn = (each: Entrance) => {
    const cookie = [...jar].map((pair) => pair.join("=")).join("; ");
    return each.isIn(cookieOf(new Request("http://127.0.0.1/", { headers: { cookie } }), each.cookieName));
  };
  enter(entrance);
  enter(other);
  expect([entrance, other, new Entrance(folder, clock)].map(isIn)).toEqual([true, true, true]);
  entrance.closeToAll();
  expect([entrance, other].map(isIn)).toEqual([false, true]);
  enter(entrance);
  expect([entrance, other].map(isIn)).toEqual([true, true]);
  rmSync(elsewhere, { recursive: true });
});

it("puts everybody out at once, and makes addresses void", () => {
  const { cookie } = entrance.enter(entrance.invite())!;
  const open = entrance.invite();
  entrance.closeToAll();
  expect(entrance.isIn(cookie)).toBe(false);
  expect(new Entrance(folder, clock).isIn(cookie)).toBe(false);
  expect(entrance.enter(open)).toBeUndefined();
  expect(entrance.isIn(entrance.enter(entrance.invite())!.cookie)).toBe(true);
});

it("keeps its key for this user alone, and replaces what is no key", () => {
  const { cookie } = entrance.enter(entrance.invite())!;
  const file = join(folder, "console.key");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(cookie).not.toContain(readFileSync(file, "utf8").trim());
  writeFileSync(file, "\n");
  const replaced = new Entrance(folder, clock);
  expect(replaced.isIn(cookie)).toBe(false);
  expect(Buffer.from(readFileSync(file, "utf8").trim(), "base64url")).toHaveLength(32);
});

it("has sixteen addresses at a time; the oldest makes room", () => {
  const all = Array.from({ length: 17 }, () => entrance.invite());
  expect(entrance.enter(all[0]!)).toBeUndefined();
  for (const secret of all.slice(1)) expect(entrance.enter(secret)).toBeDefined();
});
