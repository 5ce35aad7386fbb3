import {
  type Actor,
  actForProgram,
  type BytesOfFile,
  filesOfPerson,
  mediaOf,
  sendForProgram,
} from "../actions/index.js";
import { type Config, defaultAccountId, normalizeId, resolveAccount } from "../config/index.js";
import type { ControlMethods } from "../control/index.js";
import { deliveryOf, sentMessage } from "../outbound/index.js";
import { TapbackError } from "../platform/index.js";
import type { Store } from "../store/index.js";
import type { AccountRuntime } from "./account/account.js";
import type { Gateway, OutgoingMessage } from "./contract.js";

/** What a person at the command line acts through. */
export interface MessageControlDeps {
  config: () => Config;
  store: () => Store;
  stateDir: string;
  runtimeOf: (account: string) => AccountRuntime | undefined;
  /** Why an account is served elsewhere; undefined when it is not. */
  elsewhere: (account: string) => TapbackError | undefined;
}

/** The actions of the running gateway for a person at the command line (behaviour 11.4, 17.7), and what a program sends. */
export function messageControl(deps: MessageControlDeps): Pick<
  ControlMethods,
  "message.act" | "message.actions" | "message.status"
> &
  Pick<Gateway, "act"> & {
    /** @param message with its files as bytes, where it is not with `media` @param askedBy as in `ActionRecord` */
    send: (
      message: OutgoingMessage & { files?: readonly BytesOfFile[] },
      askedBy?: string,
    ) => ReturnType<Gateway["send"]>;
  } {
  const runtime = (account: string | undefined) => {
    const config = deps.config();
    const id = account ? normalizeId(account) : defaultAccountId(config);
    if (!resolveAccount(config, id)) throw new TapbackError("ACCOUNT_UNKNOWN", `there is no account ${id}`);
    const found = deps.runtimeOf(id);
    if (!found?.actions)
      throw (
        deps.elsewhere(id) ??
        new TapbackError("ACCOUNT_STOPPED", `the account ${id} is not at work`, {
          hint: "Set channels.imessage.enabled to true, and look at `tapback channels status`.",
        })
      );
    return { account: found.account, actions: found.actions, bridge: found.bridge };
  };
  const person = (maxMb: number): Actor => ({ isOwner: true, files: filesOfPerson(deps.stateDir, maxMb) });
  return {
    "message.act": async ({ account, action, parameters }) => {
      const { actions, account: settings } = runtime(account);
      const done = await actions.act(person(settings.mediaMaxMb), action, parameters);
      if (!done.ok) throw done.error;
      return done.value;
    },
    send: async ({ account, key, files, ...parameters }, askedBy) => {
      const { actions, account: settings } = runtime(account);
      const store = deps.store();
      const actor = { ...person(settings.mediaMaxMb), ...(askedBy !== undefined && { askedBy }) };
      if (!files) return sendForProgram({ actions, store }, actor, parameters, key);
      const { media, given } = mediaOf(files);
      const withFiles = { ...actor, files: { ...actor.files, given } };
      return sendForProgram({ actions, store }, withFiles, { ...parameters, media }, key);
    },
    act: async (action, { account, key, ...parameters }) => {
      const { actions, account: settings } = runtime(account);
      return actForProgram(actions, person(settings.mediaMaxMb), action, parameters, key);
    },
    "message.actions": async ({ account, parameters }) => {
      const { actions, bridge, account: settings } = runtime(account);
      await bridge?.actions.support("react");
      const actor = person(settings.mediaMaxMb);
      const isNamed = Object.keys(parameters).length > 0;
      const named = isNamed ? await actions.where(actor, parameters) : undefined;
      if (named && !named.ok) throw named.error;
      return actions.offers(actor, named?.value);
    },
    "message.status": async ({ account, message }) => {
      const { bridge, account: settings } = runtime(account);
      const store = deps.store();
      const item = await sentMessage(store, settings.id, message);
      const found = item.guid === undefined ? undefined : await bridge?.actions.sendStatus(item.guid);
      if (found?.state === "done" && found.facts.state !== "pending")
        await store.outbox.noteDelivery(item.id, { ...deliveryOf(found.facts), checkedAt: Date.now() });
      const askedBy = await store.actions.askerOf(settings.id, item.id);
      return { ...(await store.outbox.get(item.id))!, askedBy };
    },
  };
}
