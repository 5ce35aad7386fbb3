import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ImsgBridge } from "../../../src/bridge/index.js";
import type { MessageRow } from "../../../src/conversation/index.js";
import { until } from "../../faults/harness/wait.js";
import { GatewayLab } from "../../support/gateway-lab.js";

const mia = "+15550100123";
const own = "bot@example.com";
const simulator = join(import.meta.dirname, "../../../dist/simulator/main.js");

type After = (close: () => Promise<void>) => void;

/** A Mac on which somebody wrote once, so that the account's address is known; its own chat passes the gate. */
async function world(
  after: After,
  settings: ConstructorParameters<typeof GatewayLab>[0],
): Promise<GatewayLab> {
  const lab = new GatewayLab(settings);
  after(() => lab.close());
  lab.mac.say(mia, "earlier");
  lab.configure({ dmPolicy: "allowlist", allowFrom: [own, mia] });
  await lab.start();
  return lab;
}

const live = async (lab: GatewayLab, ...more: string[]) => {
  const { code, stdout } = await lab.run("doctor", "--live", "--json", ...more);
  const { findings, recorded } = JSON.parse(stdout) as {
    findings: { check: string; level: string; detail: string; remedy?: string }[];
    recorded: string | null;
  };
  const failed = findings.find(({ level }) => level === "fail");
  return { code, recorded, failed, steps: findings.map(({ check, level }) => `${check} ${level}`), findings };
};

// Each waits, some of them in vain for as long as the product does, in a world of its own.
describe.concurrent("tapback doctor --live", { timeout: 300_000 }, () => {
  it("proves the whole way, and records nothing of what others write meanwhile", async ({
    onTestFinished,
  }) => {
    const lab = await world(onTestFinished, { bridge: true, version: "0.19.1" });
    const file = join(lab.folder, "live.jsonl");
    const proving = live(lab, "--record", file);
    await lab.until(() => lab.mac.sent().some(({ text }) => text.startsWith("Tapback test")));
    lab.mac.say(mia, "secret words between");
    const proof = await proving;
    expect(proof.findings.filter(({ level }) => level === "fail")).toEqual([]);
    expect(proof.steps).toEqual(
      ["gateway", "send", "row", "echo", "file", "tapback", "edit", "unsend"].map(
        (step) => `live.${step} ok`,
      ),
    );
    expect(proof.findings.map(({ detail }) => detail).join()).not.toContain("left out");
    expect(proof).toMatchObject({ code: 0, recorded: file });
    await lab.until(() => lab.got(mia).length > 0);
    // Only what mia wrote went to the agent, although the account's own chat passes the gate.
    expect(lab.envelopes().every(({ text }) => !text.includes("Tapback test"))).toBe(true);

    const fixture = readFileSync(file, "utf8");
    for (const somebody of [mia, own, "bot@", "secret words", "earlier", lab.folder])
      expect(fixture).not.toContain(somebody);
    await replays(lab.folder, file);
  });

  it("leaves out what the Mac does not offer", async ({ onTestFinished }) => {
    const lab = await world(onTestFinished, { bridge: false });
    const proof = await live(lab);
    expect(proof).toMatchObject({ code: 0, recorded: null });
    const of = (step: string) => proof.findings.find(({ check }) => check === `live.${step}`)?.detail;
    expect(of("file")).toContain("came back");
    for (const step of ["tapback", "edit", "unsend"]) expect(of(step)).toMatch(/^left out: /);
  });

  it("says that macOS does not permit to send", async ({ onTestFinished }) => {
    const lab = await world(onTestFinished, {});
    lab.mac.misbehave({ kind: "send-error", error: -1743 });
    const { code, steps, failed } = await live(lab);
    expect({ code, steps }).toEqual({ code: 1, steps: ["live.gateway ok", "live.send fail"] });
    expect(failed?.detail).toContain("-1743");
    expect(failed?.remedy).toContain("Automation");
  });

  it("says that Apple did not bring it back", async ({ onTestFinished }) => {
    const lab = await world(onTestFinished, {});
    lab.mac.misbehave({ kind: "self-chat-delay", ms: 600_000 });
    const { code, steps, failed } = await live(lab);
    expect(code).toBe(1);
    expect(steps).toContain("live.row ok");
    expect(failed).toMatchObject({
      check: "live.echo",
      detail: expect.stringContaining("did not bring it back"),
      remedy: expect.stringContaining("You can be reached"),
    });
  });

  it("says that the private API is gone, and that imsg is", async ({ onTestFinished }) => {
    const lab = await world(onTestFinished, { bridge: true, version: "0.19.1" });
    await lab.run("channels", "status", "--probe");
    lab.mac.misbehave({ kind: "bridge-lost" });
    const { code, failed } = await live(lab);
    expect(code).toBe(1);
    expect(failed).toMatchObject({
      detail: expect.stringContaining("the private API in Messages is gone"),
      remedy: expect.stringContaining("imsg launch"),
    });

    lab.mac.behave();
    writeFileSync(join(lab.folder, "imsg"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    lab.mac.misbehave({ kind: "die" });
    // What it is asked next is an answer to somebody.
    lab.mac.say(mia, "later");
    await lab.until(
      async () => !JSON.parse((await lab.run("channels", "status", "--json")).stdout).accounts[0].connected,
      60_000,
    );
    const gone = await live(lab);
    expect({ code: gone.code, steps: gone.steps }).toEqual({ code: 1, steps: ["live.gateway fail"] });
    expect(gone.failed?.detail).toContain("is not connected to Messages");
  });

  it("sends to nobody but the account itself, and nothing without a gateway", async ({ onTestFinished }) => {
    const lab = new GatewayLab({});
    onTestFinished(() => lab.close());
    lab.configure();
    const away = await lab.run("doctor", "--live", "--json");
    expect(away.code).toBe(4);
    expect(JSON.parse(away.stdout)).toMatchObject({ error: { code: "GATEWAY_UNREACHABLE" } });
    expect((await lab.run("doctor", "--record")).code).toBe(2);
    await lab.start();
    const { code, failed } = await live(lab);
    expect({ code, check: failed?.check }).toEqual({ code: 1, check: "live.address" });
    expect(failed?.remedy).toContain("from your phone");
    expect(lab.mac.sent()).toEqual([]);
  });
});

/** A recording is a Mac for tests: what was asked is answered as it was, with the same rows. */
async function replays(folder: string, file: string): Promise<void> {
  const frames = readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const sent = frames.find(({ to, frame }) => to === "imsg" && /^send/.test(frame.method)).frame;
  const answer = frames.find(({ to, frame }) => to === "gateway" && frame.id === sent.id).frame;
  const imsg = join(folder, "replayed");
  writeFileSync(imsg, `#!/bin/sh\nexec '${process.execPath}' '${simulator}' replay --file '${file}'\n`, {
    mode: 0o755,
  });
  const rows: MessageRow[] = [];
  const bridge = new ImsgBridge(
    { cliPath: imsg },
    {
      subscription: { resumeFrom: async () => -1 },
      events: { row: (row) => void rows.push(row), malformed: () => {}, state: () => {} },
    },
  );
  bridge.start();
  await until(
    () => bridge.state === "live",
    () => bridge.state,
  );
  const text = sent.params.text ?? "Tapback test";
  const result = await bridge.send({
    target: { kind: "handle", handle: frames[0].address, service: "auto" },
    text,
  });
  expect(result).toMatchObject({ ok: true });
  if (result.ok && result.value.guid !== undefined) expect(result.value.guid).toBe(answer.result.guid);
  await until(
    () => rows.some((row) => row.fromMe && row.text === text) && rows.some((row) => !row.fromMe),
    () => JSON.stringify(rows),
  );
  expect(rows[0]!.chat.identifier).toBe(frames[0].address);
  await bridge.stop();
}
