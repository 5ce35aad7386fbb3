// `npm run mutants`: puts faults into a copy of the sources, one at a time, and shows which of them no unit test notices.
//   --seed N        another sample (default: the day, as 20261128)
//   --count N       how many mutants, over all rooms (default 500)
//   --room PATH     one room only, e.g. src/access; may be given again
//   --changed REF   only what differs from a commit, every mutant of the changed lines
//   --again FILE    those of an earlier run that no test noticed, by what it wrote with --json
//   --jobs N        how many are tried at once (default: one on each core)
//   --json FILE     writes every verdict
// Ends with 1 when a room is below what `mutants/rooms.mjs` asks of it.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { parseArgs } from "node:util";
import { root } from "./build.mjs";
import { changedLines } from "./mutants/changed-lines.mjs";
import { mutantsIn } from "./mutants/collect.mjs";
import { equivalents } from "./mutants/equivalents.mjs";
import { instrumented } from "./mutants/instrument.mjs";
import { rooms } from "./mutants/rooms.mjs";
import { drawn } from "./mutants/sample.mjs";
import { Tries } from "./mutants/tries.mjs";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: new Date().toISOString().slice(0, 10).replaceAll("-", "") },
    count: { type: "string", default: "500" },
    room: { type: "string", multiple: true },
    changed: { type: "string" },
    again: { type: "string" },
    jobs: { type: "string", default: String(availableParallelism()) },
    json: { type: "string" },
  },
});
const unknown = values.room?.find((room) => !rooms.some(({ path }) => path === room));
if (unknown !== undefined) {
  console.error(`no room ${unknown}; there are ${rooms.map(({ path }) => path).join(", ")}`);
  process.exit(2);
}
const wanted = rooms.filter(({ path }) => values.room?.includes(path) ?? true);

const mutants = chosen();
console.log(`${mutants.length} mutants, seed ${values.seed}`);
/** `{ mutant, state, by }` of those that were tried. */
const verdicts = [];
const copy = mkdtempSync(join(tmpdir(), "tapback-mutants-"));
const tries = new Tries(copy, join(copy, "scripts/mutants/vitest.config.mjs"), Number(values.jobs));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
  process.once(signal, () => {
    leave();
    // What a run that is ended early found out is worth knowing.
    report();
    process.exit(1);
  });
try {
  writeCopy();
  await tries.all(mutants, (verdict) => {
    verdicts.push(verdict);
    const { mutant, state } = verdict;
    if (state !== "noticed") console.log(`[${verdicts.length}/${mutants.length}] ${state}: ${told(mutant)}`);
  });
  report();
} finally {
  leave();
}

/** Nothing of a run stays behind. */
function leave() {
  tries.end();
  rmSync(copy, { recursive: true, force: true, maxRetries: 5 });
}

/** The mutants to try, with an `id` each. */
function chosen() {
  const changed = values.changed && changedLines(root, values.changed);
  const again = values.again && JSON.parse(readFileSync(values.again, "utf8"));
  const all = wanted.map((room) => ({ room, mutants: sourcesOf(room.path).flatMap(mutantsOf) }));
  const sum = all.reduce((count, { mutants: some }) => count + Math.sqrt(some.length), 0);
  return all
    .flatMap(({ room, mutants: some }) => {
      const open = some.filter((mutant) => !equivalents.some((known) => isSame(known, mutant)));
      const isTouched = ({ file, line }) => changed.get(file)?.has(line) ?? false;
      if (again) return unnoticed(again, some).map((mutant) => ({ ...mutant, room }));
      // A small room is not told by three mutants: the root keeps the rooms nearer to each other than their sizes.
      const share = Math.round((Number(values.count) * Math.sqrt(some.length)) / sum);
      const picked = changed
        ? drawn(open.filter(isTouched), Infinity, values.seed)
        : drawn(open, share, values.seed);
      return picked.map((mutant) => ({ ...mutant, room }));
    })
    .map((mutant, index) => ({ ...mutant, id: String(index) }));
}

function sourcesOf(room) {
  return readdirSync(join(root, room), { recursive: true })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map((name) => join(room, name))
    .sort();
}

function mutantsOf(file) {
  return mutantsIn(file, readFileSync(join(root, file), "utf8"));
}

/** The mutants that an earlier run did not notice, as far as they are still there. @param earlier its verdicts */
function unnoticed(earlier, mutants) {
  const left = earlier.filter(({ state }) => state !== "noticed").map(({ mutant }) => mutant);
  return mutants.filter((mutant) => {
    const index = left.findIndex((one) => one.kind === mutant.kind && isSame(one, mutant));
    return index >= 0 && left.splice(index, 1).length > 0;
  });
}

/** Whether a mutant is one of those that change nothing. Lines move, so what stands there decides. */
function isSame(known, { file, original, replacement }) {
  return known.file === file && known.original === original && known.replacement === replacement;
}

function writeCopy() {
  const isLeftOut = /\/(node_modules|\.git|dist|dist-test)$/;
  cpSync(root, copy, { recursive: true, filter: (path) => !isLeftOut.test(path) });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  for (const file of new Set(mutants.map((mutant) => mutant.file))) {
    const own = mutants.filter((mutant) => mutant.file === file);
    const switchPath = relative(dirname(file), "scripts/mutants/switch.mjs");
    writeFileSync(join(copy, file), instrumented(readFileSync(join(root, file), "utf8"), own, switchPath));
  }
}

function report() {
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(verdicts, null, 1)}\n`);
  let isBelow = false;
  console.log("\nroom                 mutants  noticed  survived  not reached   score  wanted");
  for (const { path, atLeast } of wanted) {
    const own = verdicts.filter(({ mutant }) => mutant.room.path === path);
    if (own.length === 0) continue;
    const count = (state) => own.filter((verdict) => verdict.state === state).length;
    const score = Math.round((100 * count("noticed")) / own.length);
    isBelow ||= score < atLeast;
    const cells = [own.length, count("noticed"), count("survived"), count("not reached")];
    console.log(
      `${path.padEnd(20)}${cells.map((cell, index) => String(cell).padStart([8, 9, 10, 13][index])).join("")}${`${score} %`.padStart(8)}${`${atLeast} %`.padStart(8)}`,
    );
  }
  if (isBelow) process.exitCode = 1;
}

function told({ file, line, kind, original, replacement }) {
  const short = (text) => text.replace(/\s+/g, " ").slice(0, 90);
  return `${file}:${line} ${kind}: ${short(original)} → ${short(replacement) || "nothing"}`;
}
