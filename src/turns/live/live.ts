import type { channelTable } from "../../agents/channel/wire/index.js";
import { ChannelSessions, type Served } from "../../agents/index.js";
import type { Config } from "../../config/index.js";
import { formatTarget } from "../../conversation/index.js";
import type { Shaped } from "../../platform/shapes/index.js";
import type { Turn, TurnEnd } from "../../store/index.js";
import { isAcpSession } from "../routing/session-key.js";
import { type AskedPlace, isAllowed, liveAgents, placeOf } from "./places.js";
import { type WaitingDeps, WaitingTurns } from "./waiting.js";

/** What a session that is attached may ask, by the names of the control table. */
type ChannelControl = {
  [M in keyof typeof channelTable]: (
    parameters: Shaped<(typeof channelTable)[M]["parameters"]>,
    left: AbortSignal,
  ) => Promise<Shaped<(typeof channelTable)[M]["result"]>>;
};

/** How a conversation is served that running sessions answer; milliseconds since the epoch. */
export interface LiveSession {
  attachedSince: number | undefined;
  waitingSince: number | undefined;
}

/** The running sessions that answer conversations (behaviour 20.4), and the turns that wait for them. */
export class LiveSessions {
  readonly sessions: ChannelSessions;
  readonly waiting: WaitingTurns;

  /** @param changed told when a session was attached or is gone */
  constructor(
    private readonly deps: Omit<WaitingDeps, "sessions">,
    changed: () => void,
  ) {
    const { store, clock } = deps;
    const isOpen = async (turnId: string) =>
      ["queued", "running"].includes((await store.turns.get(turnId))?.state ?? "");
    this.sessions = new ChannelSessions(clock, isOpen, () => {
      this.waiting.wake();
      changed();
    });
    this.waiting = new WaitingTurns({ ...deps, sessions: this.sessions });
  }

  /** What sessions ask over the control socket, which is the owner's alone. */
  get control(): ChannelControl {
    const { sessions } = this;
    return {
      "channel.attach": async (asked) => this.#attach(asked),
      "channel.next": ({ attachment }, left) => sessions.next(attachment, left),
      "channel.reply": ({ attachment, turnId, text, files = [] }) =>
        sessions.reply(attachment, turnId, text, files),
      "channel.tool": ({ attachment, turnId, tool, input }) => sessions.tool(attachment, turnId, tool, input),
      "channel.permission": async ({ attachment, ...request }) => ({
        asked: sessions.permission(attachment, request),
      }),
    };
  }

  /** How a conversation of a session is served, where running sessions answer it. */
  describe(sessionKey: string, served: Served): LiveSession | undefined {
    if (!liveAgents(this.#config).some(({ id }) => id === served.agentId) || isAcpSession(sessionKey))
      return undefined;
    return {
      attachedSince: this.sessions.servingSince(served),
      waitingSince: this.waiting.since(sessionKey),
    };
  }

  /** The configuration changed: what it does not allow any more is attached no longer. */
  refresh(): void {
    this.sessions.keep((place) => isAllowed(place, this.#config));
    this.waiting.wake();
  }

  /** A turn ended, and is stored. */
  ended({ id }: Turn, { outcome, error, holds = [] }: TurnEnd): void {
    this.sessions.turnEnded(id, { outcome, isHeld: holds.length > 0, ...(error && { code: error.code }) });
  }

  get #config(): Config {
    return this.deps.config();
  }

  #attach(asked: AskedPlace) {
    const place = placeOf(asked, this.#config);
    const { attachment, replaced } = this.sessions.attach(place);
    const chat = place.chat === undefined ? null : formatTarget(place.chat);
    this.deps.log.info(replaced ? "a session is attached in place of another" : "a session is attached", {
      agent: place.agentId,
      ...(chat !== null && { account: place.account, chat }),
    });
    return { attachment, agent: place.agentId, chat, replaced };
  }
}
