import type {
  Ability,
  ActionOutcome,
  Capabilities,
  ChatRef,
  DeliveryFacts,
  MacAction,
  MacActionParameters,
  MacActions,
  Support,
} from "../abilities.js";
import { BridgeError } from "../error.js";
import { whereImsgReads } from "../ssh/files-there.js";
import { actionRow } from "./ability-methods.js";
import { type CallPath, callBridge } from "./bridge-call.js";
import type { ProbedCapabilities } from "./capability-cache.js";
import { fault } from "./faults.js";
import type { ImsgMethods, MethodName } from "./methods.js";

/** What `imsg` does beside sending, each after a look at what the build and its bridge can do. */
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

  async act<Action extends MacAction>(
    action: Action,
    chat: ChatRef,
    parameters: MacActionParameters[Action],
  ): Promise<ActionOutcome> {
    if (!("file" in parameters)) return this.#act(action, chat, parameters);
    try {
      return await whereImsgReads(this.path.files, parameters.file, (file) =>
        this.#act(action, chat, { ...parameters, file }),
      );
    } catch (error) {
      return failed(error);
    }
  }

  typing(chat: ChatRef, on: boolean): Promise<ActionOutcome> {
    return this.#ifKnown("typing", "typing", { ...key(chat), typing: on });
  }

  read(chat: ChatRef): Promise<ActionOutcome> {
    return this.#ifKnown("read", "read", key(chat));
  }

  async sendStatus(guid: string): Promise<ActionOutcome<DeliveryFacts>> {
    const known = this.path.cache.look() ?? (await this.path.cache.settled());
    if (known === undefined) return notKnown;
    const support = known.capabilities.can("sendStatus");
    if (!support.supported) return { state: "unsupported", missing: support.missing, why: support.why };
    try {
      return { state: "done", facts: deliveryOf(await this.path.call("message.send_status", { guid })) };
    } catch (error) {
      return failed(error);
    }
  }

  async offersContact(chat: ChatRef): Promise<ActionOutcome<{ offers: boolean }>> {
    const known = await this.path.cache.settled();
    if (known === undefined) return this.#notKnown();
    const answer = await this.#ask(known, "offersContact", "contacts.shouldShareContact", key(chat));
    if (answer.state !== "done") return answer;
    const { should_offer, can_share, has_personal_nickname } = answer.facts;
    const offers = should_offer === true && can_share !== false && has_personal_nickname !== false;
    return { state: "done", facts: { offers } };
  }

  async shareContact(chat: ChatRef): Promise<ActionOutcome> {
    const known = await this.path.cache.settled();
    if (known === undefined) return this.#notKnown();
    return this.#call(known, "shareContact", "contacts.shareContactCard", key(chat));
  }

  /** What is known settles it: before 0.14 a call without the bridge would restart Messages (protocol reference 3.2). */
  async #act<Action extends MacAction>(
    action: Action,
    chat: ChatRef,
    parameters: MacActionParameters[Action],
  ): Promise<ActionOutcome> {
    const { method, params, ability } = actionRow(action);
    const known = await this.path.cache.settled();
    if (known === undefined) return this.#notKnown();
    // The row was checked against its method where it is written.
    const all = { ...key(chat), ...params(parameters) } as ImsgMethods[typeof method]["params"];
    return this.#call(known, ability?.(parameters) ?? action, method, all);
  }

  async #ifKnown<M extends "typing" | "read">(
    ability: Ability,
    method: M,
    params: ImsgMethods[M]["params"],
  ): Promise<ActionOutcome> {
    const known = this.path.cache.look();
    return known === undefined ? notKnown : this.#call(known, ability, method, params);
  }

  #notKnown(): ActionOutcome<never> {
    return { state: "failed", error: this.path.cache.refusal };
  }

  async #call<M extends MethodName>(
    known: ProbedCapabilities,
    ability: Ability,
    method: M,
    params: ImsgMethods[M]["params"],
  ): Promise<ActionOutcome> {
    const answer = await this.#ask(known, ability, method, params);
    if (answer.state !== "done") return answer;
    const { guid } = answer.facts;
    return { state: "done", facts: typeof guid === "string" && guid !== "" ? { guid } : {} };
  }

  async #ask<M extends MethodName>(
    known: ProbedCapabilities,
    ability: Ability,
    method: M,
    params: ImsgMethods[M]["params"],
  ): Promise<ActionOutcome<Record<string, unknown>>> {
    const support = known.capabilities.can(ability);
    if (!support.supported) return { state: "unsupported", missing: support.missing, why: support.why };
    try {
      const facts = await callBridge(this.path, known, method, params);
      if (facts.ok !== true)
        return { state: "failed", error: fault("PROTOCOL", { detail: "answered without ok" }) };
      return { state: "done", facts };
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
    // `pending` alone says nothing (protocol reference 17).
    isThere: (answer.status_fields ?? null) !== null,
    state: answer.send_state,
    ...(typeof answer.service === "string" && { service: answer.service }),
    ...(Number.isFinite(deliveredAt) && { deliveredAt }),
    ...(Number.isFinite(readAt) && { readAt }),
    downgraded: was_downgraded === true,
  };
}
