import { RpcError } from "./errors.js";

/** A request in its frame. */
export interface Request {
  /** Echoed unchanged; undefined: no answer is wanted. */
  id: unknown;
  method: string;
  params: Record<string, unknown>;
}

/** What macOS says of a line that it cannot read; one that is neither object nor array is none to it. */
const notJson = "The data couldn’t be read because it isn’t in the correct format.";

/**
 * Reads a line as a request (protocol reference 2.1).
 * @param strict the rules of 0.14.0
 * @throws RpcError, with the id to answer where one could be read
 */
export function parseRequest(line: string, strict: boolean): Request {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new FrameError(-32700, "Parse error", notJson, null);
  }
  if (typeof value !== "object" || value === null) throw new FrameError(-32700, "Parse error", notJson, null);
  if (!isObject(value)) throw new FrameError(-32600, "Invalid Request", "request must be an object", null);
  const { id, jsonrpc, method, params } = value;
  const invalid = (reason: string) =>
    new FrameError(-32600, "Invalid Request", reason, strict && !isId(id) ? null : id);
  if (jsonrpc === undefined ? strict : jsonrpc !== "2.0") throw invalid("jsonrpc must be 2.0");
  if (strict && id !== undefined && !isId(id)) throw invalid("id must be a string, a number or null");
  if (typeof method !== "string" || method === "") throw invalid("method is required");
  if (strict && params !== undefined && !isObject(params))
    throw new FrameError(-32602, "Invalid params", "params must be an object", id);
  return { id, method, params: isObject(params) ? params : {} };
}

/** A request that could not be read. */
export class FrameError extends RpcError {
  constructor(
    code: number,
    message: string,
    data: string,
    readonly id: unknown,
  ) {
    super(code, message, data);
  }
}

/** Serializes as imsg does: `/` is escaped, U+2028 is not (protocol reference 1.1 and 12, row 1). */
export function frame(value: Record<string, unknown>): string {
  return JSON.stringify({ jsonrpc: "2.0", ...value }).replaceAll("/", "\\/");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isId(id: unknown): boolean {
  return id === null || id === undefined || typeof id === "string" || typeof id === "number";
}
