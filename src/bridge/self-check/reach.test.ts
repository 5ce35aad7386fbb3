import { createServer } from "node:net";
import { expect, it } from "vitest";
import { reachByTcp } from "./reach.js";

it("tells a place that is reached from one that is not, with its code", async () => {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  expect(await reachByTcp({ host: "127.0.0.1", port }, 60_000)).toBeUndefined();
  await new Promise((resolve) => server.close(resolve));
  expect(await reachByTcp({ host: "127.0.0.1", port }, 60_000)).toBe("ECONNREFUSED");
});
