export type { ChatRow } from "./messages-app/chats.js";
export type { SeedOptions } from "./messages-app/seed.js";
export { simulatorProgram } from "./program.js";
export type { TranscriptEntry } from "./reading/transcript.js";
export { openSimulator, type Placed, type Saying, Simulator } from "./simulator.js";
export { type Fault, type FaultKind, faultKinds } from "./world/fault.js";
export type { Settings } from "./world/settings.js";
