export {
  type AccountEvent,
  type DecisionEvent,
  decisionEvent,
  type EventListener,
  type HealthEvent,
  type MessageEvent,
  type Occasion,
  type SentEvent,
  sentEvent,
  type TurnEvent,
  turnEvent,
} from "./events.js";
export { Telemetry } from "./telemetry.js";
