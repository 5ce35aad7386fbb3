import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { expect, it } from "vitest";
import { simulatorPath } from "../faults/harness/gateway-process.js";
import { House } from "../faults/harness/house.js";
import { Mac } from "../faults/harness/mac.js";
import { until } from "../faults/harness/wait.js";

const mia = "+15550100123";
const ben = "+15550100124";

it("serves each account with its own Mac and rules, whatever becomes of the others", async () => {
  const house = new House({ watchPollMs: 200 });
  const folder = join(house.folder, "second");
  mkdirSync(folder);
  const second = new Mac(folder, { watchPollMs: 200 });
  const script = (name: string, text: string) => {
    const path = join(house.folder, name);
    writeFileSync(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    return path;
  };
  try {
    const accounts = {
      home: { dbPath: house.mac.dbPath },
      work: { dbPath: second.dbPath, dmPolicy: "allowlist", allowFrom: [mia] },
      dies: { cliPath: script("dies", "exit 1"), dbPath: "/none/1" },
      hangs: { cliPath: script("hangs", "exec sleep 600"), dbPath: "/none/2" },
      babbles: { cliPath: script("babbles", "while :; do echo x; sleep 0.05; done"), dbPath: "/none/3" },
      missing: { cliPath: "/nowhere/imsg", dbPath: "/none/4" },
    };
    await house.configure({ cliPath: simulatorPath, defaultAccount: "home", accounts });
    const gateway = await house.start();
    const status = async () =>
      JSON.parse((await house.tapback(["channels", "status", "--json"])).stdout).accounts;
    await until(
      async () => (await status()).filter(({ connected }: { connected: boolean }) => connected).length === 2,
      () => gateway.log,
    );
    for (let n = 0; n < 10; n++) {
      house.mac.say(mia, `q${n} plain`);
      second.say(mia, `q${100 + n} plain`);
      second.say(ben, `q${200 + n} plain`);
    }
    await house.got(mia, 10);
    await until(
      () => second.sent().length >= 10,
      () => gateway.log,
    );
    await house.settled();
    const numbers = Array.from({ length: 10 }, (_, n) => n);
    expect(house.textsTo(mia)).toEqual(numbers.map((n) => `answer to q${n}`));
    expect(second.sent().map(({ handle, text }) => [handle, text])).toEqual(
      numbers.map((n) => [mia, `answer to q${100 + n}`]),
    );
    const told = Object.fromEntries((await status()).map((one: { id: string }) => [one.id, one]));
    expect(told.home).toMatchObject({ verdict: "works", restarts: 0 });
    expect(told.work).toMatchObject({ verdict: "works", restarts: 0 });
    expect(told.dies.restarts).toBeGreaterThan(3);
    for (const id of ["dies", "hangs", "babbles", "missing"]) expect(told[id].connected, id).toBe(false);
    expect(told.missing.verdict).toContain("was not found");
    expect((await gateway.stop()).code).toBe(0);
  } finally {
    await second.close();
    await house.close();
  }
});

it("serves one of two accounts that name one database, each by its own path, and says why not the other", async () => {
  const house = new House({ watchPollMs: 200 });
  try {
    const link = join(house.folder, "link");
    symlinkSync(dirname(house.mac.dbPath), link);
    const accounts = {
      home: { dbPath: house.mac.dbPath },
      work: { dbPath: join(link, basename(house.mac.dbPath)) },
    };
    await house.configure({ defaultAccount: "home", accounts });
    const gateway = await house.startHere();
    house.mac.say(mia, "q0 plain");
    expect(await house.got(mia, 1)).toEqual(["answer to q0"]);
    await house.settled();
    expect(house.textsTo(mia)).toEqual(["answer to q0"]);
    const told = JSON.parse((await house.tapback(["channels", "status", "--json"])).stdout).accounts;
    expect(told.map(({ id, verdict }: Record<string, string>) => [id, verdict])).toEqual([
      ["home", "works"],
      ["work", 'not served: account "home" has the same Messages database'],
    ]);
    expect(gateway.log).toMatch(/account \\?"work\\?" is not served/);
  } finally {
    await house.close();
  }
});
