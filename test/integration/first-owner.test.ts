import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openStore, type Store } from "../../src/store/index.js";
import { item, pairing, row } from "../contract/store/bench.js";
import { GatewayLab } from "../support/gateway-lab.js";
import { runsOf } from "../support/property-runs.js";

const mia = "+15550100123";
const stranger = "+15550100777";

let lab: GatewayLab;

beforeEach(() => {
  lab = new GatewayLab();
});

afterEach(async () => {
  await lab.stop();
  await lab.close();
});

/** Somebody asks to be let in where one person is let in by name. */
async function codeOfStranger(): Promise<string> {
  lab.configure({ allowFrom: [mia] });
  await lab.startHere();
  lab.mac.say(stranger, "May I?");
  await lab.until(() => lab.got(stranger).length === 1);
  return /[A-Z2-9]{8}/.exec(lab.got(stranger)[0]!)![0];
}

it("makes no stranger an owner beside the one person who is let in by name", async () => {
  const code = await codeOfStranger();
  const { stdout } = await lab.run("pairing", "approve", code, "--json");
  expect(JSON.parse(stdout)).toMatchObject({ approved: stranger, owner: false });
});

it("makes nobody the owner while the file that may name owners cannot be read, and says that there is one", async () => {
  const code = await codeOfStranger();
  appendFileSync(join(lab.folder, "tapback.json5"), "broken");
  const { stdout } = await lab.run("pairing", "approve", code, "--json");
  expect(JSON.parse(stdout)).toMatchObject({ approved: stranger, owner: false });
  // Whoever is the only one in allowFrom is the owner (behaviour 12).
  lab.mac.say(stranger, "/config show");
  await lab.until(() => lab.got(stranger).length === 2);
  expect(lab.got(stranger)[1]).toBe("This command is for owners, over iMessage.");
});

it.each([
  ["there is no usual file", undefined],
  ["the usual file names no owner", "{ channels: { imessage: {} } }"],
])("lets the running gateway, with a file of its own, say who its owners are where %s", async (_, usual) => {
  const code = await codeOfStranger();
  delete lab.env.TAPBACK_CONFIG;
  if (usual !== undefined) writeFileSync(join(lab.folder, "state/tapback.json5"), usual);
  const { stdout } = await lab.run("pairing", "approve", code, "--json");
  expect(JSON.parse(stdout)).toMatchObject({ approved: stranger, owner: false });
  lab.mac.say(stranger, "/config show");
  await lab.until(() => lab.got(stranger).length === 2);
  expect(lab.got(stranger)[1]).toBe("This command is for owners, over iMessage.");
});

it("makes nobody the owner where no gateway runs and there is no file that tells of owners, and says so", async () => {
  const code = await codeOfStranger();
  await lab.stop();
  delete lab.env.TAPBACK_CONFIG;
  const { stdout } = await lab.run("pairing", "approve", code);
  expect(stdout).toContain("Nobody became the owner");
  expect(await lab.look((store) => store.pairing.owners("default"))).toEqual([]);
});

/** Of three commands each; all of them in `npm run test:faults`. */
const rounds = runsOf(10, 4).numRuns;

/** Three people ask to be let in. @returns their codes */
async function threeRequests(store: Store, round: number): Promise<string[]> {
  const { claim } = await store.accounts.claim("default", "test");
  const requests = ["A", "B", "C"].map((letter, index) => ({
    handle: `+1555010${index}${100 + round}`,
    code: `${letter.repeat(7)}${"ABCDEFGHJK"[round]}`,
    requestedAt: Date.now(),
    expiresAt: Date.now() + 3_600_000,
    chatId: 3 * round + index + 1,
    text: "May I?",
  }));
  for (const request of requests) {
    const [id] = await store.journal.admit(claim, [row(request.chatId)], "live", Date.now());
    const code = item("code", request.chatId, { origin: "pairing" });
    await store.journal.offerPairing(
      claim,
      { id: id!, decision: pairing, request, reply: code, most: 3 },
      Date.now(),
    );
  }
  return requests.map(({ code }) => code);
}

it("makes one owner, never more, of three people who are approved at the same moment by three commands", async () => {
  lab.configure();
  const store = openStore(join(lab.folder, "state/state.db"));
  try {
    for (let round = 0; round < rounds; round++) {
      const codes = await threeRequests(store, round);
      const ran = await Promise.all(codes.map((code) => lab.run("pairing", "approve", code, "--json")));
      const owners = ran.filter(({ stdout }) => JSON.parse(stdout).owner);
      expect(owners, `round ${round}`).toHaveLength(1);
      expect(await store.pairing.owners("default")).toHaveLength(1);
      expect(await store.pairing.approvals()).toHaveLength(3);
      for (const { handle } of await store.pairing.approvals()) await store.pairing.revoke("default", handle);
    }
  } finally {
    await store.close();
  }
});
