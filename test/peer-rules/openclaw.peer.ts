import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { compareWithPeer, type Row, tally, untold } from "../support/peer/compare.js";
import { peerFiles } from "../support/peer/files.js";
import type { PeerAnswer, PeerMessage } from "../support/peer/model.js";

/** How many files are asked about. */
const files = Number(process.env.TAPBACK_PEER_FILES ?? 600);
let child: ChildProcess;
let lines: AsyncIterator<string>;

beforeAll(() => {
  const witness = fileURLToPath(new URL("witness.mjs", import.meta.url));
  const folder = process.env.TAPBACK_PEER!;
  child = spawn(process.env.TAPBACK_PEER_NODE!, [witness, folder], {
    cwd: folder,
    stdio: ["pipe", "pipe", "inherit"],
  });
  lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
});
afterAll(() => void child.kill());

async function ask(question: unknown): Promise<{ answers: PeerAnswer[] }> {
  child.stdin!.write(`${JSON.stringify(question)}\n`);
  const { value } = await lines.next();
  return JSON.parse(value);
}

it("answers nobody whom OpenClaw itself did not answer, and names whoever is lost", async () => {
  const sum = tally();
  const wrong: string[] = [];
  const misjudged: string[] = [];
  for (const peer of fc.sample(peerFiles("openclaw"), { numRuns: files, seed: 20260906 })) {
    const judge = async (messages: readonly PeerMessage[]) =>
      (await ask({ file: peer.file, approved: peer.approved, messages })).answers;
    const comparison = await compareWithPeer("openclaw", peer, [], judge);
    sum.add(comparison);
    const context = JSON.stringify(peer);
    wrong.push(...untold(comparison).map((line) => `${line}\n    ${context}`));
    // The model that judges the long runs has to say the same.
    const modelled = await compareWithPeer("openclaw", peer, []);
    const differs = (row: Row, index: number) =>
      JSON.stringify(row.before) !== JSON.stringify(modelled.rows[index]!.before);
    for (const [index, row] of comparison.rows.entries())
      if (differs(row, index)) {
        const { account, sender, place } = row;
        misjudged.push(
          `${account}: ${sender} ${place}: ${JSON.stringify(row.before)}, by the model ${JSON.stringify(modelled.rows[index]!.before)}\n    ${context}`,
        );
      }
  }
  console.log(sum.text());
  expect({ wrong: wrong.slice(0, 5), misjudged: misjudged.slice(0, 5) }).toEqual({
    wrong: [],
    misjudged: [],
  });
});
