// What a test with the kit costs: `node bench/test-kit.mjs` after `npm run build`. A hundred tests of their own worlds, run by vitest,
// and one test repeated a thousand times (`--repeats N`), with every failure counted. Prints JSON.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

const root = join(import.meta.dirname, "..");
const { values } = parseArgs({ options: { repeats: { type: "string", default: "1000" } } });
const [, first = ""] = /^```ts\n(.*?)^```$/ms.exec(readFileSync(join(root, "docs/testing.md"), "utf8")) ?? [];

// Inside the package, so that its name leads to the built files.
const folder = mkdtempSync(join(root, "test/.kit-"));
try {
  const tests = Array.from({ length: 100 }, (_, n) =>
    first.replace(/^import.*\n/m, "").replace("it answers", `it answers ${n}`),
  );
  writeFileSync(
    join(folder, "hundred.test.ts"),
    `import { expect, test } from "tapback/testing/vitest";\n${tests.join("\n")}`,
  );
  // Else the project's own is found.
  writeFileSync(join(folder, "vitest.config.mjs"), "export default { test: { testTimeout: 60_000 } };\n");
  const vitest = [join(root, "node_modules/vitest/vitest.mjs"), "run", "--root", folder];
  const began = performance.now();
  const { status, stdout } = spawnSync(process.execPath, vitest, { cwd: folder, encoding: "utf8" });
  const seconds = (performance.now() - began) / 1000;
  if (status !== 0) throw new Error(stdout);

  const { assertAnsweredExactlyOnce, assertReceived, messagesWorld } = await import("tapback/testing");
  const failures = [];
  const before = process.cpuUsage();
  const repeats = Number(values.repeats);
  for (let n = 0; n < repeats; n++) {
    const world = await messagesWorld({ agents: { main: ({ text }) => `You wrote: ${text}` } });
    try {
      const mia = world.person("+15550100123");
      mia.says("Hello");
      await world.settles();
      assertReceived(mia, "You wrote: Hello");
      assertAnsweredExactlyOnce(world);
    } catch (error) {
      failures.push(String(error));
    } finally {
      await world.close();
    }
  }
  const { user, system } = process.cpuUsage(before);
  console.log(
    JSON.stringify(
      {
        firstTestLines: first.trim().split("\n").length,
        hundredTestsSeconds: Number(seconds.toFixed(1)),
        repeats,
        failures,
        cpuMsPerWorld: Math.round((user + system) / 1000 / repeats),
      },
      null,
      1,
    ),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
