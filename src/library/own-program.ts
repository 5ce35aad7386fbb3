import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ownProgram } from "../service/index.js";
import type { GatewayOptions } from "./options.js";

/**
 * The command line of this package, looked up at each call (behaviour 1.6b): agents that are programs get its MCP server.
 * @returns undefined where it does not lie beside this file, as in a program that was bundled
 */
export function packagedProgram(env: NonNullable<GatewayOptions["env"]>): GatewayOptions["program"] {
  const script = fileURLToPath(new URL("./cli/main.js", import.meta.url));
  if (!existsSync(script)) return undefined;
  const { execPath, argv0 } = process;
  return () => ownProgram({ execPath, argv0, script }, env);
}
