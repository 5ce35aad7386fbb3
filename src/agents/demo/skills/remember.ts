import { type Fact, keepFact } from "../memory.js";
import { count } from "../person.js";
import { type Scene, type Skill, type SkillAnswer, say } from "../skill.js";

const asksAll = /^what (do|can) you (remember|know)( about me)?$|^what did i (tell|ask) you( to remember)?$/;
const asksAbout = /^what do you (?:remember|know) about (.+)$/;
const forgetsAll = /^forget (everything|it all|all( of it)?)$/;

/** Remembers what it is told, for this session. */
export const remember: Skill = {
  examples: ["remember that my bike is red", "what do you remember?", "forget everything"],
  answer(said, scene) {
    const { memory } = scene;
    const told = /^(?:please )?remember(?: that|:)? (.+)$/is.exec(said.raw);
    if (told && !/^(what|me)\b/i.test(told[1]!)) return keep(told[1]!, scene);
    if (asksAll.test(said.plain)) return recall(memory.facts, scene);
    const about = asksAbout.exec(said.plain)?.[1]?.replace(/^(my|the|our) /, "");
    if (about !== undefined)
      return recall(
        memory.facts.filter((fact) => fact.text.toLowerCase().includes(about)),
        scene,
      );
    if (forgetsAll.test(said.plain)) {
      const known = memory.facts.length;
      memory.facts = [];
      memory.names = {};
      return say(known === 0 ? "There was nothing to forget." : `Forgotten: ${count(known, "thing")}.`);
    }
    return forget(said.plain, scene);
  },
};

function keep(told: string, scene: Scene): SkillAnswer {
  const text = told.trim().replace(/[.!]+$/, "");
  keepFact(scene.memory, { text, by: scene.turn.envelope.sender.handle });
  return say(`I will remember that ${yours(text)}.`);
}

function recall(facts: Fact[], scene: Scene): SkillAnswer {
  if (facts.length === 0) return say('Nothing yet. Tell me, e.g. "remember that my bike is red".');
  const me = scene.turn.envelope.sender.handle;
  const lines = facts.map((fact) =>
    fact.by === me
      ? `- ${yours(fact.text)}`
      : `- ${scene.memory.names[fact.by] ?? fact.by} said: ${fact.text}`,
  );
  return say(["I remember:", ...lines].join("\n"));
}

function forget(plain: string, { memory }: Scene): SkillAnswer | undefined {
  const what = /^forget (?:that |about )?(.+)$/.exec(plain)?.[1]?.replace(/^(my|the|our) /, "");
  if (what === undefined) return undefined;
  const left = memory.facts.filter((fact) => !fact.text.toLowerCase().includes(what));
  const gone = memory.facts.length - left.length;
  memory.facts = left;
  return say(gone === 0 ? "I remember nothing of that kind." : `Forgotten: ${count(gone, "thing")}.`);
}

/** Turns the speaker's words round: "my bike" is "your bike" when told back. */
function yours(text: string): string {
  const swap: Record<string, string> = {
    my: "your",
    mine: "yours",
    me: "you",
    i: "you",
    am: "are",
    "i'm": "you are",
  };
  return text.replace(/\b(i'm|my|mine|me|i|am)\b/gi, (word) => swap[word.toLowerCase()]!);
}
