import type { ActionOutcome } from "../bridge/index.js";
import { chatKeyOf, formatTarget, normalizeHandle, type Target } from "../conversation/index.js";
import {
  checkRecipient,
  isOwnerOrNamed,
  refuseOptedOut,
  refuseRenumbered,
  removeStaged,
  withPairedOwners,
} from "../outbound/index.js";
import { codeFromOutside, crashPoint, err, ok, type Result, TapbackError } from "../platform/index.js";
import type { ActionRecord } from "../store/index.js";
import type { ActionDeps, Actor } from "./context.js";
import { type Conversation, findConversation, isHome, targetsIn } from "./conversation.js";
import { failed, unavailable } from "./failures.js";
import { draftWaits, type HeldPlan, holdAsDraft } from "./hold-as-draft.js";
import { onInitiative } from "./initiative.js";
import { planOf } from "./make-plan.js";
import { type Offer, offers, refusal, type Situation } from "./offer.js";
import { type ActionRequest, readAction } from "./parameters.js";
import type { Plan } from "./plan.js";
import { loggable, sentFacts } from "./records.js";
import { type ActionName, rowOf } from "./rows/index.js";
import { outOfScope } from "./scope.js";
import { originOf, settled, whyHeld } from "./sends.js";

type JsonObject = Record<string, unknown>;

/** How long an action waits for its message to be sent, milliseconds; after that it says that it is on its way. */
const waitMs = 30_000;

/** Does what agents and people ask for in Messages beside plain answers (behaviour 11). */
export class MessageActions {
  constructor(private readonly deps: ActionDeps) {}

  /** The actions of a conversation, and why others are not on offer. */
  offers(actor: Actor, where = actor.home): Offer[] {
    return offers(this.#situation(actor, where), this.deps.bridge.actions.capabilities());
  }

  /** The conversation that parameters name, for a person who may look at any. */
  async where(actor: Actor, parameters: JsonObject): Promise<Result<Conversation, TapbackError>> {
    const named = targetsIn(parameters, this.deps.settings().region);
    return named.ok ? this.#find(actor, named.value[0]) : named;
  }

  /**
   * Does one action.
   * @param occasion counts, from 0, the times that this turn asked for the same in its present run
   * @returns facts such as `MessageSidFull`, or an error for the agent
   */
  async act(
    actor: Actor,
    action: string,
    parameters: JsonObject,
    occasion = 0,
  ): Promise<Result<JsonObject, TapbackError>> {
    const request = readAction(action, parameters);
    if (!request.ok) return request;
    const { region } = this.deps.settings();
    const named = targetsIn(parameters, region);
    if (!named.ok) return named;
    const outside = outOfScope(actor, request.value.action, named.value, region);
    if (outside) return err(outside);
    // The conversation as it was named: found anew, it may go by another name.
    const asked = actor.keyed
      ? { ...request.value, to: named.value.map((target) => formatTarget(target)) }
      : request.value;
    const known = actor.keyed && (await this.#ofKey(actor.keyed, asked));
    if (known) return known;
    const where = await this.#find(actor, named.value[0]);
    if (!where.ok) return where;
    const refused = await this.#refusal(actor, request.value.action, where.value);
    const approves =
      refused !== undefined && (await this.#mayBeApproved(actor, request.value.action, where.value, refused));
    if (refused && !approves) return err(refused);
    const earlier = await this.#again(actor, request.value, where.value, occasion);
    if (earlier) return earlier;
    const plan = await planOf(request.value, { ...this.deps, actor, where: where.value });
    if (!plan.ok) return plan;
    if ("look" in plan.value) return plan.value.look();
    const held = await holdAsDraft(this.deps, plan.value, {
      actor,
      where: where.value,
      name: request.value.action,
      approves,
    });
    if (!held.ok) return held;
    return this.#carryOut(actor, asked, where.value, held.value ?? plan.value, occasion);
  }

  async #find(actor: Actor, named: Target | undefined): Promise<Result<Conversation, TapbackError>> {
    const { bridge, settings } = this.deps;
    const { region } = settings();
    if (named === undefined || isHome(actor.home, named, region)) {
      if (actor.home) return ok(actor.home);
      if (named === undefined)
        return err(
          new TapbackError("ACTION_PARAMETERS", "a target is needed: chatId, chatGuid, chatIdentifier or to"),
        );
    }
    const found = await findConversation(named, bridge, settings().policy);
    return found.ok ? ok(await this.#asAdmitted(actor, found.value, named)) : found;
  }

  /**
   * A chat in which nobody wrote yet is admitted by its owner, or by how the configuration names it: a turn addresses it so,
   * because that is all that the firewall can judge when the message goes out.
   */
  async #asAdmitted(actor: Actor, where: Conversation, named: Target): Promise<Conversation> {
    if (actor.turnId === undefined || !(await this.#firewall(actor, where))) return where;
    const settings = await withPairedOwners(this.deps.settings(), this.deps.account, this.deps.store);
    const { handle } = where;
    const forms: Target[] = [named];
    if (handle !== undefined)
      forms.push({ kind: "handle", handle: normalizeHandle(handle, settings.region), service: "auto" });
    const target = forms.find((form) => isOwnerOrNamed(form, settings));
    return target ? { ...where, target } : where;
  }

  /** Toggle, group, owner, and the recipient firewall, which stands below every action too (behaviour 10.3). */
  async #refusal(actor: Actor, name: ActionName, where: Conversation): Promise<TapbackError | undefined> {
    return (
      refusal(name, this.#situation(actor, where)) ??
      (await this.#firewall(actor, where)) ??
      (await this.#renumbered(actor, where))
    );
  }

  /** Whether a refusal leaves the way of an owner's yes to this one message (behaviour 10.3a): never to who said STOP. */
  async #mayBeApproved(
    actor: Actor,
    name: ActionName,
    where: Conversation,
    refused: TapbackError,
  ): Promise<boolean> {
    if (refused.code !== "RECIPIENT_REFUSED" || !actor.isOwner || actor.turnId === undefined) return false;
    if (where === actor.home || where.isGroup || !rowOf(name).writes || !actor.holds) return false;
    const { account, store, clock, settings } = this.deps;
    const { target, handle } = where;
    const to = {
      account,
      target,
      chatKey: chatKeyOf(target),
      origin: "turn" as const,
      createdAt: clock.now(),
      handle,
    };
    return (await refuseOptedOut(to, store, settings().region)) === undefined;
  }

  /**
   * A turn that outlives a change of the database finds somebody else under the number of its own conversation; of any other
   * the number was let in by what was written there, as the sender judges it too (behaviour 10.3b).
   */
  async #renumbered(actor: Actor, where: Conversation): Promise<TapbackError | undefined> {
    const { account, store, bridge, clock, settings } = this.deps;
    const { chat, target } = where;
    const isHome = where === actor.home;
    if (actor.turnId === undefined || (isHome && !chat?.guid)) return undefined;
    const own = {
      account,
      target,
      chatKey: chatKeyOf(target),
      origin: originOf(actor),
      createdAt: clock.now(),
    };
    const chats = (limit: number) => bridge.chats(limit);
    try {
      const refused = await refuseRenumbered(
        { ...own, ...(isHome && chat && { chatGuid: chat.guid }) },
        store,
        chats,
        settings().seenAs,
      );
      return refused && new TapbackError(refused.code, refused.message);
    } catch (error) {
      if (error instanceof TapbackError) return error;
      throw error;
    }
  }

  async #firewall(actor: Actor, { target, handle }: Conversation): Promise<TapbackError | undefined> {
    const { account, store, clock, settings } = this.deps;
    const refused = await checkRecipient(
      {
        account,
        target,
        chatKey: chatKeyOf(target),
        origin: originOf(actor),
        createdAt: clock.now(),
        handle,
      },
      store,
      settings(),
    );
    return refused && new TapbackError(refused.code, refused.message);
  }

  /** What a run before a crash did already is answered as it was then, before anything is looked up for it. */
  async #again(
    actor: Actor,
    request: ActionRequest,
    where: Conversation,
    occasion: number,
  ): Promise<Result<JsonObject, TapbackError> | undefined> {
    if (actor.turnId === undefined) return undefined;
    const wanted = JSON.stringify(loggable(request));
    const same = (await this.deps.store.actions.ofTurn(actor.turnId)).filter(
      ({ name, chat, parameters }) =>
        name === request.action &&
        chat === formatTarget(where.target) &&
        JSON.stringify(parameters) === wanted,
    );
    const record = same[occasion];
    if (record === undefined || record.state === "failed") return undefined;
    if (record.state === "done") return ok({ ...record.facts, repeated: true });
    if (record.items.length > 0) return this.#await(request.action, record.id, record.items);
    return err(inDoubt(request.action));
  }

  /** What was begun under a key is told as it is now, before anything is looked up for it. */
  async #ofKey(
    keyed: NonNullable<Actor["keyed"]>,
    request: ActionRequest,
  ): Promise<Result<JsonObject, TapbackError> | undefined> {
    const record = await this.deps.store.actions.ofKey(this.deps.account, keyed.key);
    // Under the key of an action that sent nothing nothing is held, nor is it looked for (behaviour 17.10d).
    return record && record.items.length > 0 ? this.#asBegun(record, keyed, request) : undefined;
  }

  /** @returns undefined for what surely failed: it may be begun anew */
  async #asBegun(
    record: ActionRecord,
    { queued }: NonNullable<Actor["keyed"]>,
    request: ActionRequest,
  ): Promise<Result<JsonObject, TapbackError> | undefined> {
    const { id, name, items, state } = record;
    const said = JSON.stringify(record.parameters);
    // What it said may be forgotten by now.
    if (name !== request.action || (said !== "{}" && said !== JSON.stringify(loggable(request))))
      return err(keyReused());
    if (items.length === 0) return state === "failed" ? undefined : err(inDoubt(request.action));
    const sent = await this.deps.store.outbox.getAll(items);
    if (sent.length === items.length && sent.every((item) => item.state === "not_sent")) return undefined;
    queued(items);
    return this.#await(request.action, id, items);
  }

  async #carryOut(
    actor: Actor,
    request: ActionRequest,
    where: Conversation,
    plan: Exclude<Plan, { look: unknown }> | HeldPlan,
    occasion: number,
  ): Promise<Result<JsonObject, TapbackError>> {
    const { account, store, clock, bridge } = this.deps;
    const name = request.action;
    if ("needs" in plan && plan.needs !== undefined) {
      const support = await bridge.actions.support(plan.needs);
      if (support && !support.supported) return err(unavailable(name, support));
    }
    const { id, items, earlier } = await store.actions.begin(
      {
        account,
        ...{ turnId: actor.turnId, run: actor.run },
        ...(actor.keyed && "sends" in plan && { key: actor.keyed.key }),
        ...(actor.askedBy !== undefined && { askedBy: actor.askedBy }),
        chat: formatTarget(where.target),
        name,
        parameters: loggable(request),
      },
      occasion,
      "sends" in plan ? onInitiative(plan.sends, actor, where) : [],
      clock.now(),
    );
    if (earlier) {
      // Somebody who asks for the same made copies of their own.
      const copies = "sends" in plan ? plan.sends.flatMap(({ file }) => file ?? []) : [];
      for (const file of copies) await removeStaged(file);
      const told = actor.keyed && (await this.#asBegun(earlier, actor.keyed, request));
      return told ?? err(inDoubt(name));
    }
    if ("draft" in plan) crashPoint("draft.part");
    if ("sends" in plan) actor.keyed?.queued(items);
    if ("sends" in plan) return this.#await(name, id, items);
    const outcome = await plan.run();
    return this.#finish(name, id, outcome);
  }

  async #finish(
    name: ActionName,
    id: number,
    outcome: ActionOutcome,
  ): Promise<Result<JsonObject, TapbackError>> {
    const { store, clock } = this.deps;
    if (outcome.state === "done") {
      const facts = await sentFacts(outcome.facts.guid, store, this.deps.account);
      await store.actions.end(id, { state: "done", facts }, clock.now());
      return ok(facts);
    }
    const error =
      outcome.state === "unsupported"
        ? unavailable(name, { supported: false, missing: outcome.missing, why: outcome.why })
        : failed(name, outcome.error);
    const isDoubt = outcome.state === "failed" && outcome.error.disposition === "unknown";
    const told = { code: error.code, message: error.message };
    await store.actions.end(id, { state: isDoubt ? "unknown" : "failed", error: told }, clock.now());
    return err(error);
  }

  /** Waits until the outbox has sent it; what takes longer is on its way, and says so. */
  async #await(name: ActionName, id: number, items: number[]): Promise<Result<JsonObject, TapbackError>> {
    const { store, clock, account } = this.deps;
    const sent = await settled(this.deps, items, waitMs);
    const lost = sent.find(({ state }) => state === "not_sent" || state === "unknown");
    if (lost) {
      const { code, message } = lost.error ?? { code: "NOT_SENT", message: "it was not sent" };
      const error = failed(name, { code: codeFromOutside(code), message });
      const state = lost.state === "unknown" ? "unknown" : "failed";
      await store.actions.end(
        id,
        { state, error: { code: error.code, message: error.message } },
        clock.now(),
      );
      return err(error);
    }
    const { draft } = sent.find(({ state }) => state === "held") ?? {};
    if (draft !== undefined) {
      const facts = { held: draftWaits, draft };
      await store.actions.end(id, { state: "done", facts }, clock.now());
      await store.toDisk();
      return ok(facts);
    }
    const open = sent.some(({ state }) => state === "pending" || state === "sending");
    const held = await whyHeld(store, sent);
    const first = sent.find(({ guid }) => guid !== undefined)?.guid;
    const facts = {
      ...(await sentFacts(first, store, account)),
      ids: items,
      ...(open && { queued: true }),
      ...(held && { held }),
    };
    await store.actions.end(id, { state: "done", facts }, clock.now());
    // Whoever is told that it is on its way does not ask again.
    if (open) await store.toDisk();
    return ok(facts);
  }

  #situation(actor: Actor, where: Conversation | undefined): Situation {
    return {
      toggles: this.deps.settings().toggles,
      isGroup: where?.isGroup ?? false,
      isOwner: actor.isOwner,
    };
  }
}

function keyReused(): TapbackError {
  return new TapbackError("KEY_REUSED", "another message was sent under this key", {
    hint: "Give every message a key of its own, and the same key only to the same message.",
  });
}

function inDoubt(name: ActionName): TapbackError {
  return new TapbackError(
    "OUTCOME_UNKNOWN",
    `iMessage ${name} was begun before a restart and may have happened; it was not repeated`,
    { hint: "Look at the conversation before you ask for it again." },
  );
}
