export {
  assertAnsweredExactlyOnce,
  assertDroppedFor,
  assertLeakedNothing,
  assertReceived,
  assertStayedSilent,
} from "./kit/assertions.js";
export type { Duration } from "./kit/duration.js";
export { type FaultManner, type FaultName, faultNames } from "./kit/faults.js";
export { matchers, type WorldMatchers } from "./kit/matchers.js";
export { MessagesWorld, type MessagesWorldOptions, messagesWorld } from "./kit/messages-world.js";
export { Conversation, Group, Person, type Said } from "./kit/people.js";
export type { Expected } from "./kit/received.js";
export { Message } from "./kit/scene.js";
export type { Story } from "./kit/stories.js";
export type { WorldAgent } from "./kit/world-config.js";
export { Life } from "./world/life.js";
export type { LifeProcess } from "./world/life-process.js";
export { VirtualClock } from "./world/virtual-clock.js";
export { World, type WorldMac } from "./world/world.js";
export type { NodeGround, WorldNode } from "./world/world-node.js";
