import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { GatewayLab } from "../../support/gateway-lab.js";

let lab: GatewayLab;
afterEach(() => lab.close());

// An update of imsg leaves the old library in Messages (protocol reference 21).
it("has doctor name a library in Messages that is older than imsg, until it is launched anew", async () => {
  lab = new GatewayLab({ version: "0.19.1", bridge: true, sip: "disabled", helperVersion: "0.15.6" });
  lab.configure();
  // `imsg status` takes no `--db`: it finds the world where one is looked for.
  symlinkSync(lab.folder, join(lab.folder, ".imsg-sim"));
  const helper = async () => {
    const findings = JSON.parse((await lab.run("doctor", "--json")).stdout) as { check: string }[];
    return findings.find(({ check }) => check === "helper/default");
  };
  expect(await helper()).toMatchObject({
    level: "warn",
    detail: expect.stringMatching(/not that of this imsg: .*0\.15\.6.*0\.19\.1/),
    remedy: expect.stringContaining("imsg launch"),
  });
  await lab.sim("world", "set", "helperVersion", "");
  expect(await helper()).toBeUndefined();
});
