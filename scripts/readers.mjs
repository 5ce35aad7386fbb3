// `npm run test:readers`: installs programs of other people that read Apple's chat.db into a cache outside the repository, and
// holds what they read of a simulated world against what was said in it (test/readers).
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { install, root, run } from "./build.mjs";
import { fetched } from "./fetched.mjs";

/** The releases that the tests were written against. */
const packages = {
  kit: { package: "@photon-ai/imessage-kit", version: "3.0.0" },
  parseaple: { package: "@parseaple/typedstream", version: "2.0.2" },
  typedstream: { package: "node-typedstream", version: "1.4.1" },
  eliza: { package: "@elizaos/plugin-imessage", version: "2.0.0-beta.1", prepare: withoutCore },
  bun: { package: "bun", version: "1.4.5", postinstall: "install.js" },
};

/** The plug-in takes a log from its framework, a release of which is no longer there; nothing else of it is needed to read. */
function withoutCore(folder) {
  const core = join(folder, "core");
  mkdirSync(core, { recursive: true });
  const log =
    "const quiet = () => {};\nexport const logger = { debug: quiet, info: quiet, warn: console.error, error: console.error };\n";
  writeFileSync(join(core, "index.js"), log);
  const stand = { name: "@elizaos/core", version: "2.0.0-beta.1", type: "module", exports: "./index.js" };
  writeFileSync(join(core, "package.json"), JSON.stringify(stand));
  const { package: id, version } = packages.eliza;
  const dependencies = { [id]: version, "@elizaos/core": "file:./core" };
  writeFileSync(join(folder, "package.json"), JSON.stringify({ dependencies }));
}

install();
const folders = Object.fromEntries(
  Object.entries(packages).map(([name, wanted]) => [name, fetched("readers", name, wanted)]),
);
const words = ["run", "--config", "vitest.readers.config.ts", ...process.argv.slice(2)];
run(process.execPath, [join(root, "node_modules/vitest/vitest.mjs"), ...words], {
  TAPBACK_READERS: JSON.stringify(folders),
});
