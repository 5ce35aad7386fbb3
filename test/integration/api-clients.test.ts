import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ApiHouse, mia } from "../support/api-house.js";
import { generatedClient } from "../support/generated-client.js";
import { commandsOf, notPrinted } from "../support/manual-page.js";
import { removeFolder } from "../support/remove-folder.js";

const root = join(import.meta.dirname, "../..");
const run = promisify(execFile);
const house = new ApiHouse();
const { lab } = house;
/** Inside the project, where its packages are found. */
const folder = mkdtempSync(join(root, "test/.api-"));
let env: NodeJS.ProcessEnv;
let receipts: ChildProcess | undefined;

beforeAll(async () => {
  house.configure();
  await lab.startHere();
  const TOKEN = await house.token("shop", { scopes: ["read", "send"] });
  env = { ...process.env, API: house.url, TOKEN };
  lab.mac.say(mia, "hello");
  await lab.until(async () => (await house.ask(TOKEN, "/v1/messages")).body.items.length === 2);
}, 120_000);
afterAll(async () => {
  receipts?.kill("SIGKILL");
  await house.close();
  await removeFolder(folder);
});

it("answers the commands of its page as the page says", { tags: ["long"] }, async () => {
  const commands = commandsOf("api.md");
  expect(commands).toHaveLength(11);
  for (const { command, prints } of commands) {
    // What `curl -m` cuts off, ends with 28.
    const { stdout } = await run("sh", ["-c", command], { env }).catch((error) =>
      error.code === 28 ? error : Promise.reject(error),
    );
    expect(notPrinted(prints, stdout), `${command}\n${stdout}`).toEqual([]);
  }
  expect(lab.got(mia)).toEqual([
    "re: hello",
    "Your order is ready.",
    "The plan:",
    "\ufffc",
    "It is on its way.",
  ]);
});

it("is understood by a client that others generate from its document", {
  tags: ["long"],
  timeout: 60_000,
}, async () => {
  const client = await generatedClient((await house.ask(undefined, "/v1/openapi.json")).body, folder);
  const { stdout } = await run(process.execPath, [client], { env });
  expect(JSON.parse(stdout)).toEqual(["hello", mia, "1", "re: hello", "SCOPE_MISSING"]);
  expect(lab.got(mia).at(-1)).toBe("from a generated client");
});

it("carries its example over a kill, which answers each message once", {
  tags: ["long"],
  timeout: 60_000,
}, async () => {
  const script = join(root, "examples/api/receipts.mjs");
  const file = join(folder, "cursor");
  const start = () => {
    const more = { TAPBACK_URL: house.url, TAPBACK_TOKEN: env.TOKEN };
    receipts = spawn(process.execPath, [script, file], { env: { ...env, ...more }, stdio: "ignore" });
  };
  const got = () => lab.got(mia).filter((text) => text.startsWith("We have it"));
  lab.mac.say(mia, "order 1");
  start();
  await lab.until(() => got().length === 1);
  receipts!.kill("SIGKILL");
  lab.mac.say(mia, "order 2");
  // As if it had died before it kept how far it was.
  writeFileSync(file, "");
  start();
  await lab.until(() => got().length === 2);
  expect(got()).toEqual(["We have it: order 1", "We have it: order 2"]);
});
