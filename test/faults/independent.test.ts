import { spawn } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { python } from "../support/python.js";

const folder = join(import.meta.dirname, "../independent");

/** Runs a script of the witness that shares no code with the project. @returns its verdict, and its complaints */
async function witness(script: string, ...words: string[]): Promise<{ verdict: object; complaints: string }> {
  const child = spawn(python, [join(folder, script), ...words]);
  let stdout = "";
  let complaints = "";
  child.stdout.on("data", (chunk) => (stdout += chunk));
  child.stderr.on("data", (chunk) => (complaints += chunk));
  await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  return { verdict: stdout === "" ? {} : JSON.parse(stdout), complaints };
}

// Samples of `npm run test:independent`, which kills 1,000 times and gives 10,000 prompts.
it.concurrent("loses, doubles and misdirects nothing in the eyes of a witness of its own", async () => {
  const { verdict, complaints } = await witness("kills.py", "--kills", "2", "--seed", "7", "--settle", "120");
  expect(complaints).toBe("");
  expect(verdict).toMatchObject({ kills: 2, lost: 0, doubled: 0, misdirected: 0, complaints: 0 });
}, 240_000);

it.concurrent("reaches no other conversation with agents that obey every message", {
  tags: ["long"],
  timeout: 240_000,
}, async () => {
  const { verdict, complaints } = await witness("takeover.py", "--prompts", "30", "--seed", "3");
  expect(complaints).toBe("");
  expect(verdict).toMatchObject({
    prompts: 30,
    complaints: 0,
    refusals: { TURN_SCOPE: expect.any(Number), FILE_REFUSED: expect.any(Number) },
  });
});
