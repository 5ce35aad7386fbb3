import type { ErrorTexts } from "./error-text.js";

/** Errors of the interface for programs over HTTP, and of its tokens. */
export const apiErrors = {
  TOKEN_EXISTS: {
    happened: "There is a token of this name already.",
    remedy: "Choose another name, or take the old one back first with `tapback token revoke NAME`.",
  },
  TOKEN_UNKNOWN: {
    happened: "There is no token of this name.",
    remedy: "List them with `tapback token list`.",
  },
  CHAT_UNNAMED: {
    happened:
      "The gateway has seen no message in the chat with this number, so that a token cannot be bound to it.",
    remedy: "Name the chat by its GUID or by the person, e.g. chat_guid:iMessage;+;chat123 or +15550100123.",
  },
  TOKEN_REFUSED: {
    happened: "The request has no token, or one that is not good: mistyped, expired or revoked.",
    remedy: "Send the header `Authorization: Bearer TOKEN`; `tapback token add` makes a token.",
  },
  SCOPE_MISSING: {
    happened: "The token is not good for requests of this kind.",
    remedy: "Make a token with the scope that the request needs: `tapback token add NAME --scopes …`.",
  },
  RATE_LIMITED: {
    happened: "The token was used too often within a minute.",
    remedy: "Wait as long as the header `Retry-After` says; `tapback token add --per-minute` allows more.",
  },
  API_UNREACHABLE: {
    happened: "The API of the gateway does not answer, or something else answers in its place.",
    remedy: "Look whether the gateway runs, and where its API listens: `tapback channels status`.",
  },
  RESOURCE_UNKNOWN: {
    happened: "There is no such thing that this token may see.",
    remedy: "Look at the address, and at what the token reaches: `tapback token list`.",
  },
  REQUEST_INVALID: {
    happened: "The request does not fit the interface.",
    remedy: "The reference (docs/reference/api.md) and `/v1/openapi.json` say what each request takes.",
  },
  REQUEST_TOO_LARGE: {
    happened: "The body of the request is too large.",
    remedy: "Send at most 256 KB.",
  },
  REQUEST_TYPE: {
    happened: "The body of the request is no JSON, by its header `Content-Type`.",
    remedy: "Send JSON with the header `Content-Type: application/json`.",
  },
  HOST_REFUSED: {
    happened:
      "The request names a host that is not this gateway's: a page in a browser may have been led here.",
    remedy: "Use the address that `tapback channels status` shows; a proxy has to send it as `Host`.",
  },
  ORIGIN_REFUSED: {
    happened: "A page of somebody else made the browser send this request to the console.",
    remedy: "Open the console with `tapback console`, and use it there.",
  },
  CONSOLE_LOCKED: {
    happened: "This browser is not let into the console, or not any more.",
    remedy: "Open it with `tapback console` on the machine of the gateway.",
  },
  CONSOLE_OFF: {
    happened: "The gateway does not serve the console.",
    remedy:
      "Turn it on with `tapback config set gateway.console.enabled true`; a running gateway takes it up.",
  },
  PHONE_REFUSED: {
    happened: "The simulator did not write what the phone in the browser sent.",
    remedy: "Look at the address, the group and the text; only an account on the simulator has such a phone.",
  },
  PORT_TAKEN: {
    happened: "Another program listens on the port of the API or the console already.",
    remedy:
      "Choose another with gateway.api.port or gateway.console.port, or 0 for any free one; the gateway tries again by itself.",
  },
  LISTEN_FAILED: {
    happened: "The address of the API or the console cannot be listened on.",
    remedy:
      "Set gateway.api.host or gateway.console.host to an address of this machine, and a port above 1023.",
  },
} satisfies ErrorTexts;
