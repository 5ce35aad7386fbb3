import { expect, it } from "vitest";
import { holdsLink } from "./links.js";

it.each([
  "https://example.com/a",
  "See http://localhost:8080",
  "(www.example.com)",
  "Go to example.com now",
  "shop.example.co.uk/offer",
  "bit.ly/abc",
  "tel://+15550100123",
])("sees a link in %j", (text) => {
  expect(holdsLink(text)).toBe(true);
});

it.each([
  "",
  "On time: 6.30, e.g. at Mia's.",
  "mia@example.com",
  "It costs 1.50/hour",
  "node.js or README.md",
  "and/or",
  "10:30",
])("sees none in %j", (text) => {
  expect(holdsLink(text)).toBe(false);
});
