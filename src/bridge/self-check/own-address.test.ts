import { expect, it } from "vitest";
import { BridgeError } from "../error.js";
import { addressesIn } from "../imsg/account.js";
import type { MacReader } from "../mac.js";
import { findOwnAddress } from "./own-address.js";

/** A Mac whose chats, and the rows in each, tell what they are given. */
const macWith = (chats: object[], rows: object[], addresses: string[]) => ({
  look: async <T>(work: (reader: MacReader) => Promise<T>) =>
    work({ chats: async () => chats as never, history: async () => rows as never }),
  addresses: async () => addresses,
});

it("takes the address of the newest rows before what lists and the account name", async () => {
  const chat = { id: 1, ownAddresses: ["login@example.com"] };
  const rows = [{ destination: undefined }, { destination: "+15550100999" }];
  expect(await findOwnAddress(macWith([chat], rows, ["alias@example.com"]), 100)).toBe("+15550100999");
  expect(await findOwnAddress(macWith([chat], [{}], ["alias@example.com"]), 100)).toBe("login@example.com");
  expect(await findOwnAddress(macWith([], [], ["alias@example.com"]), 100)).toBe("alias@example.com");
  expect(await findOwnAddress(macWith([], [], []), 100)).toBeUndefined();
});

it("asks the account where the database may not be read", async () => {
  const refused = async () => {
    throw new BridgeError("PERMISSION_FULL_DISK_ACCESS", "no", { disposition: "not_sent", retryable: false });
  };
  expect(await findOwnAddress({ look: refused, addresses: async () => ["+15550100999"] }, 100)).toBe(
    "+15550100999",
  );
});

it("reads what imsg account prints, numbers first", () => {
  const printed = { vetted_aliases: ["me@example.com", "+15550100999"], login: "E:me@example.com" };
  expect(addressesIn(`note\n${JSON.stringify(printed)}\n`)).toEqual(["+15550100999", "me@example.com"]);
  expect(addressesIn('{"login":"P:+15550100999"}')).toEqual(["+15550100999"]);
  for (const odd of ["", "[]", "{}", "no", '{"vetted_aliases":[5]}']) expect(addressesIn(odd)).toEqual([]);
});
