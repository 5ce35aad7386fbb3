import type { AgentEvent } from "../../../agents/index.js";
import { timeZoneOf } from "../../../config/index.js";
import { messageOf, systemClock, TapbackError } from "../../../platform/index.js";
import { tryAgent } from "../../../turns/index.js";
import { Interrupted } from "../../asking.js";
import { type Context, readConfig } from "../../context.js";
import { exitCodes, printJson, printLine, styled } from "../../output.js";

/** `tapback agents try`: one turn of an agent, without Messages; the answer on stdout, everything else on stderr. */
export async function tryOne(context: Context, id: string, text: string): Promise<number> {
  const { config } = await readConfig(context);
  const { env, home, stateDir, json } = context;
  const zone = timeZoneOf(config);
  const stop = new AbortController();
  const interrupt = () => stop.abort(new Interrupted());
  process.once("SIGINT", interrupt);
  const seconds = config.agents.defaults.timeoutSeconds;
  const timer = setTimeout(() => stop.abort(new Error(`no answer within ${seconds} s`)), seconds * 1000);
  const deps = { env, home, clock: systemClock, random: Math.random, zone };
  const events: AgentEvent[] = [];
  const told: string[] = [];
  try {
    for await (const event of tryAgent(config, { id, text }, stateDir, deps, stop.signal)) {
      events.push(event);
      if (event.type === "note") told.push(event.text);
      if (!json) tell(event);
    }
  } catch (error) {
    if (stop.signal.reason instanceof Interrupted) throw stop.signal.reason;
    // Where the gateway has its log, here are only these lines.
    const cause = error instanceof TapbackError && error.cause !== undefined ? messageOf(error.cause) : "";
    if (!json && cause !== "" && ![...told, messageOf(error)].some((text) => text.includes(cause)))
      aside(cause);
    throw error;
  } finally {
    clearTimeout(timer);
    process.off("SIGINT", interrupt);
  }
  if (json) printJson({ agent: id, events: events.filter(isTold) });
  return exitCodes.done;
}

/** What is for people, not for the gateway alone. */
function isTold({ type }: AgentEvent): boolean {
  return type !== "session" && type !== "answered";
}

function aside(text: string): void {
  process.stderr.write(`${styled("dim", text)}\n`);
}

function tell(event: AgentEvent): void {
  switch (event.type) {
    case "text":
      printLine(event.text);
      for (const file of event.media ?? []) printLine(`file ${file}`);
      break;
    case "note":
      aside(event.text);
      break;
    case "permission":
      aside(`asked to be allowed: ${event.title}; denied, for nobody is there to answer`);
      break;
    case "usage":
      aside(`${event.model}: ${event.inputTokens} tokens in, ${event.outputTokens} out`);
      break;
    case "answered":
    case "session":
      break;
  }
}
