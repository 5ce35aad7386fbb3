import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ApiHouse, mia, owner, sam } from "../support/api-house.js";
import { png } from "../support/sample-files.js";
import { withToken } from "./with-token.js";

const given = process.env.TAPBACK_MCP_PEERS;
if (given === undefined) throw new Error("run these with `npm run test:mcp`");
const peers = JSON.parse(given) as Record<"node" | "conformance" | "inspector", string>;

const root = join(import.meta.dirname, "../..");
const house = new ApiHouse();
const { lab } = house;
let token: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  lab.configure(
    {
      allowFrom: [mia, sam, owner],
      includeAttachments: true,
      attachmentRoots: [join(lab.folder, "Attachments")],
    },
    { gateway: { api: { enabled: true } } },
  );
  await lab.startHere({ IMSG_SIM_HOME: lab.folder });
  mkdirSync(join(lab.folder, "given"));
  const file = join(lab.folder, "given/dot.png");
  writeFileSync(file, png);
  lab.mac.sendFiles(mia, [file], "a picture");
  lab.mac.say(sam, "hello");
  await lab.until(() => lab.got(mia).length === 1 && lab.got(sam).length === 1);
  token = await house.token("agent", { scopes: ["read", "send"] }, [mia]);
  env = {
    PATH: process.env.PATH,
    HOME: lab.folder,
    TAPBACK_STATE_DIR: join(lab.folder, "state"),
    TAPBACK_CONFIG: join(lab.folder, "tapback.json5"),
  };
});
afterAll(() => house.close());

/** Runs a program of others on the Node that it wants. @returns what it printed, and how it ended */
function run(script: string, args: string[]) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(peers.node, [script, ...args], { env, cwd: lab.folder }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
    });
  });
}

/** All others stand with their reason in expected-failures.yml. */
const conforming = ["server-initialize", "ping", "tools-list", "resources-list", "dns-rebinding-protection"];

it("passes the scenarios of the conformance suite that need no fixture of its own", async () => {
  const { url, close } = await withToken(house.url, token);
  const expected = join(root, "test/mcp/expected-failures.yml");
  const options = ["--url", `${url}/mcp`, "--suite", "all", "--expected-failures", expected];
  const { code, stdout, stderr } = await run(peers.conformance, ["server", ...options]);
  close();
  process.stdout.write(`${stdout.slice(stdout.indexOf("=== SUMMARY"))}\n`);
  expect(code, `${stdout}\n${stderr}`).toBe(0);
  const passed = [...stdout.matchAll(/^✓ ([\w-]+): [1-9]\d* passed, 0 failed/gm)].map(([, name]) => name);
  expect(passed).toEqual(conforming);
});

/** Over both ways: by the command that a client starts, in an environment of its own, and by the address. */
const ways = {
  stdio: () => [
    ...Object.entries(env).flatMap(([name, value]) => ["-e", `${name}=${value}`]),
    ...[process.execPath, join(root, "dist/cli/main.js"), "mcp", "--chats", mia],
  ],
  http: () => [`${house.url}/mcp`, "--header", `Authorization: Bearer ${token}`],
};

it.each(["stdio", "http"] as const)(
  "lists and calls with the Inspector's command line over %s",
  async (way) => {
    const inspect = async (method: string, ...more: string[]) => {
      const { code, stdout, stderr } = await run(peers.inspector, [
        "--cli",
        ...ways[way](),
        "--method",
        method,
        ...more,
      ]);
      expect(code, `${stdout}\n${stderr}`).toBe(0);
      return JSON.parse(stdout);
    };
    const { tools } = await inspect("tools/list");
    expect(tools.map(({ name }: { name: string }) => name)).toContain("wait_for_message");
    const called = await inspect("tools/call", "--tool-name", "list_messages", "--tool-arg", "limit=5");
    expect(called.content[1].text).toContain("a picture");
    expect(called.content[1].text).not.toContain("hello");
    const sent = await inspect(
      "tools/call",
      "--tool-name",
      "send_message",
      "--tool-arg",
      `to=${mia}`,
      `text=over ${way}`,
    );
    expect(JSON.parse(sent.content[1].text).state).toBe("stored");
    expect(lab.got(mia)).toContain(`over ${way}`);
    const { resources } = await inspect("resources/list");
    expect(resources).toMatchObject([{ name: "dot.png" }]);
    const { contents } = await inspect("resources/read", "--uri", resources[0].uri);
    expect(contents).toMatchObject([{ mimeType: "image/png", blob: png.toString("base64") }]);
  },
);
