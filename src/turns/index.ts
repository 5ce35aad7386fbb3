export type { MakeAgent } from "./agents/pool.js";
export { AgentPool } from "./agents/pool.js";
export { type Proof, type ProofPlace, proofOf } from "./agents/proof.js";
export { proofTools } from "./agents/prove.js";
export { sendTargets } from "./agents/send-targets.js";
export { agentOfSession, configuredSession, type SessionPlace } from "./agents/session-agent.js";
export { knownSessions } from "./agents/sessions.js";
export { tryAgent } from "./agents/try.js";
export { madeWorkspace, workspaceFolder } from "./agents/workspace.js";
export { type Decided, decideDraft, rewordDraft } from "./drafts/decide.js";
export { linesOf } from "./drafts/question.js";
export { draftWords } from "./drafts/text.js";
export type { LiveSession } from "./live/live.js";
export { channelTools } from "./live/tools.js";
export { filesMs } from "./media/await-files.js";
export { openListening } from "./open-listening.js";
export { type OpenedTurn, openTurn } from "./open-turn.js";
export { ownersOf } from "./owners.js";
export { isLimited, People } from "./people/people.js";
export { type Spent, type SpentBy, spentBy, spentInAll } from "./people/spent.js";
export { costWords, spentLine, tokenWords } from "./people/spent-words.js";
export { chosenIn, type Given } from "./questions/chosen.js";
export { notedText } from "./questions/noted.js";
export { questionWords } from "./questions/text.js";
export { placeGroupSessions } from "./routing/group-sessions.js";
export {
  compileRoutes,
  type Route,
  type RouteSource,
  route,
} from "./routing/route.js";
export {
  acpSessionKey,
  compileIdentityLinks,
  isAcpSession,
  sessionKey,
} from "./routing/session-key.js";
export { scheduledIn } from "./schedule/of-conversation.js";
export type { TurnRules } from "./turn-rules.js";
export { TurnWork } from "./turn-work.js";
export { WorkerTurns } from "./worker-turns.js";
