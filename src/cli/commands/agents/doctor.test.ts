import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { inThisProcess } from "../../../../test/support/in-this-process.js";
import { removeFolder } from "../../../../test/support/remove-folder.js";
import { doctor } from "./doctor.js";

let folder: string;
let silent: Server;
let url: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tapback-agents-doctor-"));
  silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/v1`;
});
afterAll(async () => {
  silent.closeAllConnections();
  await new Promise((resolve) => silent.close(resolve));
  await removeFolder(folder);
});

it.each<[string, object, RegExp]>([
  ["a model", { type: "llm", model: "house/m" }, /server's own log/],
  ["a web service", { type: "http", url: "" }, /service's own log/],
  [
    "an ACP agent",
    { type: "acp", acp: { command: process.execPath, args: ["-e", "setInterval(() => {}, 1000)"] } },
    /Start it once by hand/,
  ],
])("advises something else than itself where it has waited in vain: %s", async (_what, runtime, advice) => {
  const path = join(folder, "tapback.json5");
  const own = "url" in runtime ? { ...runtime, url } : runtime;
  const models = { providers: { house: { baseUrl: url } } };
  writeFileSync(path, JSON.stringify({ models, agents: { list: [{ id: "coder", runtime: own }] } }));
  const context = {
    ...{ env: { PATH: process.env.PATH }, variables: {}, environmentProblem: undefined },
    ...{ home: folder, stateDir: join(folder, "state"), configOption: path, json: true },
  };
  const { code, stdout } = await inThisProcess(() => doctor(context, undefined, 10), { ...process.env });
  expect(code).toBe(1);
  const [finding] = JSON.parse(stdout);
  expect(finding).toMatchObject({
    id: "coder",
    detail: expect.stringContaining("not ready within"),
    remedy: expect.stringMatching(advice),
  });
  expect(finding.remedy).not.toContain("agents doctor");
});
