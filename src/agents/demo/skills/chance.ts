import { alternatives } from "../alternatives.js";
import { type Scene, type Skill, say } from "../skill.js";

const maxDice = 20;
const maxSides = 1000;

/** Coins, dice and choices, by the randomness that the agent was made with. */
export const chance: Skill = {
  examples: ["flip a coin", "roll 2d6", "choose tea or coffee"],
  answer({ raw, plain }, scene) {
    if (/^(please )?(flip|toss)( a| the)? coin$|^heads or tails$/.test(plain))
      return say(scene.random() < 0.5 ? "Heads." : "Tails.");
    const dice =
      /^(?:please )?(?:roll|throw) (?:(a|one|two|three|\d{1,9}) )?(?:die|dice)$|^roll (\d{0,9})d(\d{1,9})$/.exec(
        plain,
      );
    if (dice) return say(roll(scene, amountOf(dice[1] ?? dice[2]), Number(dice[3] ?? 6)));
    const choices = /^(?:please )?(?:choose|pick|decide)(?: between|:)? (.+?)[.!?]*$/is.exec(raw)?.[1];
    const options = alternatives(choices ?? "");
    if (options.length < 2) return undefined;
    return { text: `I choose ${options[Math.floor(scene.random() * options.length)]}.`, borrowed: true };
  },
};

function amountOf(word: string | undefined): number {
  const words: Record<string, number> = { a: 1, one: 1, two: 2, three: 3 };
  return word === undefined || word === "" ? 1 : (words[word] ?? Number(word));
}

function roll(scene: Scene, dice: number, sides: number): string {
  if (dice < 1 || dice > maxDice || sides < 2 || sides > maxSides)
    return `I roll 1 to ${maxDice} dice with 2 to ${maxSides} sides.`;
  const thrown = Array.from({ length: dice }, () => 1 + Math.floor(scene.random() * sides));
  const total = thrown.reduce((sum, one) => sum + one, 0);
  return dice === 1 ? `You rolled ${total}.` : `You rolled ${thrown.join(" + ")} = ${total}.`;
}
