import type {
  Ability,
  ActionOutcome,
  Capabilities,
  ChatRef,
  DeliveryFacts,
  GroupChange,
  MacActions,
  Support,
} from "../abilities.js";
import { BridgeError } from "../error.js";
import { whereImsgReads } from "../ssh/files-there.js";
import { type CallPath, callBridge } from "./bridge-call.js";
import type { Known } from "./capability-cache.js";
import { fault } from "./faults.js";
import type { ImsgMethods, MethodName } from "./methods.js";

/** The actions of `imsg`, each after a look at what the build and its bridge can do. */
export class ImsgActions implements MacActions {
  constructor(private readonly path: CallPath) {}

  capabilities(): Capabilities | undefined {
    return this.path.cache.look()?.capabilities;
  }

  async support(ability: Ability): Promise<Support | undefined> {
    return (await this.path.cache.settled())?.capabilities.can(ability);
  }

  async probe(): Promise<Capabilities | undefined> {
    return (await this.path.cache.probe())?.capabilities;
  }

  async react(chat: ChatRef, message: string, reaction: string, remove: boolean): Promise<ActionOutcome> {
    const ability = /^[a-z]+$/.test(reaction) ? "react" : "reactWithEmoji";
    const params = { message_id: message, reaction, ...(remove && { remove }) };
    return this.#do(ability, "tapback", { ...key(chat), ...params });
  }

  edit(chat: ChatRef, message: string, text: string): Promise<ActionOutcome> {
    return this.#do("edit", "message.edit", { ...key(chat), message_id: message, text });
  }

  unsend(chat: ChatRef, message: string): Promise<ActionOutcome> {
    return this.#do("unsend", "message.unsend", { ...key(chat), message_id: message });
  }

  changeGroup(chat: ChatRef, change: GroupChange): Promise<ActionOutcome> {
    const at = key(chat);
    switch (change.kind) {
      case "renameGroup":
        return this.#do(change.kind, "group.rename", { ...at, name: change.name });
      case "setGroupIcon":
        return this.#setIcon(at, change.file);
      case "addParticipant":
        return this.#do(change.kind, "group.addParticipant", { ...at, address: change.address });
      case "removeParticipant":
        return this.#do(change.kind, "group.removeParticipant", { ...at, address: change.address });
      case "leaveGroup":
        return this.#do(change.kind, "group.leave", at);
    }
  }

  async #setIcon(at: ReturnType<typeof key>, file: string | undefined): Promise<ActionOutcome> {
    const set = (params: { file?: string }) =>
      this.#do("setGroupIcon", "group.setIcon", { ...at, ...params });
    if (file === undefined) return set({});
    try {
      return await whereImsgReads(this.path.files, file, (path) => set({ file: path }));
    } catch (error) {
      return failed(error);
    }
  }

  poll(
    chat: ChatRef,
    { question, options, replyTo }: { question: string; options: string[]; replyTo?: string },
  ): Promise<ActionOutcome> {
    const params = { question, options, ...(replyTo !== undefined && { reply_to: replyTo }) };
    return this.#do("poll", "poll.send", { ...key(chat), ...params });
  }

  vote(
    chat: ChatRef,
    poll: string,
    option: { id: string } | { index: number } | { text: string },
  ): Promise<ActionOutcome> {
    const chosen =
      "id" in option
        ? { option_id: option.id }
        : "index" in option
          ? { option_index: option.index }
          : { option: option.text };
    return this.#do("pollVote", "poll.vote", { ...key(chat), poll_guid: poll, ...chosen });
  }

  typing(chat: ChatRef, on: boolean): Promise<ActionOutcome> {
    return this.#ifKnown("typing", "typing", { ...key(chat), typing: on });
  }

  read(chat: ChatRef): Promise<ActionOutcome> {
    return this.#ifKnown("read", "read", key(chat));
  }

  async sendStatus(guid: string): Promise<ActionOutcome<DeliveryFacts>> {
    const known = this.path.cache.look();
    if (known === undefined) return notKnown;
    const support = known.capabilities.can("sendStatus");
    if (!support.supported) return { state: "unsupported", missing: support.missing, why: support.why };
    try {
      return { state: "done", facts: deliveryOf(await this.path.call("message.send_status", { guid })) };
    } catch (error) {
      return failed(error);
    }
  }

  /** What is known settles it: before 0.14 a call without the bridge would restart Messages (protocol reference 3.2). */
  async #do<M extends MethodName>(
    ability: Ability,
    method: M,
    params: ImsgMethods[M]["params"],
  ): Promise<ActionOutcome> {
    const { cache } = this.path;
    const known = await cache.settled();
    if (known === undefined) return { state: "failed", error: cache.failure ?? fault("BRIDGE_UNAVAILABLE") };
    return this.#call(known, ability, method, params);
  }

  async #ifKnown<M extends "typing" | "read">(
    ability: Ability,
    method: M,
    params: ImsgMethods[M]["params"],
  ): Promise<ActionOutcome> {
    const known = this.path.cache.look();
    return known === undefined ? notKnown : this.#call(known, ability, method, params);
  }

  async #call<M extends MethodName>(
    known: Known,
    ability: Ability,
    method: M,
    params: ImsgMethods[M]["params"],
  ): Promise<ActionOutcome> {
    const support = known.capabilities.can(ability);
    if (!support.supported) return { state: "unsupported", missing: support.missing, why: support.why };
    try {
      const { ok, guid } = await callBridge(this.path, known, method, params);
      if (ok !== true)
        return { state: "failed", error: fault("PROTOCOL", { detail: "answered without ok" }) };
      return { state: "done", facts: typeof guid === "string" && guid !== "" ? { guid } : {} };
    } catch (error) {
      return failed(error);
    }
  }
}

const notKnown = {
  state: "unsupported",
  missing: "bridge",
  why: "it is not known yet what this Mac can do",
} as const;

function failed(error: unknown): { state: "failed"; error: BridgeError } {
  if (error instanceof BridgeError) return { state: "failed", error };
  throw error;
}

function key({ id, guid }: ChatRef): { chat_id: number } | { chat_guid: string } {
  return id > 0 ? { chat_id: id } : { chat_guid: guid };
}

function deliveryOf(answer: ImsgMethods["message.send_status"]["result"]): DeliveryFacts {
  const { date_read, was_downgraded } = answer.status_fields ?? {};
  const time = (value: unknown) => (typeof value === "string" ? Date.parse(value) : Number.NaN);
  const deliveredAt = time(answer.delivered_at);
  const readAt = time(date_read);
  return {
    state: answer.send_state,
    ...(typeof answer.service === "string" && { service: answer.service }),
    ...(Number.isFinite(deliveredAt) && { deliveredAt }),
    ...(Number.isFinite(readAt) && { readAt }),
    downgraded: was_downgraded === true,
  };
}
