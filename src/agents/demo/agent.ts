import { WallClock } from "../../platform/index.js";
import type { Agent, AgentEvent, AgentTurn } from "../contract.js";
import { isOwn, keepOwn, readMemory } from "./memory.js";
import { listen } from "./said.js";
import type { Said, Scene, Skill, SkillAnswer } from "./skill.js";
import { chance } from "./skills/chance.js";
import { chat } from "./skills/chat.js";
import { counting } from "./skills/counting.js";
import { courtesy } from "./skills/courtesy.js";
import { echo } from "./skills/echo.js";
import { fallback } from "./skills/fallback.js";
import { files } from "./skills/files.js";
import { helpSkill } from "./skills/help.js";
import { name } from "./skills/name.js";
import { native } from "./skills/native.js";
import { picture } from "./skills/picture.js";
import { remember } from "./skills/remember.js";
import { reminderSkill } from "./skills/reminders.js";
import { sums } from "./skills/sums.js";
import { timeSkill } from "./skills/time.js";

/** What the demo agent takes from outside. */
export interface DemoOptions {
  /** 0 inclusive to 1 exclusive. */
  random(): number;
  /** IANA time zone. */
  zone: string;
}

/**
 * The embedded agent that needs no account and no network (behaviour 6.1 `demo`): deterministic but for the randomness
 * that it is given, and cheap (1,000 turns a second and more on one core). All it keeps is in the session.
 */
export function createDemoAgent(options: DemoOptions): Agent {
  const clock = new WallClock(options.zone);
  const skills = [
    files,
    courtesy,
    reminderSkill(clock),
    remember,
    name,
    native,
    picture,
    timeSkill(clock),
    chat,
    counting,
    chance,
    echo,
    sums,
  ];
  const all = [helpSkill(skills.flatMap((skill) => skill.examples)), ...skills, fallback];
  return {
    run: (turn, signal) => answer(turn, all, options, signal),
    reset: async () => {},
    close: async () => {},
  };
}

async function* answer(
  turn: AgentTurn,
  skills: Skill[],
  { random, zone }: DemoOptions,
  signal: AbortSignal,
): AsyncGenerator<AgentEvent> {
  const notes: string[] = [];
  const memory = readMemory(turn.session);
  const scene: Scene = { turn, memory, random, zone, note: (text) => notes.push(text) };
  const texts: string[] = [];
  const media = new Set<string>();
  for (const message of turn.envelope.messages) {
    signal.throwIfAborted();
    memory.messages += 1;
    const said = listen(message);
    if (isOwn(memory, said.raw)) {
      notes.push("one of its own answers came back; not answered");
      continue;
    }
    const reply = await firstAnswer(said, scene, skills);
    if (!reply.borrowed) keepOwn(memory, reply.text);
    if (reply.text !== "") texts.push(reply.text);
    for (const path of reply.media ?? []) media.add(path);
  }
  for (const text of notes) yield { type: "note", text };
  if (texts.length > 0 || media.size > 0)
    yield { type: "text", text: texts.join("\n\n"), ...(media.size > 0 && { media: [...media] }) };
  yield { type: "session", session: memory };
}

async function firstAnswer(said: Said, scene: Scene, skills: Skill[]): Promise<SkillAnswer> {
  for (const skill of skills) {
    const found = skill.answer(said, scene);
    const reply = found instanceof Promise ? await found : found;
    if (reply !== undefined) return reply;
  }
  return { text: "" };
}
