import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { commandAsProgram, commandHere } from "../support/command-here.js";
import { GatewayLab } from "../support/gateway-lab.js";
import { python } from "../support/python.js";
import { removeFolder } from "../support/remove-folder.js";
import { ServiceLab } from "../support/service-lab.js";

const main = join(import.meta.dirname, "../../dist/cli/main.js");
const terminal = join(import.meta.dirname, "../fixtures/terminal.py");
const secret = "hush-0123456789";

describe("tapback secrets", () => {
  let home: string;
  const file = () => join(home, ".tapback/env");

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "tapback-secrets-"));
  });
  afterEach(() => removeFolder(home));

  const shell = () => ({ HOME: home, PATH: process.env.PATH, NO_COLOR: "1" });
  /** In this process; what asks at a terminal, and the gateway, are the built program. */
  const run = (words: string[], { input, env = {} }: { input?: string; env?: Record<string, string> } = {}) =>
    commandHere(words, { ...shell(), ...env }, input);

  function configure(config: object): void {
    mkdirSync(join(home, ".tapback"), { recursive: true, mode: 0o700 });
    writeFileSync(join(home, ".tapback/tapback.json5"), JSON.stringify(config));
  }

  it("keeps what comes over standard input, lists names alone, and forgets", async () => {
    const kept = await run(["secrets", "set", "HOUSE"], { input: `${secret}\n` });
    expect(kept).toMatchObject({ code: 0, stderr: "" });
    expect(kept.stdout).not.toContain(secret);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(readFileSync(file(), "utf8")).toBe(`HOUSE='${secret}'\n`);
    expect((await run(["secrets", "list"])).stdout).toBe("HOUSE\n");
    expect(JSON.parse((await run(["secrets", "list", "--json"])).stdout)).toEqual({
      path: file(),
      names: ["HOUSE"],
    });
    expect((await run(["secrets", "remove", "HOUSE"])).code).toBe(0);
    expect(await run(["secrets", "remove", "HOUSE"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("[VARIABLE_UNKNOWN]"),
    });
  });

  it("takes no value from the command line, none that is empty, and no odd name", async () => {
    for (const words of [["HOUSE", secret], ["HOUSE"], ["1HOUSE"], ["HOUSE=x"]])
      expect(await run(["secrets", "set", ...words]), words.join(" ")).toMatchObject({ code: 2, stdout: "" });
  });

  it("asks at a terminal without showing what is typed", () => {
    const steps = JSON.stringify([{ see: "Value of HOUSE", type: `${secret}\r` }]);
    const env = { HOME: home, PATH: process.env.PATH, TERM: "xterm-256color" };
    const played = spawnSync(python, [terminal, steps, process.execPath, main, "secrets", "set", "HOUSE"], {
      encoding: "utf8",
      env,
    });
    const { code, missed, output } = JSON.parse(played.stdout);
    expect({ code, missed }).toEqual({ code: 0, missed: null });
    expect(output).not.toContain(secret);
    expect(readFileSync(file(), "utf8")).toBe(`HOUSE='${secret}'\n`);
  });

  it("asks at a terminal also where its answer goes to a program", () => {
    const steps = JSON.stringify([{ see: "Value of HOUSE", type: `${secret}\r` }]);
    const env = { HOME: home, PATH: process.env.PATH, TERM: "xterm-256color" };
    const command = '"$0" "$1" secrets set HOUSE --json >"$HOME/answer"';
    const words = [terminal, steps, "sh", "-c", command, process.execPath, main];
    const played = spawnSync(python, words, { encoding: "utf8", env });
    const { code, missed } = JSON.parse(played.stdout);
    expect({ code, missed }).toEqual({ code: 0, missed: null });
    const answer = readFileSync(join(home, "answer"), "utf8");
    expect(JSON.parse(answer)).toEqual({ path: file(), name: "HOUSE", overridden: false });
  });

  it("gives them to the configuration and to agents; the shell's own wins, and doctor says so", async () => {
    configure({
      agents: {
        list: [{ id: "main", runtime: { type: "command", command: "printenv", args: ["HOUSE"] } }],
      },
      models: {
        providers: { house: { baseUrl: "http://127.0.0.1:9/v1", headers: { "x-key": `\${HOUSE}` } } },
      },
    });
    const missing = await run(["config", "validate"]);
    expect(missing.code).toBe(3);
    expect(missing.stdout).toContain("tapback secrets set HOUSE");
    await run(["secrets", "set", "HOUSE"], { input: secret });
    expect((await run(["config", "validate"])).code).toBe(0);
    expect((await run(["agents", "try", "main", "hi"])).stdout).toBe(`${secret}\n`);
    const env = { HOUSE: "of the shell" };
    expect((await run(["agents", "try", "main", "hi"], { env })).stdout).toBe("of the shell\n");
    expect((await run(["doctor"])).stdout).toMatch(/^ok +environment: .*env \(1\)$/m);
    expect((await run(["doctor"], { env })).stdout).toMatch(
      /^warn +environment: this shell and .* for HOUSE:/m,
    );
  });

  it("shows no value of theirs, wherever the configuration puts it", async () => {
    configure({
      agents: { list: [{ id: "main", runtime: { type: "http", url: `http://127.0.0.1:9/\${HOUSE}` } }] },
      channels: { imessage: { groups: { "*": { systemPrompt: `be \${HOUSE}` } } } },
    });
    await run(["secrets", "set", "HOUSE"], { input: secret });
    for (const words of [
      ["config", "get", "--effective"],
      ["config", "get", "channels.imessage.groups", "--effective"],
      ["channels", "status", "--effective", "--json"],
    ]) {
      const shown = await run(words);
      expect(shown.stdout, words.join(" ")).toContain("***");
      expect(shown.stdout + shown.stderr, words.join(" ")).not.toContain(secret);
    }
    await run(["report", "--out", join(home, "report.json")]);
    expect(readFileSync(join(home, "report.json"), "utf8")).not.toContain(secret);
  });

  it("refuses a file into which others can write until that is mended", async () => {
    configure({});
    writeFileSync(file(), `HOUSE=${secret}\n`);
    chmodSync(file(), 0o666);
    expect(await run(["agents", "list"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("[ENV_FILE_EXPOSED]"),
    });
    expect((await commandAsProgram(main, ["gateway"], shell())).stderr).toContain("[ENV_FILE_EXPOSED]");
    const checked = await run(["doctor", "--fix"]);
    expect(checked.stdout).toMatch(/^fail +environment: others can write/m);
    expect(checked.stdout).toContain("Mended: state.modes");
    expect((await run(["agents", "list"])).code).toBe(0);
  });
});

it("are never in the log of a gateway, whatever their names", async () => {
  const lab = new GatewayLab();
  try {
    mkdirSync(join(lab.folder, "state"), { mode: 0o700 });
    writeFileSync(join(lab.folder, "state/env"), `HOUSE=${secret}\n`, { mode: 0o600 });
    const runtime = { type: "command", command: "sh", args: ["-c", 'echo "it is $HOUSE" >&2; exit 3'] };
    lab.configure({ allowFrom: ["+15550100123"] }, { agents: { list: [{ id: "main", runtime }] } });
    await lab.start();
    await lab.sim("say", "--from", "+15550100123", "--text", "hello");
    await lab.until(() => lab.log.includes("turn failed"));
    await lab.stop();
    expect(lab.log).toContain("it is …");
    expect(lab.log).not.toContain(secret);
  } finally {
    await lab.close();
  }
});

it("are named by an install of the service where the shell alone has them, with what to do", async () => {
  const lab = new ServiceLab("systemctl");
  try {
    mkdirSync(join(lab.folder, ".tapback"), { mode: 0o700 });
    const config = {
      agents: {
        defaults: { model: "openai/m" },
        list: [
          { id: "main" },
          { id: "coder", runtime: { type: "acp", acp: { agent: "claude" } } },
          { id: "web", runtime: { type: "http", url: "http://127.0.0.1:9/", secret: `\${SECRET_TOKEN}` } },
        ],
      },
    };
    writeFileSync(join(lab.folder, ".tapback/tapback.json5"), JSON.stringify(config));
    writeFileSync(join(lab.folder, ".tapback/env"), "ANTHROPIC_API_KEY=in-the-file\n", { mode: 0o600 });
    Object.assign(lab.env, {
      OPENAI_API_KEY: secret,
      ANTHROPIC_API_KEY: "in-the-shell",
      UNRELATED_KEY: secret,
    });
    const { stdout } = await lab.run("service", "install", "--no-catch-up");
    expect(stdout).toContain("Only this shell has SECRET_TOKEN, OPENAI_API_KEY:");
    expect(stdout).toContain("printenv OPENAI_API_KEY | tapback secrets set OPENAI_API_KEY\n");
    expect(stdout).not.toContain(secret);
    const installed = await lab.run("service", "install", "--no-catch-up", "--json");
    expect(JSON.parse(installed.stdout)).toMatchObject({ shellOnly: ["SECRET_TOKEN", "OPENAI_API_KEY"] });
  } finally {
    await lab.dispose();
  }
});
