import type { ErrorTexts } from "./error-text.js";

/** Errors of agents and their programs and services. */
export const agentErrors = {
  AGENT_UNKNOWN: {
    happened: "There is no agent with this name.",
    remedy: "List the agents with `tapback agents list`, and add it to agents.list or name another.",
  },
  AGENT_FAILED: {
    happened: "The agent failed in a way that nobody foresaw.",
    remedy: "Look at the gateway's log; `tapback agents try` runs the agent alone.",
  },
  TURN_CRASHED: {
    happened:
      "The gateway's process ended twice over the long answer of this turn, so it is not run a third time.",
    remedy:
      "Look into the gateway's log for the end of the process; `tapback retry` runs the message once more.",
  },
  AGENT_TIMEOUT: {
    happened: "The agent did not finish in time.",
    remedy: "Raise agents.defaults.timeoutSeconds, or find out what the agent waits for.",
  },
  AGENT_NOT_FOUND: {
    happened: "The agent's program was not found.",
    remedy: "Install it, or give its full path as `command`; PATH is the one of the gateway.",
  },
  AGENT_CWD: {
    happened: "The agent's working folder does not exist.",
    remedy: "Create it, or change `cwd` or the agent's `workspace`.",
  },
  AGENT_START: {
    happened: "The agent's program could not be started.",
    remedy: "Check that the file is executable and that the machine is not out of processes or memory.",
  },
  AGENT_EXIT: {
    happened: "The agent's program ended with an error.",
    remedy: "Read its stderr in the log; run it by hand with an envelope on stdin to try it.",
  },
  AGENT_OUTPUT: {
    happened: "What the agent's program or service answered cannot be read.",
    remedy: "Answer with text, or with events in the format that docs/agents.md describes for the runtime.",
  },
  AGENT_HTTP_UNREACHABLE: {
    happened: "The agent's web service cannot be reached.",
    remedy: "Check the agent's `runtime.url` and that the service runs.",
  },
  AGENT_HTTP_STATUS: {
    happened: "The agent's web service answered with an error status.",
    remedy: "Look at the service's own log; a redirect is not followed, so name the final address.",
  },
  AGENT_HTTP_LOST: {
    happened: "The connection to the agent's web service broke in the middle of an answer.",
    remedy: "Look at the service's own log, and at what stands between: a proxy may have a time limit.",
  },
  AGENT_DETACHED: {
    happened: "No session is attached that answers this conversation.",
    remedy: "Attach one with `tapback channel`; the message waits for it.",
  },
  CHANNEL_AGENT: {
    happened: "A session can be attached to an agent of the runtime `channel` alone.",
    remedy: 'Give an agent of agents.list `runtime: { type: "channel" }`, and name it with --agent.',
  },
  CHANNEL_CHAT: {
    happened: "It was not said which conversation the session answers.",
    remedy:
      "Name it with --chat, or set `oneSession` of the agent's runtime where all may share one session.",
  },
  CHANNEL_REPLACED: {
    happened: "Another session is attached in place of this one.",
    remedy: "Go on in that one, or start this one anew to take the place back.",
  },
  CHANNEL_DETACHED: {
    happened: "The gateway does not know this session as attached.",
    remedy: "It attaches itself again; then call the tool once more.",
  },
  CHANNEL_OVER: {
    happened: "No message with this id waits for an answer of this session.",
    remedy: "It was answered, stopped, or took too long: answer what is pushed next.",
  },
  CHANNEL_EARLY: {
    happened:
      "The gateway was started anew, and has not come again to the message that the session has in hand.",
    remedy: "Nothing is lost: it is pushed again when its turn comes, and answered then.",
  },
  AGENT_LOGIN: {
    happened: "The agent asks for a login.",
    remedy: "Start it once by hand on the gateway's machine and log in, as the user that runs the gateway.",
  },
  AGENT_SESSION_LOST: {
    happened: "The agent does not know the session any more.",
    remedy: "Nothing: the next message opens a new session; /new opens one at once.",
  },
  AGENT_PROTOCOL: {
    happened: "The agent answered otherwise than the Agent Client Protocol asks.",
    remedy: "Update the agent or Tapback; `tapback agents try` runs the agent alone.",
  },
  AGENT_CRASHED: {
    happened: "The agent's process ended in the middle of its work.",
    remedy: "Read its stderr in the log; it is started again with the next message.",
  },
  AGENT_CLOSED: {
    happened: "The agent's process was ended on purpose, by a reset or a shutdown.",
    remedy: "Nothing: it is started again with the next message.",
  },
  AGENT_NO_ANSWER: {
    happened: "The agent's process runs, and does not answer as the Agent Client Protocol asks.",
    remedy:
      "Check that the command speaks the protocol on stdio; a first start through npx also downloads it.",
  },
  AGENT_REFUSED: {
    happened: "The agent refused to go on with this message.",
    remedy: "Put it in other words, or begin afresh with /new.",
  },
  AGENT_LIMIT: {
    happened: "The agent came to a limit of its own before it answered.",
    remedy: "Ask for less at once, raise the limit in the agent's own settings, or begin afresh with /new.",
  },
  AGENT_UNANSWERED: {
    happened: "The agent asked for permission, nobody answered in time, and it gave up.",
    remedy:
      "Write the message again and answer its question; acp.permissionTimeoutSeconds says how long it waits.",
  },
  AGENT_CANCELLED: {
    happened: "The agent cancelled its work by itself.",
    remedy: "Write the message again; the agent's own log says why it stopped.",
  },
  MCP_SERVER: {
    happened: "An MCP server of an agent does not start, or does not answer.",
    remedy: "Try its program or address by hand; turns go on without its tools, and it is tried again.",
  },
  MCP_TOOL: {
    happened: "A tool of an MCP server failed.",
    remedy: "Its own words stand in the log; the model was told them too.",
  },
} satisfies ErrorTexts;
