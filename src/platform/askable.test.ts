import { type AddressInfo, createServer } from "node:net";
import { expect, it } from "vitest";
import { askable, unaskedWhy } from "./askable.js";

const basic = (words: string) => ({ authorization: `Basic ${Buffer.from(words).toString("base64")}` });

it.each([
  ["https://user:s3cret@example.com/a?b=c", "https://example.com/a?b=c", basic("user:s3cret")],
  ["https://user@example.com", "https://example.com/", basic("user:")],
  ["https://:s3cret@example.com/", "https://example.com/", basic(":s3cret")],
  ["https://a%40b:p%3Aw%C3%BC@example.com/", "https://example.com/", basic("a@b:p:wü")],
  ["https://user:50%@example.com/", "https://example.com/", basic("user:50%")],
  ["https://example.com/@a", "https://example.com/@a", {}],
  ["https://example.com", "https://example.com", {}],
])("asks %s at %s", (url, bare, headers) => {
  expect(askable(url)).toEqual({ url: bare, headers });
});

it("leaves a header as it was set", () => {
  const headers = { Authorization: "Bearer x", "x-more": "y" };
  expect(askable("https://user:s3cret@example.com/", headers)).toEqual({
    url: "https://example.com/",
    headers,
  });
  expect(askable("https://user:s3cret@example.com/", { "x-more": "y" }).headers).toEqual({
    ...basic("user:s3cret"),
    "x-more": "y",
  });
});

it("tells why there was no answer in a code, and never in the words of an error", async () => {
  const why = (url: string) => fetch(url).then(() => "answered", unaskedWhy);
  expect(await why("http://127.0.0.1:1/")).toBe("it could not be asked");
  expect(await why("http://user:s3cret@127.0.0.1/")).toBe("it could not be asked");
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  expect(await why(`http://127.0.0.1:${port}/`)).toBe("ECONNREFUSED");
});
