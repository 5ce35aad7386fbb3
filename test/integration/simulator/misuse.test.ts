import { appendFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSimulator, type Simulator, simulatorProgram } from "../../../src/simulator.js";
import { type ImsgUnderTest, underTest } from "../../contract/imsg-under-test.js";
import { commandAsProgram, simulatorHere } from "../../support/command-here.js";

const mia = "+15550100123";

describe("imsg-sim in wrong hands", () => {
  let imsg: ImsgUnderTest;
  let world: Simulator;
  beforeEach(async () => {
    imsg = await underTest({});
    world = imsg.world;
  });
  afterEach(() => imsg.close());

  const file = (name: string) => join(world.folder, name);
  async function failure(...args: string[]): Promise<unknown> {
    const { code, stdout, stderr } = await imsg.run(...args, "--json");
    expect(stdout).toBe("");
    return [code, JSON.parse(stderr).error.code];
  }
  /** In a world that its folder alone names. */
  const bare = (args: string[], env: Record<string, string> = {}) =>
    simulatorHere(args, { ...process.env, IMSG_SIM_HOME: world.folder, ...env });
  const program = (args: string[], env: Record<string, string> = {}) =>
    commandAsProgram(simulatorProgram(), args, { ...process.env, IMSG_SIM_HOME: world.folder, ...env });

  it("writes as nobody, as no person, and never nothing", async () => {
    expect(await failure("say", "--from", "", "--text", "x")).toEqual([1, "HANDLE_INVALID"]);
    expect(await failure("say", "--from", "me", "--text", "x")).toEqual([1, "HANDLE_INVALID"]);
    expect(await failure("say", "--from", mia)).toEqual([2, "USAGE"]);
    expect(await failure("group", "create", "--members", "")).toEqual([1, "HANDLE_INVALID"]);
    expect(await failure("me", "--set", "")).toEqual([1, "HANDLE_INVALID"]);
    expect(() => world.say({ from: "", text: "x" })).toThrow("is not a person's phone number or address");
    expect(() => world.say({ from: mia })).toThrow("A message needs a text or a file");
    expect(world.transcript()).toEqual([]);
  });

  it("says which number is wrong", async () => {
    expect(await failure("burst", "--from", mia, "--count", "-3")).toEqual([2, "USAGE"]);
    expect(await failure("seed", "--people", "0")).toEqual([2, "USAGE"]);
    expect(() => world.seed({ people: 0 })).toThrow("Messages need people who write them");
    for (const wrong of [
      ["--times", "abc"],
      ["--ms", "-5"],
      ["--probability", "7"],
    ])
      expect(await failure("fault", "set", "--kind", "delay", ...wrong), wrong[0]).toEqual([
        1,
        "FAULT_INVALID",
      ]);
    expect((await imsg.run("fault", "list")).stdout).toBe("");
  });

  it("takes no setting that is none", () => {
    expect(() => world.set({ verison: "0.14.0" } as object)).toThrow("verison is no setting of a world");
    expect(() => world.set({ sip: "off" } as object)).toThrow('"off" is no value of sip');
    expect(() => openSimulator(world.folder, { version: "newest" })).toThrow("imsg newest is not played");
  });

  it("names what is wrong with a file of the world, without a stack trace", async () => {
    const wrong: [name: string, content: string, says: string][] = [
      ["world.json", "nonsense", "world.json is not a JSON object"],
      ["faults.json", '{"faults":[{"kind":"dye"}]}', '"dye" is not a kind of fault'],
      ["faults.json", '{"faults":[{"kind":"die","methd":"send"}]}', "methd is no field of a fault"],
    ];
    for (const [name, content, says] of wrong) {
      writeFileSync(file(name), content);
      for (const ran of [bare(["fault", "list"]), program(["rpc"])]) {
        const { code, stderr } = await ran;
        expect([code, stderr.split("\n")[0], stderr.includes("at ")]).toEqual([
          1,
          expect.stringContaining(says),
          false,
        ]);
      }
      if (name === "faults.json") expect((await imsg.run("fault", "clear")).stdout).toBe("1 cleared\n");
      rmSync(file(name), { force: true });
    }
    expect((await program(["rpc"], { IMSG_SIM_FAULTS: "nonsense" })).stderr).toContain(
      "IMSG_SIM_FAULTS is not JSON",
    );
    expect((await bare(["chats"], { IMSG_SIM_VERSION: "newest" })).stderr).toContain(
      "imsg newest is not played",
    );
  });

  it("says what is wrong with a file of the world also in a child that runs, and lives", async () => {
    world.say({ from: mia, text: "hello" });
    world.set({ version: "0.15.10", watchPollMs: 20 });
    const settings = readFileSync(file("world.json"));
    const rpc = imsg.rpc();
    await rpc.call("watch.subscribe", {});
    const refusal = async () => (await rpc.request("chats.list")).error?.data;
    writeFileSync(file("faults.json"), '{"faults":[{"kind":"dely"}]}');
    const { params } = await rpc.until(({ method }) => method === "error");
    expect(params).toMatchObject({ subscription: 1, error: { message: '"dely" is not a kind of fault' } });
    expect(await refusal()).toBe('"dely" is not a kind of fault');
    rmSync(file("faults.json"));
    expect(await rpc.call("watch.subscribe", {})).toMatchObject({ subscription: 2 });
    writeFileSync(file("world.json"), "{");
    await rpc.until(
      ({ method, params }) => method === "error" && (params as { subscription: number }).subscription === 2,
    );
    expect(await refusal()).toBe(`${file("world.json")} is not a JSON object`);
    await expect.poll(() => rpc.stderr).toBe(`${file("world.json")} is not a JSON object\n`);
    writeFileSync(file("world.json"), settings);
    expect(await rpc.call("chats.list")).toMatchObject({ chats: [{ id: 1 }] });
  });

  it("tells of options that rpc does not have, and serves with those it has", async () => {
    expect(await bare(["rpc", "--bogus"])).toMatchObject({ code: 1, stdout: "Unknown option --bogus\n" });
    expect((await bare(["rpc", "--db"])).stdout).toBe("Missing value for option db\n");
    expect(await program(["rpc", "--json", "--verbose", "--log-level", "info"])).toMatchObject({ code: 0 });
  });

  it("lists what there is below a word, and reads past a line that was cut off", async () => {
    expect(await imsg.run("world")).toMatchObject({
      code: 1,
      stdout: "Unknown command: world\nKnown are: world replace-db, world set, world show\n",
    });
    world.typing(mia);
    appendFileSync(file("events.jsonl"), '{"at":1,"ev\n');
    world.typing(mia, false);
    expect(world.events()).toMatchObject([{ event: "started-typing" }, { event: "stopped-typing" }]);
  });
});
