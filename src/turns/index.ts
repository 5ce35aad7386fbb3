export type { Composed, ReplyBlock } from "./answer.js";
export type { Streaming } from "./bubbles.js";
export {
  compileRoutes,
  type Route,
  type RouteBinding,
  type RouteSource,
  type Routes,
  route,
} from "./route.js";
export {
  type Composing,
  type Equipment,
  type LentAgent,
  type PermissionRequest,
  type RunnerDeps,
  TurnRunner,
} from "./runner.js";
export {
  acpSessionKey,
  compileIdentityLinks,
  type DmScope,
  type IdentityLinks,
  isAcpSession,
  type SessionPlace,
  sessionKey,
} from "./session-key.js";
