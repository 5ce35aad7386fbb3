import { filesOfTurn } from "../actions/index.js";
import type { AgentTurn } from "../agents/index.js";
import type { Clock } from "../platform/index.js";
import type { Store, Turn } from "../store/index.js";
import type { TurnAccounts } from "./accounts.js";
import type { AgentPool } from "./agents/pool.js";
import { placeOfTurn } from "./agents/session-agent.js";
import type { Drafts } from "./drafts/drafts.js";
import type { TurnMacs } from "./macs/macs.js";
import { peopleOfTurn } from "./people/turn-people.js";
import type { Questions } from "./questions/ask.js";
import { askingTool } from "./questions/asking.js";
import type { Equipment, TurnEquipment } from "./running/parts.js";
import type { McpSessions } from "./tools/mcp-sessions.js";
import { toolsFor } from "./tools/tools.js";
import { TurnRights } from "./tools/turn-rights.js";
import type { TurnFolders } from "./turn-folders.js";

/** What tools, folders and questions of turns are made with. */
export interface ToolEquipmentDeps {
  store: Store;
  clock: Clock;
  stateDir: string;
  accounts: TurnAccounts;
  agents: Pick<AgentPool, "workspaceOf">;
  mcp: McpSessions;
  questions: Questions;
  folders: TurnFolders;
}

/** Gives the agent of a turn its tools, bound to the turn's conversation and over with it. */
export class ToolEquipment implements TurnEquipment {
  /** @param drafts holds what an action does where that has to wait for an owner's yes */
  constructor(
    private readonly deps: ToolEquipmentDeps,
    private readonly macs: Pick<TurnMacs, "actionsOf" | "historyOf">,
    private readonly drafts: Drafts,
  ) {}

  equip(turn: Turn, wait: () => () => void): Equipment {
    const { store, clock, stateDir, accounts, agents, folders, mcp, questions } = this.deps;
    const temporaryFolder = folders.pathOf(turn.id);
    const workspace = agents.workspaceOf(placeOfTurn(turn));
    const sendable = { envelope: turn.envelope, temporaryFolder };
    const rights = new TurnRights();
    const people = peopleOfTurn(turn.envelope, accounts.settingsOf(turn.account).region);
    const allowed = accounts.peopleOf(turn.account).toolsOf(people);
    const tools = {
      ...toolsFor(turn, {
        store,
        clock,
        actions: this.macs.actionsOf(turn),
        reach: {
          files: filesOfTurn(sendable, workspace, stateDir, accounts.settingsOf(turn.account).mediaMaxMb),
          sendTo: accounts.sendTo(turn),
          holds: (chat, approves) => this.drafts.holdAction(turn, chat, approves),
        },
        history: this.macs.historyOf(turn),
        rights,
        allowed,
        zone: accounts.zone,
      }),
      ask: askingTool(turn, {
        ...{ store, clock, rights, wait, questions: questions.open },
        facts: {
          owners: () => questions.ownersOf(turn.account),
          isReviewed: () => this.drafts.holdsAnswerOf(turn),
          hasPolls: () => questions.hasPolls(turn.account),
          region: () => accounts.settingsOf(turn.account).region,
        },
      }),
      rights: allowed,
      temporaryFolder,
      zone: accounts.zone,
    };
    const given: AgentTurn = {
      ...tools,
      envelope: turn.envelope,
      attempt: turn.attempt,
      session: undefined,
      now: () => clock.now(),
    };
    const access = mcp.begin(given);
    return {
      tools: { ...tools, mcp: access },
      ask: (request) => questions.ask(turn, request),
      end: () => {
        rights.end();
        mcp.end(given);
        questions.endTurn(turn.id);
      },
    };
  }
}
