import { count, nameOf } from "../person.js";
import { type Scene, type Skill, say } from "../skill.js";

const asksChat =
  /^(what|which) (chat|group|conversation) (is this|are we in|am i in)$|^where (are we|am i)$|^(about )?this (chat|group|conversation)$|^tell me about this (chat|group|conversation)$/;
const asksPeople =
  /^who('s| is| else is)? (in (this|the) (chat|group|conversation)|here)$|^(list )?participants$/;
const asksSender = /^who am i$|^who is (writing|this)$|^what('s| is) my (number|handle|address)$/;
const maxListed = 20;

/** What the agent knows of the conversation that it is in. */
export const chat: Skill = {
  examples: ["what chat is this?", "who is here?", "who am I?"],
  answer({ plain }, scene) {
    if (asksChat.test(plain)) return say(describe(scene));
    if (asksPeople.test(plain)) return say(people(scene));
    if (asksSender.test(plain)) return say(writer(scene));
    return undefined;
  },
};

function describe(scene: Scene): string {
  const { chat } = scene.turn.envelope;
  const kind = chat.isGroup ? "a group chat" : "a direct chat";
  const name = chat.name ? ` called "${chat.name}"` : "";
  return `This is ${kind}${name} (${chat.target}). ${people(scene)} ${writer(scene)}`;
}

function people(scene: Scene): string {
  const { chat, sender } = scene.turn.envelope;
  const others = chat.participants.length > 0 ? chat.participants : [sender.handle];
  const listed = others.slice(0, maxListed).join(", ");
  const rest = others.length > maxListed ? ` and ${others.length - maxListed} more` : "";
  return `In it: ${listed}${rest}, and me (${count(others.length + 1, "participant")}).`;
}

function writer(scene: Scene): string {
  const { sender } = scene.turn.envelope;
  const name = nameOf(scene);
  const who = name === sender.handle ? name : `${name} (${sender.handle})`;
  return `You are ${who}${sender.isOwner ? ", the owner of this gateway" : ""}.`;
}
