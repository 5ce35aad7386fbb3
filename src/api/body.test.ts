import { expect, it } from "vitest";
import { bodyOf } from "./body.js";

/** A body of chunks of 64 KB. */
function bodyWith(chunks: number, fails = false) {
  let read = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (read === chunks) return fails ? controller.error(new Error("gone")) : controller.close();
      read += 1;
      controller.enqueue(new Uint8Array(65_536).fill(97));
    },
  });
  return { request: { body } as Request, read: () => read };
}

it("reads a body to its end, also one that is too large, but not for ever", async () => {
  expect(await bodyOf(bodyWith(0).request)).toBe("");
  expect(await bodyOf(bodyWith(4).request)).toBe("a".repeat(262_144));
  const [large, endless] = [bodyWith(5), bodyWith(1_000_000)];
  for (const { request } of [large, endless])
    await expect(bodyOf(request)).rejects.toMatchObject({ code: "REQUEST_TOO_LARGE" });
  expect(large.read()).toBe(5);
  expect(endless.read()).toBeLessThan(70);
});

it("takes a body that breaks off for none", async () => {
  await expect(bodyOf(bodyWith(1, true).request)).rejects.toMatchObject({ code: "REQUEST_INVALID" });
});
