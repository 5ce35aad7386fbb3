import { expect, it } from "vitest";
import type { Recording } from "../../doctor/index.js";
import { fixtureOf } from "./fixture.js";

const guid = "6E0F2C1A-0B7D-4C51-9C0E-5D1B7A3F1001";

it("replaces people, names, paths and words that no rule knows, and keeps the run's own", () => {
  const message = {
    id: 12,
    guid,
    chat_guid: "any;-;bot@example.com",
    chat_identifier: "bot@example.com",
    chat_name: "Kim Doe",
    participants: ["bot@example.com"],
    sender: "+15550100123",
    sender_name: "Kim Doe",
    is_from_me: true,
    text: "Tapback test zqx: text",
    created_at: "2026-05-09T06:13:20.000Z",
    attachments: [
      { filename: "/Users/kim.doe/Library/Messages/tapback-test-zqx.txt", mime_type: "text/plain" },
    ],
    something_new: "Kim lives in Rome",
  };
  const error = { code: -32603, message: "refused to bot@example.com at /Users/kim.doe/Library (-1743)" };
  const recording: Recording = {
    mark: "zqx",
    address: "bot@example.com",
    frames: [
      { ms: 5, to: "gateway", frame: { jsonrpc: "2.0", method: "message", params: { message } } },
      { ms: 6, to: "gateway", frame: { jsonrpc: "2.0", id: 3, error } },
    ],
    account: { stages: [], privateApi: undefined } as never,
  };
  const fixture = fixtureOf(recording, [{ check: "live.send", level: "ok", detail: "of bot@example.com" }]);
  for (const somebody of ["Kim", "kim", "doe", "bot@example", "example.com", "5550100123", "Rome", "/Users/"])
    expect(fixture).not.toContain(somebody);
  const [head, first, second] = fixture
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(head).toMatchObject({
    format: "tapback-live",
    version: 1,
    mark: "zqx",
    steps: [{ check: "live.send" }],
  });
  const told = first.frame.params.message;
  // The same person is the same stand-in everywhere.
  expect(told).toMatchObject({
    id: 12,
    guid,
    chat_identifier: head.address,
    chat_guid: `any;-;${head.address}`,
    text: "Tapback test zqx: text",
    created_at: "2026-05-09T06:13:20.000Z",
  });
  expect(told.attachments[0].filename).toMatch(/\/tapback-test-zqx\.txt$/);
  expect(second.frame.error).toMatchObject({ code: -32603, message: expect.stringContaining("(-1743)") });
});
