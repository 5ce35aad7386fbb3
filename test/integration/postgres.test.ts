import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GatewayLab } from "../support/gateway-lab.js";
import { PostgresHere, withoutPostgres } from "../support/postgres-here.js";

const kim = "+15550100123";
const imessage = { dmPolicy: "allowlist", allowFrom: [kim], catchup: { enabled: true } };

/** The gateway with its state on a server (behaviour 21.1). */
describe.skipIf(withoutPostgres)("a gateway whose state is on PostgreSQL", () => {
  let server: PostgresHere;
  let lab: GatewayLab;
  let url: string;
  beforeAll(async () => {
    server = await new PostgresHere().start();
    url = server.url();
    lab = new GatewayLab();
    lab.configure(imessage, { store: { url } });
    await lab.start();
  });
  afterAll(async () => {
    await lab.close();
    await server.remove();
  });

  const texts = () => lab.envelopes().map(({ text }) => text);
  async function inbox(): Promise<{ id: number; state: string }[]> {
    const { code, stdout, stderr } = await lab.run("inbox", "--json");
    expect([code, stderr]).toEqual([0, ""]);
    return JSON.parse(stdout);
  }

  it("answers, and is read by commands; nothing is kept in a file", async () => {
    lab.mac.say(kim, "one");
    await lab.until(() => lab.got(kim).length === 1);
    const [entry] = await inbox();
    expect(entry).toMatchObject({ state: "done" });
    expect((await lab.run("explain", String(entry!.id))).stdout).toContain("dispatch");
    const files = readdirSync(join(lab.folder, "state"));
    expect(files.filter((name) => name.startsWith("state.db"))).toEqual([]);
  });

  it("loses and repeats nothing when it is killed with a message on its way and others come meanwhile", async () => {
    lab.mac.say(kim, "two");
    await lab.until(() => texts().includes("two"));
    await lab.crash();
    lab.mac.say(kim, "three");
    await lab.start();
    await lab.until(() => lab.got(kim).length >= 3 && texts().includes("three"));
    expect(lab.got(kim)).toHaveLength(3);
    expect(await inbox()).toHaveLength(3);
  });

  it("goes on by itself when its server was away", { tags: ["long"] }, async () => {
    await server.stop("now");
    lab.mac.say(kim, "four");
    await lab.until(() => lab.log.includes("the state database cannot be read or written"));
    const away = await lab.run("inbox");
    expect(away.code).not.toBe(0);
    expect(away.stderr).toContain("the database server cannot be used");
    await server.run();
    await lab.until(() => lab.got(kim).length >= 4);
    expect(lab.got(kim)).toHaveLength(4);
    expect(await inbox()).toHaveLength(4);
  });
});

describe("an address that leads nowhere", () => {
  it("is told with what to do, and without its password", { tags: ["long"] }, async () => {
    const lab = new GatewayLab();
    try {
      const secret = "correct-horse-battery";
      lab.configure(imessage, { store: { url: `postgres://kim:${secret}@127.0.0.1:9/tapback` } });
      for (const command of ["inbox", "doctor", "gateway"]) {
        const { code, stdout, stderr } = await lab.runProgram(command);
        expect([command, code === 0]).toEqual([command, false]);
        expect(stdout + stderr).toContain("the database server cannot be used");
        expect(stdout + stderr).not.toContain(secret);
      }
      expect((await lab.run("config", "get", "store.url")).stdout).not.toContain(secret);
    } finally {
      await lab.close();
    }
  });
});
