import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rpcError } from "./rpc-error.js";

const internal = (data: string) => ({ code: -32603, message: "Internal error", data });
const delivery = (disposition: string, retry_safe: boolean, detail = "x") => ({
  retry_safe,
  disposition,
  transport: "bridge",
  operation: "send-message",
  detail,
});

describe("an error of imsg", () => {
  it.each([
    [
      internal("AppleScript failed: Not authorized to send Apple events to Messages. (-1743)"),
      "PERMISSION_AUTOMATION",
      "not_sent",
      false,
    ],
    [internal("AppleScript failed: Can’t get chat id … (-1728)"), "CHAT_NOT_FOUND", "not_sent", false],
    [
      internal("AppleScript failed: Messages got an error: Application isn’t running. (-600)"),
      "MESSAGES_NOT_RUNNING",
      "not_sent",
      true,
    ],
    [internal("AppleScript failed: AppleEvent timed out. (-1712)"), "MESSAGES_TIMEOUT", "unknown", true],
    [
      internal("AppleScript failed: Messages accepted it but wrote an unjoined empty outgoing row (5030)"),
      "GHOST_ROW",
      "not_sent",
      false,
    ],
    [
      internal(
        "AppleScript failed: Can’t get 1st account whose service type = iMessage. Invalid index. (-1719)",
      ),
      "SERVICE_UNAVAILABLE",
      "not_sent",
      false,
    ],
    [internal("AppleScript failed: something else (-10004)"), "APPLESCRIPT_FAILED", "unknown", false],
    [internal("Timed out waiting for response to 'send-message'"), "BRIDGE_TIMEOUT", "unknown", true],
    [internal("Dylib error: Chat not found: any;-;+1"), "CHAT_NOT_FOUND", "not_sent", false],
    [internal("Dylib error: no idea"), "BRIDGE_FAILED", "unknown", false],
    [internal("System Integrity Protection (SIP) is enabled"), "BRIDGE_UNAVAILABLE", "not_sent", false],
    [internal("database is locked (code: 5)"), "DATABASE_LOCKED", "unknown", true],
    [
      internal("unable to open database file\nGrant Full Disk Access permission … /Users/b/chat.db"),
      "PERMISSION_FULL_DISK_ACCESS",
      "not_sent",
      false,
    ],
    [internal("odd"), "IMSG_INTERNAL", "unknown", false],
    [
      { code: -32602, message: "Invalid params", data: "unknown chat_id 9" },
      "CHAT_NOT_FOUND",
      "not_sent",
      false,
    ],
    [
      { code: -32602, message: "Invalid params", data: "text or file is required" },
      "INVALID_PARAMS",
      "not_sent",
      false,
    ],
    [
      { code: -32602, message: "Invalid params", data: "reply_to requires bridge transport" },
      "REPLY_UNSUPPORTED",
      "not_sent",
      false,
    ],
    [{ code: -32601, message: "Method not found", data: "poll.send" }, "METHOD_NOT_FOUND", "not_sent", false],
    [{ code: -32600, message: "Invalid Request", data: "method is required" }, "PROTOCOL", "not_sent", false],
    [{ code: -32000, message: "Server busy", data: "128 outstanding" }, "SERVER_BUSY", "not_sent", true],
    [
      { code: -32001, message: "Delivery outcome unknown", data: delivery("may_have_completed", false) },
      "OUTCOME_UNKNOWN",
      "unknown",
      false,
    ],
    [
      { code: -32001, message: "Delivery outcome unknown", data: delivery("still_in_flight", false) },
      "STILL_IN_FLIGHT",
      "unknown",
      false,
    ],
    [
      {
        code: -32001,
        message: "Delivery outcome unknown",
        data: delivery("may_have_completed", false, "AppleScript failed: AppleEvent timed out. (-1712)"),
      },
      "MESSAGES_TIMEOUT",
      "unknown",
      false,
    ],
    [
      {
        code: -32002,
        message: "Database unavailable",
        data: { path: "/p", detail: "closed", retryable: true },
      },
      "DATABASE_UNAVAILABLE",
      "not_sent",
      true,
    ],
    [
      {
        code: -32002,
        message: "Database unavailable",
        data: { path: "/p", detail: "authorization denied (code: 23)", retryable: true },
      },
      "PERMISSION_FULL_DISK_ACCESS",
      "not_sent",
      true,
    ],
    [
      { code: -32003, message: "Bridge unavailable", data: { detail: "down", retryable: true } },
      "BRIDGE_UNAVAILABLE",
      "not_sent",
      true,
    ],
    [
      { code: -32004, message: "Mutation lane blocked", data: delivery("still_in_flight", false) },
      "LANE_BLOCKED",
      "not_sent",
      true,
    ],
    [{ code: -32001, message: "Read-only mode", data: "tapback" }, "READ_ONLY", "not_sent", false],
    [
      {
        code: -32603,
        message: "Delivery failed before dispatch",
        data: delivery("not_started", true, "attempt_id already identifies a message; choose a new UUID"),
      },
      "ALREADY_HANDED_OVER",
      "not_sent",
      true,
    ],
    [
      { code: -32603, message: "Delivery failed before dispatch", data: delivery("not_started", true) },
      "NOT_STARTED",
      "not_sent",
      true,
    ],
    [
      {
        code: -32603,
        message: "Delivery failed before dispatch",
        data: delivery("not_started", true, "AppleScript failed: -1712"),
      },
      "MESSAGES_TIMEOUT",
      "not_sent",
      true,
    ],
  ])("%j is %s, %s", (error, code, disposition, retryable) => {
    expect(rpcError(error)).toMatchObject({ code, disposition, retryable });
  });

  it("names a remedy wherever a person has to act", () => {
    for (const data of [
      "-1743",
      "-1728",
      "Full Disk Access … chat.db",
      "wrote an unjoined empty outgoing row",
    ])
      expect(rpcError(internal(`AppleScript failed: ${data}`)).hint).toBeTruthy();
  });

  it("keeps addresses and quoted text out of its message", () => {
    const text = 'AppleScript failed: Can’t get buddy "+15550100123" of mia@example.com, “my secret plan”';
    const { message } = rpcError(internal(text));
    expect(message).toContain("AppleScript failed");
    expect(message).not.toMatch(/5550100|mia@|secret/);
  });

  it("never throws, and never calls an unreadable error harmless", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(rpcError({ code: -32603, data: value }).code).toMatch(/^[A-Z_]+$/);
        expect(rpcError(value).code).toMatch(/^[A-Z_]+$/);
      }),
    );
    expect(rpcError(undefined)).toMatchObject({ code: "IMSG_INTERNAL", disposition: "unknown" });
  });
});
