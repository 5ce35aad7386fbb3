import { join } from "node:path";

/** The ACP agent of the tests, `test/fixtures/acp-agent.mjs` in one file: it is started a hundred times, and starts so in half the time. */
export const acpAgent = join(import.meta.dirname, "../../dist-test/fixtures/acp-agent.js");
