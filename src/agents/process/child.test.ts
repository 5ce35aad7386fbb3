import { expect, it } from "vitest";
import { isAlive } from "../../../test/support/process-alive.js";
import { Child } from "./child.js";

it("passes over what is told to a program that is being ended already", async () => {
  const child = await Child.start({
    command: process.execPath,
    args: ["-e", 'process.on("SIGTERM", () => {}); console.log("up"); setInterval(() => {}, 1000)'],
    cwd: import.meta.dirname,
    env: {},
    graceMs: 200,
  });
  await new Promise((resolve) => child.stdout.once("data", resolve));
  // More than its pipe holds, of which it reads nothing.
  child.stdin.write("x".repeat(1_000_000));
  const stopped = child.stop();
  await expect.poll(() => child.stdin.writableEnded).toBe(true);
  // An error that nobody hears would end this process.
  child.stdin.write("the answer to what it asked\n");
  await stopped;
  expect(await child.ended).toMatchObject({ signal: "SIGKILL" });
  expect(isAlive(child.pid)).toBe(false);
});
