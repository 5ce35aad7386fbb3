import { expect, it } from "vitest";
import { row } from "../../test/contract/store/bench.js";
import { CommandBench } from "../../test/support/command-bench.js";
import type { GatewayControls } from "./contract.js";

const owner = "+15550100009";

async function world(type: "llm" | "acp") {
  const bench = await CommandBench.of({ channels: { imessage: { allowFrom: [owner] } } });
  const controls = {
    cancel: async () => [],
    sessions: {
      describe: async () => ({ type, model: "house/small" }),
      modelFault: (ref: string) => (ref === "nosuch/x" ? "There is none. Providers are: house." : undefined),
      restart: async () => {},
    },
  } as unknown as GatewayControls;
  let rows = 0;
  const says = async (text: string) => {
    const message = row(++rows, { text, guid: `G-${rows}`, from: owner });
    const [said] = await bench.run("model", message, { isOwner: true }, controls);
    return said!.text;
  };
  const chosen = async () => (await bench.store.bindings.settings("agent:main:main")).model;
  return { says, chosen };
}

it("refuses a model that cannot be asked at once, with what exists, and keeps the one before", async () => {
  const { says, chosen } = await world("llm");
  // A file before a command is none of its words.
  expect(await says("\ufffc/model house/big")).toBe("model: house/big, from the next message on.");
  expect(await says("/model nosuch/x")).toBe(
    "There is none. Providers are: house. The model stays as it was.",
  );
  expect(await chosen()).toBe("house/big");
  expect(await says("/model default")).toBe("model: as configured, from the next message on.");
});

it("leaves it to an ACP agent which models it knows", async () => {
  const { says } = await world("acp");
  expect(await says("/model nosuch/x")).toBe("model: nosuch/x, from the next message on.");
});
