import { spawn } from "node:child_process";

/** Opens an address in the person's browser where the system has a way to; says nothing where it has none. */
export function openInBrowser(url: string): void {
  const program = process.platform === "darwin" ? "open" : "xdg-open";
  const child = spawn(program, [url], { stdio: "ignore", detached: true });
  child.on("error", () => {});
  child.unref();
}
