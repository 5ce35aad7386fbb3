export {
  compileRoutes,
  type Route,
  type RouteBinding,
  type RouteSource,
  type Routes,
  route,
} from "./route.js";
export { type ReplyBlock, type RunnerDeps, TurnRunner } from "./runner.js";
export {
  acpSessionKey,
  compileIdentityLinks,
  type DmScope,
  type IdentityLinks,
  type SessionPlace,
  sessionKey,
} from "./session-key.js";
