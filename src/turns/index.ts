export { type ReplyBlock, type RunnerDeps, TurnRunner } from "./runner.js";
