import { afterEach, describe, expect, it } from "vitest";
import { mostGuesses } from "../../src/access/index.js";
import { Simulator } from "../../src/simulator/index.js";
import { openWorld } from "../../src/simulator/world/world.js";
import { GatewayLab } from "../support/gateway-lab.js";

const mia = "+15550100123";
const sam = "sam@example.com";

let lab: GatewayLab;
afterEach(async () => {
  await lab.close();
});

describe("enrolment by one text", { timeout: 90_000 }, () => {
  it("goes from an empty state to the first answer, also where GUIDs name no service", async () => {
    lab = new GatewayLab({ guidPrefix: "any" });
    lab.configure();
    await lab.startHere();
    const shown = await lab.run("pair", "--owner", "--no-wait", "--json");
    expect(shown.code).toBe(0);
    const { phrase, state } = JSON.parse(shown.stdout);
    expect(state).toBe("open");
    expect((await lab.run("pair", "--check")).code).toBe(1);
    // Over SMS the phrase counts for nothing.
    await lab.sim("say", "--from", sam, "--service", "SMS", "--text", phrase);
    lab.mac.say(mia, `${phrase[0].toUpperCase()}${phrase.slice(1)}.`);
    await lab.until(() => lab.got(mia).length === 1);
    expect(lab.got(mia)[0]).toContain("as the owner");
    const check = await lab.run("pair", "--check", "--json");
    expect(check.code).toBe(0);
    expect(JSON.parse(check.stdout)).toMatchObject({ state: "used", handle: mia, owner: true });
    lab.mac.say(mia, "hello");
    await lab.until(() => lab.got(mia).includes("re: hello"));
    lab.mac.say(mia, "/whoami");
    await lab.until(() => lab.got(mia).some((text) => text.includes("an owner")));
    expect(lab.got(sam)).toEqual([]);
    // The address is known by now; no link opens Messages for an e-mail address.
    const again = JSON.parse((await lab.run("pair", "--no-wait", "--json")).stdout);
    expect(again).toMatchObject({ address: "bot@example.com", link: null });
    const drawn = await lab.run("pair", "--no-wait", "--qr");
    expect(drawn.stdout).toContain("type it on the phone");
    expect(drawn.stdout).not.toContain("▀");
  });

  it("says why there is no QR code while nobody knows the address", async () => {
    lab = new GatewayLab();
    lab.configure({ dmPolicy: "allowlist" });
    const { code, stdout } = await lab.run("pair", "--no-wait", "--qr");
    expect(code).toBe(0);
    expect(stdout).toContain("A QR code needs that number");
  });

  it("is not ended by wrong phrases over SMS, which could never win", { tags: ["long"] }, async () => {
    lab = new GatewayLab();
    lab.configure({ dmPolicy: "allowlist" });
    await lab.startHere();
    const { phrase } = JSON.parse((await lab.run("pair", "--owner", "--no-wait", "--json")).stdout);
    const sim = new Simulator(openWorld({ db: lab.mac.dbPath, env: {} }));
    const strangers = Array.from({ length: mostGuesses + 1 }, (_, i) => `+155501002${10 + i}`);
    for (const from of [...strangers, mia, mia, mia])
      sim.say({ from, service: "SMS", text: "acorn acorn acorn acorn" });
    const all = strangers.length + 3;
    await lab.until(() =>
      lab.look(async (store) => (await store.journal.list({ limit: 99, state: "done" })).length === all),
    );
    lab.mac.say(mia, phrase);
    await lab.until(() => lab.got(mia).length === 1);
    expect(lab.got(mia)[0]).toContain("as the owner");
  });

  it("takes no phrase from one who guesses, and waits for the right one", async () => {
    lab = new GatewayLab();
    lab.configure({ dmPolicy: "allowlist" });
    await lab.startHere();
    const waiting = lab.runProgram("pair", "--json");
    await lab.until(async () => (await lab.look((store) => store.enrolment.last())) !== undefined);
    const phrase = (await lab.look((store) => store.enrolment.last()))!.phrase;
    for (const wrong of ["acorn acorn acorn acorn", "acorn acorn acorn actor", "acorn acorn acorn album"])
      lab.mac.say(sam, wrong);
    lab.mac.say(sam, phrase);
    await lab.until(() =>
      lab.look(async (store) => (await store.journal.list({ limit: 9, state: "done" })).length === 4),
    );
    lab.mac.say(mia, phrase);
    const { code, stdout } = await waiting;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ state: "used", handle: mia, owner: false });
    expect(lab.got(sam)).toEqual([]);
  });
});

describe("retry", { timeout: 90_000 }, () => {
  it("answers a dropped message once, after the configuration changed", async () => {
    lab = new GatewayLab();
    lab.configure({ dmPolicy: "allowlist" });
    await lab.startHere();
    lab.mac.say(mia, "first");
    await lab.until(() =>
      lab.look(async (store) => (await store.journal.list({ limit: 9, state: "done" })).length === 1),
    );
    expect((await lab.run("explain", "last")).stdout).toContain("tapback retry 1");
    await lab.run("config", "set", "channels.imessage.allowFrom", `["${mia}"]`);
    await lab.until(() => lab.log.includes("configuration changed"));
    const { code, stdout } = await lab.run("retry", "last", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ retried: [1], skipped: [], left: 0 });
    await lab.until(() => lab.got(mia).length === 1);
    expect(lab.got(mia)).toEqual(["re: first"]);
    await lab.until(() => lab.look(async (store) => (await store.journal.get(1))?.state === "done"));
    for (const more of [["last"], ["1", "--again"], ["--reason", "dm_not_allowed"]])
      expect((await lab.run("retry", ...more)).code).toBe(1);
    expect((await lab.run("retry")).code).toBe(2);
  });

  it("goes once for a message that is refused again, and more often with --again", {
    tags: ["long"],
  }, async () => {
    lab = new GatewayLab();
    lab.configure({ dmPolicy: "allowlist" });
    await lab.startHere();
    lab.mac.say(mia, "first");
    const settled = (arrival: string) =>
      lab.look(async (store) => {
        const entry = await store.journal.get(1);
        return entry?.state === "done" && entry.arrival === arrival;
      });
    await lab.until(() => settled("live"));
    expect((await lab.run("retry", "--reason", "dm_not_allowed")).code).toBe(0);
    await lab.until(() => settled("retry"));
    const refused = await lab.run("retry", "1", "--json");
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.stdout).error.code).toBe("RETRIED_BEFORE");
    expect((await lab.run("retry", "1", "--again")).code).toBe(0);
    expect(lab.got(mia)).toEqual([]);
  });
});
