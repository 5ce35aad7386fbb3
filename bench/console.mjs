// What the console costs, with the Chromium of this machine (after `npm run build`; Linux): bytes of its page, memory of the gateway while it is
// off, on, and with ten pages open, time to the first message that is shown, and frames with a long inbox. `--rounds N`, `--rows N`.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";
import { quantile, residentMb, root, start } from "./lib/gateway.mjs";
import { historyOf } from "./lib/history.mjs";

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "5" }, rows: { type: "string", default: "10000" } },
});
const pages = 10;
const cli = join(root, "dist/cli/main.js");
const round = (value, digits = 1) => Number(value.toFixed(digits));
const middle = (all) => round(quantile(all, 0.5));
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
/** A gateway has come to rest. */
const restMs = 5000;

function compressedKb(ending) {
  const folder = join(root, "dist/console");
  const files = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith(ending));
  return round(
    files.reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, file))).length, 0) / 1024,
  );
}

function addressOf({ env }) {
  const { stdout } = spawnSync(process.execPath, [cli, "console", "--json"], { env, encoding: "utf8" });
  return JSON.parse(stdout).url;
}

/** A gateway that has been idle for a while. @param console its block; absent: none is written */
async function gateway(console, prepare) {
  const program = start({ mode: "idle" }, { prepare, ...(console && { gateway: { console } }) });
  await program.subscribedAt();
  await pause(restMs);
  return program;
}

async function memory(block, use) {
  const program = await gateway(block);
  const before = residentMb(program.pid);
  const used = await use?.(program);
  const after = used ? residentMb(program.pid) : before;
  await used?.close();
  await program.stop();
  return after;
}

const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: process.getuid() === 0 ? ["--no-sandbox"] : [],
});

async function opened(program) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.goto(addressOf(program));
  await page.getByText("Up to date").first().waitFor({ state: "attached" });
  return { page, close: () => context.close() };
}

async function tenPages(program) {
  const all = [];
  for (let count = 0; count < pages; count++) all.push(await opened(program));
  await pause(restMs);
  return { close: () => Promise.all(all.map((each) => each.close())) };
}

/** From the address of the inbox in a browser that has seen nothing of it to the first message. */
async function firstMessageMs(program) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const address = addressOf(program);
  // The cookie alone: nothing of the page is there yet.
  await context.request.get(address);
  const begun = performance.now();
  await page.goto(`${new URL(address).origin}/console/#/inbox`);
  await page.locator(".row").first().waitFor();
  const took = performance.now() - begun;
  await context.close();
  return took;
}

/** Time between frames while the inbox is scrolled, filtered and read anew. */
async function frames(program) {
  const { page, close } = await opened(program);
  await page.goto(`${new URL(page.url()).origin}/console/#/inbox`);
  await page.locator(".row").first().waitFor();
  await page.evaluate(`(() => {
    window.gaps = [];
    let last = performance.now();
    const frame = (now) => { window.gaps.push(now - last); last = now; requestAnimationFrame(frame); };
    requestAnimationFrame((now) => { last = now; requestAnimationFrame(frame); });
  })()`);
  for (let turn = 0; turn < 3; turn++) {
    for (const name of ["Answered", "All"]) {
      await page.getByRole("button", { name, exact: true }).click();
      await page.locator(".row").first().waitFor();
      await page.mouse.move(500, 500);
      for (let step = 0; step < 20; step++) {
        await page.mouse.wheel(0, step % 2 === 0 ? 900 : -400);
        await page.evaluate("new Promise((done) => requestAnimationFrame(done))");
      }
    }
  }
  const gaps = await page.evaluate("window.gaps");
  const rows = await page.locator(".row").count();
  const elements = await page.evaluate("document.querySelectorAll('*').length");
  await close();
  return { gaps, rows, elements };
}

const memories = { none: [], off: [], on: [], tenPages: [] };
const off = { enabled: false, host: "127.0.0.1", port: 0 };
const on = { ...off, enabled: true };
for (let number = 0; number < Number(values.rounds); number++) {
  memories.none.push(await memory());
  memories.off.push(await memory(off));
  memories.on.push(await memory(on));
  memories.tenPages.push(await memory(on, tenPages));
}

const history = await historyOf(Number(values.rows), 100, 30);
const program = await gateway(on, (database) => history.put(database));
const firsts = [];
for (let number = 0; number < Number(values.rounds); number++) firsts.push(await firstMessageMs(program));
const drawn = await frames(program);
await program.stop();
history.end();
await browser.close();

console.log(
  JSON.stringify(
    {
      machine: { node: process.version, cores: cpus().length, model: cpus()[0].model, load: loadavg()[0] },
      scriptKb: compressedKb(".js"),
      styleKb: compressedKb(".css"),
      memoryMb: Object.fromEntries(Object.entries(memories).map(([name, all]) => [name, middle(all)])),
      inboxRows: Number(values.rows),
      firstMessageMs: { middle: middle(firsts), slowest: round(Math.max(...firsts)) },
      frameMs: {
        middle: middle(drawn.gaps),
        "19 of 20": round(quantile(drawn.gaps, 0.95)),
        slowest: round(Math.max(...drawn.gaps)),
      },
      inDocument: { rows: drawn.rows, elements: drawn.elements },
    },
    null,
    2,
  ),
);
