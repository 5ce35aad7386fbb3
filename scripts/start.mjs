// `npm start`: installs, builds, and opens the demo: a simulated Messages, the gateway, the demo agent and a phone.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { build, install, root } from "./build.mjs";

install();
build();
const child = spawn(process.execPath, [join(root, "dist/cli/main.js"), "demo", ...process.argv.slice(2)], {
  stdio: "inherit",
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(code ?? (signal ? 130 : 1)));
