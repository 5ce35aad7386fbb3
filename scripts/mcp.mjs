// `npm run test:mcp`: holds MCP of the built gateway against programs of others (test/mcp): the published conformance suite, with what
// it does not pass and why in test/mcp/expected-failures.yml, and the command line of the Inspector. Both want a newer Node than the
// gateway does; all three are installed into the user's cache. `-- -t inspector` runs one.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { install, root, run } from "./build.mjs";
import { fetched } from "./fetched.mjs";

/** The releases that the tests were written against. */
const [conformance, inspector] = ["0.1.16", "2.12.0"];
/** What the package `node` would fetch by a script. */
const program = `${process.platform === "darwin" && process.arch === "arm64" ? "node-bin" : "node"}-${process.platform}-${process.arch}`;

function prepare(folder) {
  const dependencies = {
    "@modelcontextprotocol/conformance": conformance,
    "@modelcontextprotocol/inspector": inspector,
    [program]: "24",
  };
  writeFileSync(join(folder, "package.json"), JSON.stringify({ dependencies }));
}

install();
const wanted = { package: "@modelcontextprotocol/inspector", version: inspector, prepare };
const packages = join(fetched("mcp", "inspector", wanted), "../..");
const words = ["run", "--config", "vitest.mcp.config.ts", ...process.argv.slice(2)];
run(process.execPath, [join(root, "node_modules/vitest/vitest.mjs"), ...words], {
  TAPBACK_MCP_PEERS: JSON.stringify({
    node: join(packages, program, "bin/node"),
    conformance: join(packages, "@modelcontextprotocol/conformance/dist/index.js"),
    inspector: join(packages, "@modelcontextprotocol/inspector/clients/launcher/build/index.js"),
  }),
});
