import type { ChatRow } from "../../messages-app/chats.js";
import { deliver } from "../../messages-app/deliver.js";
import { throughAppleScript } from "../applescript-send.js";
import { overBridge, passBridge } from "../bridge-gate.js";
import { invalidParams, RpcError } from "../errors.js";
import type { Call, Method } from "../method.js";
import { chatOfSend, readSend, type SendRequest } from "../send-request.js";
import { laterFields, lookupDelay, stageFile, threadIn } from "../sent.js";
import { dylibError } from "../target.js";

const send: Method = {
  lane: "mutation",
  async run(call) {
    const wanted = readSend(call);
    const { world } = call;
    const chat = chatOfSend(call, wanted);
    const bridgeReady = world.settings().bridge;
    if (wanted.replyTo !== undefined && (!bridgeReady || wanted.transport === "applescript"))
      throw invalidParams("reply_to requires bridge transport: run imsg launch, or leave reply_to out");
    // A bare identifier reaches the bridge unresolved at 0.9.0 and is not found there (protocol reference 3.5).
    const known = wanted.given.identifier === undefined || world.since("0.10.0") ? chat : undefined;
    const addressed = known ?? (wanted.given.identifier === undefined ? undefined : "unresolved");
    if (wanted.transport === "bridge" && addressed === undefined)
      throw invalidParams("bridge transport requires an existing chat target");
    if (
      wanted.transport !== "applescript" &&
      addressed !== undefined &&
      (wanted.transport === "bridge" || bridgeReady)
    ) {
      try {
        return await throughBridge(call, wanted, known);
      } catch (error) {
        // A thread is the helper's alone (protocol reference 18, item 2).
        const mayGoOn =
          !world.since("0.14.0") || (disposition(error) === "not_started" && wanted.replyTo === undefined);
        if (wanted.transport === "bridge" || !mayGoOn) throw error;
      }
    }
    return throughAppleScript(call, wanted, chat);
  },
};

const throughBridge = overBridge(
  async (call: Call, wanted: SendRequest, chat: ChatRow | undefined): Promise<Record<string, unknown>> => {
    const { world, method } = call;
    const action = wanted.file === "" ? "send-message" : "send-attachment";
    if (wanted.text !== "" && wanted.file !== "" && !world.since("0.15.0"))
      throw invalidParams("bridge transport does not support text and file together");
    await passBridge(call, action);
    if (chat === undefined) throw dylibError(call, action, `Chat not found: ${wanted.given.identifier}`);
    const thread = threadIn(call, wanted.replyTo, action);
    const way = { transport: "bridge", operation: action };
    const files = wanted.file === "" ? [] : [stageFile(call, wanted.file, way)];
    const written = deliver(world, { chat, from: "me", text: wanted.text, files, ...thread }, method);
    await lookupDelay(call);
    const silent = world.faults.fires("no-guid", method) !== undefined;
    return {
      ok: true,
      transport: "bridge",
      ...(silent ? {} : { guid: written.guid, ...laterFields(call, chat, written) }),
    };
  },
);

function disposition(error: unknown): unknown {
  return error instanceof RpcError
    ? (error.data as { disposition?: unknown } | undefined)?.disposition
    : undefined;
}

export const sendingMethods: Record<string, Method> = { send };
