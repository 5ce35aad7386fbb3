import { afterEach, beforeEach, expect, it } from "vitest";
import { Simulator } from "../../src/simulator/index.js";
import { openWorld } from "../../src/simulator/world/world.js";
import { openExistingStore, type Store } from "../../src/store/index.js";
import { AcpHouse, guest, owner } from "../support/acp-house.js";

const stranger = "+15550100777";

let acp: AcpHouse;
let sim: Simulator;
beforeEach(() => {
  acp = new AcpHouse();
  sim = new Simulator(openWorld({ db: acp.house.mac.dbPath, env: {} }));
});
afterEach(async () => {
  sim.close();
  await acp.close();
});

async function look<T>(view: (store: Store) => T): Promise<T> {
  const store = openExistingStore(`${acp.house.stateDir}/state.db`)!;
  try {
    return view(store);
  } finally {
    await store.close();
  }
}

it("gives an owner's number no owner's rights over SMS, whose sender can be forged", {
  timeout: 90_000,
}, async () => {
  await acp.configure({
    default: "fixture",
    imessage: { dmPolicy: "pairing", allowFrom: [owner, guest] },
    more: { commands: { ownerAllowFrom: [owner], config: true } },
  });
  await acp.house.startHere();
  const waiting = async () => (await look((store) => store.pairing.pending(Date.now())))[0];
  const code = /code:? ([A-Z2-9]{8})/.exec(await acp.ask("hi", stranger))![1]!;
  expect((await waiting())?.code).toBe(code);
  acp.house.mac.say(guest, "permission");
  const question = await acp.sees("The agent asks");
  const id = /\/approve (\w{4}) <number>/.exec(question.text)![1]!;

  /** What the account writes into the SMS chat in answer. */
  const overSms = async (text: string, replyTo?: string) => {
    const said = sim.say({ from: owner, service: "SMS", text, ...(replyTo && { replyTo }) });
    const answers = () => sim.transcript(said.chatId).filter(({ from }) => from === "me");
    const before = answers().length;
    await expect.poll(() => answers().length, { timeout: 20_000 }).toBe(before + 1);
    return answers().at(-1)!.text;
  };
  const forOwners = /^(This command is for owners, over iMessage|Only an owner may)/;
  for (const command of [
    `/pairing approve ${code}`,
    "/pairing list",
    "/config set messages.responsePrefix x",
    "/config show",
    "/acp spawn fixture --bind here",
    "/model x",
    `/approve ${id} 1`,
    "/approve 1",
  ])
    expect(await overSms(command), command).toMatch(forOwners);
  for (const answer of ["1", "allow"])
    expect(await overSms(answer, question.guid)).toBe("Only an owner may answer this, over iMessage.");
  expect(await overSms("/whoami")).not.toContain("an owner");
  expect((await waiting())?.code).toBe(code);
  expect(await look(async (store) => (await store.questions.get(id))?.state)).toBe("open");
  expect(await look((store) => store.pairing.isApproved("default", stranger))).toBe(false);

  // The same over iMessage does it.
  expect(await acp.ask(`/approve ${id} 2`)).toContain("noted");
  expect(await acp.ask(`/pairing approve ${code}`)).toContain(`Approved ${stranger}.`);
});
