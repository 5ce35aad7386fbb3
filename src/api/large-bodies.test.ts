import { expect, it } from "vitest";
import { LargeBodies } from "./large-bodies.js";

const most = 1024 * 1024;
const body = (size: number) =>
  new Request("http://x/", {
    method: "POST",
    body: "a".repeat(size),
    headers: { "content-length": String(size) },
  });
const length = async (_: string, text: string) => text.length;

it("reads large bodies of whoever is let in, small ones beside them, and four large ones at a time", async () => {
  const bodies = new LargeBodies();
  const open: (() => void)[] = [];
  const held = Array.from({ length: 4 }, () =>
    bodies.read(
      body(600_000),
      Promise.resolve("me"),
      most,
      (_, text) => new Promise<number>((resolve) => open.push(() => resolve(text.length))),
    ),
  );
  await expect(bodies.read(body(600_000), Promise.resolve("me"), most, length)).rejects.toMatchObject({
    code: "RATE_LIMITED",
    retryable: true,
  });
  expect(await bodies.read(body(1000), Promise.resolve("me"), most, length)).toBe(1000);
  await expect.poll(() => open.length).toBe(4);
  for (const end of open) end();
  expect(await Promise.all(held)).toEqual([600_000, 600_000, 600_000, 600_000]);
  expect(await bodies.read(body(600_000), Promise.resolve("me"), most, length)).toBe(600_000);
});

it("refuses what is too large, and who is not let in before anything else", async () => {
  const bodies = new LargeBodies();
  const large = { code: "REQUEST_TOO_LARGE" };
  await expect(bodies.read(body(most + 1), Promise.resolve("me"), most, length)).rejects.toMatchObject(large);
  const refused = Promise.reject(new Error("not let in"));
  await expect(bodies.read(body(most + 1), refused, most, length)).rejects.toThrow("not let in");
});
