import { describe, expect, it } from "vitest";
import { checkOrigin, cookieOf } from "./guard.js";

const host = "127.0.0.1:8080";

function refuses(method: string, headers: Record<string, string>, isPage = false): boolean {
  try {
    checkOrigin(new Request(`http://${host}/console/x`, { method, headers: { host, ...headers } }), isPage);
    return false;
  } catch (error) {
    expect(error).toMatchObject({ code: "ORIGIN_REFUSED" });
    return true;
  }
}

describe("where a request comes from", () => {
  it.each([
    ["the page reads", "GET", { "sec-fetch-site": "same-origin" }],
    ["the page changes", "POST", { origin: `http://${host}`, "sec-fetch-site": "same-origin" }],
    ["the address line", "GET", { "sec-fetch-site": "none", "sec-fetch-mode": "navigate" }],
    ["a program reads", "GET", {}],
  ])("lets through: %s", (_, method, headers) => {
    expect(refuses(method, headers as Record<string, string>)).toBe(false);
  });

  it.each([
    ["a form of another page", "POST", { origin: "http://evil.example", "sec-fetch-site": "cross-site" }],
    ["another port of this machine", "POST", { origin: "http://127.0.0.1:9999" }],
    ["another name of this machine", "POST", { origin: "http://localhost:8080" }],
    ["the same name over https", "POST", { origin: `https://${host}` }],
    ["a frame without an origin", "POST", { origin: "null" }],
    ["nobody says where from", "POST", {}],
    ["another site reads", "GET", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" }],
    ["another port reads", "GET", { "sec-fetch-site": "same-site" }],
    ["another site reads with its origin", "GET", { origin: "http://evil.example" }],
    [
      "a followed link to what is no page",
      "GET",
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" },
    ],
  ])("refuses: %s", (_, method, headers) => {
    expect(refuses(method, headers as Record<string, string>)).toBe(true);
  });

  it("lets a followed link lead to a page, and nothing else from elsewhere", () => {
    const site = { "sec-fetch-site": "cross-site" };
    expect(refuses("GET", { ...site, "sec-fetch-mode": "navigate" }, true)).toBe(false);
    expect(refuses("GET", { ...site, "sec-fetch-mode": "no-cors" }, true)).toBe(true);
    expect(
      refuses("POST", { ...site, "sec-fetch-mode": "navigate", origin: "http://evil.example" }, true),
    ).toBe(true);
  });
});

it("finds a cookie by its whole name", () => {
  const request = new Request("http://x/", { headers: { cookie: "a=1; my_name=no; name=b=c; name=d" } });
  expect(cookieOf(request, "name")).toBe("b=c");
  expect(cookieOf(request, "na")).toBeUndefined();
  expect(cookieOf(new Request("http://x/"), "name")).toBeUndefined();
});
