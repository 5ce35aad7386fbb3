import { afterEach, describe, expect, it } from "vitest";
import { probe, supports } from "../../src/imsg.js";
import { fakeImsg, isAlive, until } from "../fixtures/fake-imsg.js";

const fakes: ReturnType<typeof fakeImsg>[] = [];
afterEach(() => {
  for (const fake of fakes.splice(0)) fake.remove();
});

async function probed(scenario: string, timeoutMs = 10_000) {
  const fake = fakeImsg(scenario);
  fakes.push(fake);
  return { fake, found: await probe(fake.command, timeoutMs) };
}

describe("the probe", () => {
  it("finds version, RPC, private API, methods and selectors", async () => {
    const { found } = await probed("plain");
    expect(found.version).toEqual({ ok: true, value: "0.9.0" });
    expect(found.rpc).toEqual({ ok: true, value: true });
    if (!found.status.ok) throw found.status.error;
    const status = found.status.value;
    expect(status).toMatchObject({ version: "0.9.0", sip: "disabled" });
    expect(status.privateApi).toMatchObject({ available: true, version: 2 });
    expect(supports(status, "send").supported).toBe(true);
    // Its selector is unknown to this version, which does not mean that it is missing.
    expect(supports(status, "tapback").supported).toBe(true);
    expect(supports(status, "message.unsend").supported).toBe(true);
    expect(supports(status, "message.edit")).toMatchObject({
      supported: false,
      why: expect.stringContaining("macOS"),
    });
    expect(supports(status, "poll.send")).toMatchObject({
      supported: false,
      why: expect.stringContaining("update"),
    });
    const down = { ...status, privateApi: { available: false, version: 0, message: "" } };
    expect(supports(down, "tapback")).toMatchObject({
      supported: false,
      why: expect.stringContaining("imsg launch"),
    });
    expect(supports({ ...down, methods: [] }, "messages.history").supported).toBe(true);
  });

  it("tells a build that is too old from one that merely failed", async () => {
    const old = await probed("probe-old");
    expect(old.found.rpc).toMatchObject({
      error: { code: "IMSG_RPC_UNSUPPORTED", retryable: false, hint: expect.stringContaining("update imsg") },
    });
    expect(old.found.status).toMatchObject({ error: { code: "IMSG_EXIT" } });
    // One that does not even know --version is told by what it lacks, not by that.
    const { found } = await probed("probe-ancient");
    const tooOld = { error: { code: "IMSG_RPC_UNSUPPORTED" } };
    expect(found).toMatchObject({ version: tooOld, rpc: tooOld });
    const broken = await probed("probe-broken");
    expect(broken.found.rpc).toMatchObject({ error: { code: "IMSG_EXIT", retryable: true } });
  });

  it("ends a program that does not", { tags: ["long"] }, async () => {
    const { fake, found } = await probed("probe-hangs", 3000);
    expect(found.status).toMatchObject({ ok: false, error: { code: "REQUEST_TIMEOUT" } });
    await until(() => expect(isAlive(fake.starts()[0]!.pid!)).toBe(false));
  });

  it("bounds what it reads", async () => {
    const { found } = await probed("probe-floods");
    expect(found.version).toEqual({ ok: true, value: "0.9.0" });
    expect(found.status).toMatchObject({ ok: false, error: { code: "PROTOCOL" } });
  });

  it("says that there is no such program", async () => {
    const found = await probe({ cliPath: "/nowhere/imsg" }, 1000);
    for (const part of [found.version, found.rpc, found.status])
      expect(part).toMatchObject({ ok: false, error: { code: "IMSG_NOT_FOUND" } });
  });
});
