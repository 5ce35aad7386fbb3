/** What a session that is attached is told: something to put before its model, a verdict, or that it is attached no more. */
export type ChannelEvent =
  /** `turnId` where it is a message that waits for an answer: the same whenever it is pushed again. */
  | { type: "push"; content: string; meta: Record<string, string>; turnId?: string }
  /** What became of a permission request of the session. */
  | { type: "verdict"; requestId: string; allow: boolean }
  /** Nothing comes any more: another session took its place. */
  | { type: "end" };

/** A permission request as a session's client relays it: what it shows of the tool, perhaps cut. */
export interface RelayedRequest {
  requestId: string;
  tool: string;
  description: string;
  preview: string;
}

/** What the model of a session is told of a call. */
export interface Told {
  text: string;
  isError: boolean;
}
