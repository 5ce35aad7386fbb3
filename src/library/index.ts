export { createGateway, type Gateway } from "./gateway.js";
export type { EventType, GatewayEvent, ListenOptions } from "./gateway-events.js";
export type { GatewayOptions } from "./options.js";
