import type { Random } from "../random.js";
import type { Act, At, Kind } from "./kind.js";
import { childDies } from "./mac/child-dies.js";
import { clockJumps } from "./mac/clock-jumps.js";
import { macFault } from "./mac/fault.js";
import { heal } from "./mac/heal.js";
import { joinAgain } from "./mac/join-again.js";
import { messagesRestarts } from "./mac/messages-restarts.js";
import { permissionLost } from "./mac/permission-lost.js";
import { reinsert } from "./mac/reinsert.js";
import { nodeClockJumps } from "./nodes/node-clock-jumps.js";
import { nodeDies } from "./nodes/node-dies.js";
import { nodeFreezes } from "./nodes/node-freezes.js";
import { nodeStops } from "./nodes/node-stops.js";
import { serverRestarts } from "./nodes/server-restarts.js";
import { wayBreaks } from "./nodes/way-breaks.js";
import { answer } from "./people/answer.js";
import { answerQuestion } from "./people/answer-question.js";
import { burst } from "./people/burst.js";
import { byHand } from "./people/by-hand.js";
import { command } from "./people/command.js";
import { decide } from "./people/decide.js";
import { edit } from "./people/edit.js";
import { file } from "./people/file.js";
import { optOut } from "./people/opt-out.js";
import { pairing } from "./people/pairing.js";
import { poll } from "./people/poll.js";
import { quiet } from "./people/quiet.js";
import { quote } from "./people/quote.js";
import { say } from "./people/say.js";
import { sayAgain } from "./people/say-again.js";
import { tapback } from "./people/tapback.js";
import { unsend } from "./people/unsend.js";
import { configure } from "./process/configure.js";
import { diskFaulty } from "./process/disk-faulty.js";
import { diskFull } from "./process/disk-full.js";
import { lateWords } from "./process/late-words.js";
import { machineSleeps } from "./process/machine-sleeps.js";
import { processDies } from "./process/process-dies.js";
import { restart } from "./process/restart.js";
import type { Stage } from "./stage.js";

/** What can happen in a step of any run. A new kind adds its line. */
const everywhere: readonly Kind[] = [
  ...[say, sayAgain, quote, burst, command, optOut, edit, unsend, tapback, byHand, quiet],
  ...[file, poll, pairing, answer, answerQuestion, decide],
  ...[macFault, heal, childDies, messagesRestarts, permissionLost, reinsert, joinAgain, clockJumps],
  ...[machineSleeps, configure],
];
/** What can happen to one gateway with its file. */
const alone: readonly Kind[] = [processDies, restart, lateWords, diskFull, diskFaulty];
/** What can happen to several, and to their server. */
const together: readonly Kind[] = [
  ...[nodeDies, nodeFreezes, nodeStops, wayBreaks, serverRestarts, nodeClockJumps, lateWords],
];
const byName = new Map([...everywhere, ...alone, ...together].map((kind) => [kind.name, kind]));
const weightsOf = (kinds: readonly Kind[]) =>
  Object.fromEntries(kinds.map(({ name, weight }) => [name, weight]));
const weights = {
  alone: weightsOf([...everywhere, ...alone]),
  together: weightsOf([...everywhere, ...together]),
};

/** Draws what happens in a step. @param nodes how many gateways there are */
export function drawAct(random: Random, nodes: number): { act: Act; kind: Kind } {
  const kind = byName.get(random.weighted(nodes > 1 ? weights.together : weights.alone))!;
  return { act: { do: kind.name, ...kind.draw(random) }, kind };
}

/** Carries a step out. */
export async function carryOut(stage: Stage, act: Act, at: At): Promise<void> {
  const { do: name, ...drawn } = act;
  await kindOf(name).play(stage, drawn, at);
}

/** By what an act is counted. */
export function countedAs({ do: name, ...drawn }: Act): string {
  return kindOf(name).countedAs?.(drawn) ?? name;
}

/** @throws for a name that a trace has of another version */
function kindOf(name: string): Kind {
  const kind = byName.get(name);
  if (kind === undefined) throw new Error(`nobody knows what "${name}" is`);
  return kind;
}
