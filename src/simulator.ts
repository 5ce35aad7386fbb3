/**
 * `tapback/simulator`: a Messages world for tests.
 *
 * ```ts
 * const world = openSimulator(folder, { bridge: true });
 * world.say({ from: "+15550100123", text: "Hello" });
 * // a child `simulatorProgram() rpc`, with IMSG_SIM_HOME set to world.folder, reports it
 * world.close();
 * ```
 */
export {
  type ChatRow,
  type Fault,
  type FaultKind,
  faultKinds,
  openSimulator,
  type Placed,
  type Saying,
  type SeedOptions,
  type Settings,
  Simulator,
  simulatorProgram,
  type TranscriptEntry,
} from "./simulator/index.js";
