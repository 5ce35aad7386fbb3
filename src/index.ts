// The library (behaviour 17.9): a gateway to embed, and the pure functions that it decides with.

export {
  compilePolicy,
  decide,
  type Facts,
  isAttachmentPathAllowed,
  type Policy,
  type PolicySource,
} from "./access/index.js";
export type { SentMessage, SentPart } from "./actions/index.js";
export type {
  AskOptions,
  ChosenAnswer,
  FunctionAgent,
  FunctionAnswer,
  FunctionTurn,
} from "./agents/index.js";
export { detectRemoteHost } from "./bridge/index.js";
export { type Config, loadConfig, parseConfig } from "./config/index.js";
export {
  type Decision,
  type Envelope,
  effectFor,
  formatTarget,
  type MessageRow,
  normalizeHandle,
  parseTarget,
  type Target,
  tapbackFor,
} from "./conversation/index.js";
export type { ActionInConversation, GatewayStatus, OutgoingMessage } from "./gateway/index.js";
export {
  createGateway,
  type EventType,
  type Gateway,
  type GatewayEvent,
  type GatewayOptions,
  type ListenOptions,
} from "./library/index.js";
export { type ChunkOptions, chunkText, type Rendered, renderMarkdown } from "./outbound/index.js";
export { createLog, type Log, TapbackError } from "./platform/index.js";
export type { DecisionEvent, HealthEvent, MessageEvent, SentEvent, TurnEvent } from "./telemetry/index.js";
export { compileRoutes, type Route, type RouteSource, route } from "./turns/index.js";
