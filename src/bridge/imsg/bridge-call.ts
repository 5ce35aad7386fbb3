import type { RemoteFiles } from "../contract.js";
import { BridgeError, notBegun } from "../error.js";
import { argumentFor } from "../ssh/arguments.js";
import { formOf } from "./capabilities.js";
import type { CapabilityCache, ProbedCapabilities } from "./capability-cache.js";
import { shakes } from "./capability-cache.js";
import { type Captured, capture } from "./capture.js";
import type { CallOptions } from "./client.js";
import type { ImsgCommand } from "./command.js";
import { commandLine } from "./command-forms.js";
import { fault } from "./faults.js";
import { type ImsgMethods, type MethodName, timeoutOf } from "./methods.js";
import { rpcError } from "./rpc-error.js";

/** More chats than are looked through cannot be listed in one answer in time (protocol reference 5.1). */
const mostChats = 1000;

/** What calls of the private API are made through. */
export interface CallPath {
  /** Over the running child. */
  call<M extends MethodName>(
    method: M,
    params: ImsgMethods[M]["params"],
    options?: CallOptions,
  ): Promise<ImsgMethods[M]["result"]>;
  /** For builds that have a method as a command alone. */
  command: ImsgCommand;
  /** Files of the Mac, when it is another machine. */
  files?: RemoteFiles | undefined;
  cache: CapabilityCache;
}

/**
 * Calls a method of the private API in the form that the build has.
 * @returns the answer's fields; those of a command have other names, of which `messageGuid` becomes `guid`
 * @throws BridgeError; one that speaks against what is known makes the next call probe first
 */
export async function callBridge<M extends MethodName>(
  path: CallPath,
  known: ProbedCapabilities,
  method: M,
  params: ImsgMethods[M]["params"],
): Promise<Record<string, unknown>> {
  try {
    if (formOf(known.status, method) !== "command")
      return { ...(await path.call(method, params)) } as Record<string, unknown>;
    const named = await withGuid(path, { ...params }).catch((error: unknown) => {
      throw error instanceof BridgeError ? notBegun(error) : error;
    });
    if (path.command.mayWrite?.() === false) throw fault("LEASE_OVER");
    return await runCommand(path.command, method, named);
  } catch (error) {
    if (error instanceof BridgeError && shakes(error)) path.cache.doubt();
    throw error;
  }
}

/** Commands name a chat by its GUID alone. */
async function withGuid(path: CallPath, params: Record<string, unknown>): Promise<Record<string, unknown>> {
  const { chat_id, ...rest } = params;
  if (chat_id === undefined) return params;
  const { chats } = await path.call("chats.list", { limit: mostChats });
  const chat = chats.find(({ id }) => id === chat_id);
  if (chat === undefined) throw fault("CHAT_NOT_FOUND", { detail: `chat_id ${String(chat_id)}` });
  return { ...rest, chat_guid: chat.guid };
}

async function runCommand(
  command: ImsgCommand,
  method: MethodName,
  params: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const quote = (text: string) => argumentFor(command.argumentReader ?? "nobody", text);
  const args = commandLine(method, params, command.dbPath, quote);
  if (args === undefined) throw fault("METHOD_NOT_FOUND", { detail: method });
  const captured = await capture(command, args, timeoutOf(method, params));
  const answer = lastLine(captured);
  if (captured.exitCode !== 0 || answer.success === false) {
    const said = typeof answer.error === "string" ? answer.error : captured.stderr.trim();
    throw rpcError({ code: -32603, message: said || `imsg ${args[0]} ended with ${captured.exitCode}` });
  }
  const guid = answer.messageGuid;
  return { ok: true, ...(typeof guid === "string" && guid !== "" ? { guid } : {}) };
}

/** A caller parses the last line that is not empty (protocol reference 5). */
function lastLine({ stdout }: Captured): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
