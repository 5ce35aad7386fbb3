import { expect, it } from "vitest";
import type { Chat } from "../../console/src/state/answers.js";
import { addressOf } from "../../console/src/state/writing.js";
import { openStore } from "../../src/store/index.js";
import { Bench } from "../contract/store/bench.js";
import { ActionBench } from "../support/action-bench.js";

const stores = new Bench(openStore);
const shown = (guid: string, chat = "chat_id:7") => ({ account: "default", chat, guid }) as Chat;

it.each([
  // In the database of before its number was that of Mia's chat.
  ["of an earlier Mac", shown("iMessage;+;chat640"), ["chat_guid:iMessage;+;chat640"]],
  ["of this one", shown("any;-;+15550100123"), ["chat:7"]],
  ["without a GUID", shown(""), ["chat:7"]],
])("writes into the conversation that is shown: one %s", async (_, chat, expected) => {
  const bench = await ActionBench.of(stores);
  const person = { isOwner: true, files: bench.turn().files! };
  const acting = bench.actions.act(person, "send", { to: addressOf(chat), text: "Dad is in hospital" });
  await bench.clock.advance(1);
  await bench.settle({ state: "stored", rowId: 99 });
  await acting;
  expect((await bench.sends()).map(([key]) => key)).toEqual(expected);
});
