import { onTestFinished } from "vitest";
import type { BridgeIncident, BridgeState, MacEvent } from "../../src/bridge/contract.js";
import { ImsgBridge, type ImsgBridgeOptions } from "../../src/bridge/imsg/bridge.js";
import type { MessageRow } from "../../src/conversation/index.js";
import { FakeClock } from "./fake-clock.js";
import { PlayedImsg } from "./played-imsg.js";

/** A row as imsg writes it. */
export const wire = (id: number, change: object = {}) => ({
  id,
  guid: `GUID-${id}`,
  chat_id: 7,
  chat_identifier: "+15550100123",
  chat_guid: "iMessage;-;+15550100123",
  chat_name: "",
  participants: ["+15550100123"],
  is_group: false,
  sender: "+15550100123",
  is_from_me: false,
  text: `text ${id}`,
  created_at: "2026-05-09T06:14:02.318Z",
  attachments: [],
  reactions: [],
  ...change,
});
/** A direct chat as imsg writes it. */
export const chat = (id: number) => ({
  id,
  identifier: `+1555010012${id}`,
  guid: `iMessage;-;+1555010012${id}`,
  name: "",
  service: "iMessage",
  last_message_at: "2026-05-09T06:14:02.318Z",
  participants: [`+1555010012${id}`],
  is_group: false,
});

/** A bridge over an imsg that the test plays; it ends with the test. */
export class BridgeLab {
  readonly imsg = new PlayedImsg();
  readonly clock = new FakeClock();
  readonly rows: MessageRow[] = [];
  readonly malformed: string[] = [];
  readonly told: MacEvent[] = [];
  readonly states: BridgeState[] = [];
  readonly incidents: BridgeIncident[] = [];
  resumeFrom: () => Promise<number> = async () => 50;
  readonly bridge: ImsgBridge;

  constructor(options: Partial<ImsgBridgeOptions> = {}) {
    onTestFinished(() => this.stop());
    this.bridge = new ImsgBridge(
      { cliPath: "imsg", dbPath: "/db", start: this.imsg.start },
      {
        subscription: { resumeFrom: () => this.resumeFrom(), debounceMs: 250 },
        events: {
          row: (row) => void this.rows.push(row),
          malformed: ({ detail }) => void this.malformed.push(detail),
          told: (event) => void this.told.push(event),
          state: (state, incident) => {
            this.states.push(state);
            if (incident) this.incidents.push(incident);
          },
        },
        clock: this.clock,
        random: () => 1,
        ...options,
      },
    );
  }

  async live(): Promise<this> {
    this.bridge.start();
    await this.until("live");
    return this;
  }

  async until(state: BridgeState): Promise<void> {
    await this.clock.advanceUntil(() => this.bridge.state === state);
  }

  /** What a call gives, whatever time it takes. */
  async got<T>(call: Promise<T>): Promise<T> {
    let isOver = false;
    const over = () => {
      isOver = true;
    };
    call.then(over, over);
    await this.clock.advanceUntil(() => isOver);
    return call;
  }

  async stop(): Promise<void> {
    await this.got(this.bridge.stop());
  }
}
