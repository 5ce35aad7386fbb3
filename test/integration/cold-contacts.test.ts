import { afterEach, expect, it } from "vitest";
import { GatewayLab } from "../support/gateway-lab.js";

const ada = "ada@example.com";

let lab: GatewayLab;
afterEach(() => lab.close());

// Contacts may answer imsg after the first messages came (protocol reference 19).
it("lists who asks for pairing by the name that a later message brings", async () => {
  lab = new GatewayLab({ version: "0.19.1", watchHoldMs: 20, names: { [ada]: "Ada Moss" } });
  lab.mac.misbehave({ kind: "contacts-cold", ms: 3_600_000, times: 1 });
  lab.configure({ dmPolicy: "pairing" });
  await lab.startHere();
  lab.mac.say(ada, "hello");
  await lab.until(() => lab.got(ada).length === 1);
  const waiting = async () => JSON.parse((await lab.run("pairing", "list", "--json")).stdout);
  const [first] = await waiting();
  expect(first).toMatchObject({ sender: ada, name: null, text: "hello" });
  expect(lab.got(ada)[0]).toContain(first.code);
  // The next child asks Contacts that have answered by then.
  await lab.stop();
  await lab.startHere();
  lab.mac.say(ada, "are you there?");
  await lab.until(() =>
    lab.look(async (store) => (await store.pairing.pending(Date.now()))[0]?.name !== undefined),
  );
  expect(await waiting()).toEqual([{ ...first, name: "Ada Moss" }]);
});
