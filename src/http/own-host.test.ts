import { expect, it } from "vitest";
import { isOwnHost } from "./own-host.js";

it.each([
  ["127.0.0.1:8080", "127.0.0.1"],
  ["[::1]:8080", "::1"],
  ["192.168.1.7", "0.0.0.0"],
  ["localhost:9", "127.0.0.1"],
  ["Mini.local:9", "mini.LOCAL"],
])("takes %s for its own on %s", (header, host) => {
  expect(isOwnHost(header, host)).toBe(true);
});

it.each([
  ["evil.example:8080", "127.0.0.1"],
  ["127.0.0.1.evil.example", "127.0.0.1"],
  ["mini.local", "127.0.0.1"],
  ["localhost.evil.example", "localhost"],
  ["127.0.0.1:8080:9", "127.0.0.1"],
  ["user@127.0.0.1", "127.0.0.1"],
  ["[evil.example]", "::1"],
  ["", ""],
  [null, ""],
])("refuses %s on %s", (header, host) => {
  expect(isOwnHost(header, host)).toBe(false);
});
