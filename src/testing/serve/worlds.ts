import { TapbackError } from "../../platform/index.js";
import type { Settings } from "../../simulator/index.js";
import { answeredExactlyOnce } from "../kit/answered-once.js";
import { droppedFor } from "../kit/dropped.js";
import { type FaultManner, type FaultName, faultNames } from "../kit/faults.js";
import { failureText, type Judgement } from "../kit/judgement.js";
import { leakedNothing } from "../kit/leaked.js";
import { type MessagesWorld, messagesWorld } from "../kit/messages-world.js";
import type { Group } from "../kit/people.js";
import { received, stayedSilent } from "../kit/received.js";
import type { Message } from "../kit/scene.js";
import { nameOf, type Subject } from "../kit/subjects.js";
import type { FarAgents } from "./agents.js";
import { NotSo, WrongCall } from "./peer.js";
import type { MethodName, ParametersOf } from "./shapes.js";
import { storyFacts } from "./story-facts.js";

type WorldMethod = Exclude<MethodName, `turn.${string}`>;
type Methods = { [M in WorldMethod]: (parameters: ParametersOf<M>) => unknown };

/** Where something is said or asked for. */
interface Place {
  with?: string | undefined;
  group?: number | undefined;
}

/** The world of one client, and what the client may do with it: one at a time, and one call at a time. */
export class Worlds {
  #world: MessagesWorld | undefined;
  readonly #groups = new Map<number, Group>();

  constructor(private readonly agents: FarAgents) {}

  readonly methods: Methods = {
    "world.open": async ({ agents, config, mac, patience }) => {
      await this.close();
      this.#world = await messagesWorld({
        agents: Object.fromEntries(agents.map((id) => [id, this.agents.agent(id)])),
        ...(config && { config }),
        ...(mac && { mac: mac as Partial<Settings> }),
        ...(patience && { patience }),
      });
      return { stateDir: this.#world.stateDir };
    },
    "world.close": () => this.close(),
    "world.faults": () => faultNames,
    "world.person": ({ handle, name }) => void this.#here.person(handle, name),
    "world.group": ({ members, name }) => {
      const group = this.#here.group(members, name === undefined ? {} : { name });
      this.#groups.set(group.id, group);
      return { group: group.id };
    },
    "world.says": ({ from, text, group, replyTo, ...rest }) => {
      const { guid, chatId } = this.#here.person(from).says(text, {
        ...rest,
        ...(group !== undefined && { in: this.#group(group) }),
        ...(replyTo !== undefined && { replyTo: { guid: replyTo } }),
      });
      return { message: guid, chat: chatId };
    },
    "world.reacts": ({ from, message, kind, remove }) =>
      void this.#here.person(from).reacts({ guid: message }, kind, { remove }),
    "world.edits": ({ message, text }) => this.#here.mac.edit(message, text),
    "world.unsends": ({ message }) => this.#here.mac.unsend(message),
    "world.byHand": ({ text, ...place }) => this.#here.byHand(text, this.#place(place)),
    "world.settles": ({ within }) => this.#here.settles(within),
    "world.passes": (time) => this.#here.passes(time),
    "world.fault": ({ name, ...manner }) => this.#here.fault(name as FaultName, manner as FaultManner),
    "world.heals": () => this.#here.heals(),
    "world.configures": ({ config }) => this.#here.configures(config),
    "world.starts": () => this.#here.starts(),
    "world.stops": () => this.#here.stops(),
    "world.transcript": (place) => (isNamed(place) ? this.#place(place).transcript : this.#here.transcript()),
    "world.received": (place) => this.#place(place).received.map(({ text }) => text),
    "world.story": ({ message }) => storyFacts(this.#here.stories.of(message)),
    "world.seen": () => this.#here.seen(),
    "expect.received": ({ texts, ...place }) => {
      const where = this.#place(place);
      return isSo(where, received(where, texts));
    },
    "expect.silent": (place) => {
      const where = isNamed(place) ? this.#place(place) : this.#here;
      return isSo(where, stayedSilent(where));
    },
    "expect.answeredExactlyOnce": ({ message }) =>
      isSo(
        this.#here,
        answeredExactlyOnce(this.#here, message === undefined ? undefined : this.#message(message)),
      ),
    "expect.leakedNothing": ({ secrets }) => isSo(this.#here, leakedNothing(this.#here, secrets)),
    "expect.droppedFor": ({ message, reason }) => {
      const found = this.#message(message);
      return isSo(found, droppedFor(found, reason));
    },
  };

  /** Ends the world, if there is one. */
  async close(): Promise<void> {
    await this.#world?.close();
    this.#world = undefined;
    this.#groups.clear();
  }

  get #here(): MessagesWorld {
    if (this.#world !== undefined) return this.#world;
    throw new TapbackError("WORLD_NOT_OPEN", "No world is open", { hint: "Begin with `world.open`." });
  }

  #place({ with: handle, group }: Place): Group | ReturnType<MessagesWorld["person"]> {
    if (group !== undefined) return this.#group(group);
    if (handle !== undefined) return this.#here.person(handle);
    throw new WrongCall(-32602, '"with" or "group" must name a conversation, and both are missing');
  }

  #group(id: number): Group {
    const group = this.#groups.get(id);
    if (group !== undefined) return group;
    throw new TapbackError("CHAT_NOT_FOUND", `There is no group ${id}`, { hint: "`world.group` makes one." });
  }

  #message(guid: string): Message {
    const message = this.#here.messages.find((each) => each.guid === guid);
    if (message !== undefined) return message;
    throw new TapbackError("MESSAGE_NOT_FOUND", `Nobody said the message ${guid}`, {
      hint: "`world.says` gives the id of a message.",
    });
  }
}

function isNamed(place: Place): boolean {
  return place.with !== undefined || place.group !== undefined;
}

function isSo(subject: Subject, judgement: Judgement): true {
  if (judgement.holds) return true;
  throw new NotSo(failureText(nameOf(subject), judgement, false));
}
