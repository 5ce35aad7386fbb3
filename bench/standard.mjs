// The standard case alone, beside the durable floor and, with --beside DIR, beside the build in another folder (its dist/).
// `node bench/standard.mjs [--rounds N] [--single N] [--burst N] [--beside DIR]`, after a build.
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { standardCase } from "./lib/standard.mjs";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    single: { type: "string", default: "500" },
    burst: { type: "string", default: "1000" },
    beside: { type: "string" },
  },
});
const machine = { node: process.version, cores: cpus().length, model: cpus()[0].model, load: loadavg()[0] };
const messages = { single: Number(values.single), burst: Number(values.burst) };
const builds = values.beside === undefined ? {} : { before: values.beside };
const figures = await standardCase(Number(values.rounds), messages, builds);
console.log(JSON.stringify({ machine, messages, ...figures }, null, 2));
