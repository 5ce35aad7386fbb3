import { alternatives } from "../alternatives.js";
import { isOffered, type Said, type Scene, type Skill, type SkillAnswer, say } from "../skill.js";

const tapbacks: [RegExp, string][] = [
  [/^(heart|love)$|❤/u, "love"],
  [/^(thumbs? up|like)$|👍/u, "like"],
  [/^(thumbs? down|dislike)$|👎/u, "dislike"],
  [/^(haha|laugh|laughter)$|😂/u, "laugh"],
  [/^(emphasi[sz]e|emphasis|exclamation( marks?)?|!!)$|‼/u, "emphasize"],
  [/^(question( mark)?|\?)$|❓/u, "question"],
];
const effects =
  "slam loud gentle invisible[ -]?ink echo spotlight balloons confetti love lasers fireworks sparkles".split(
    " ",
  );
const effectPattern = new RegExp(
  `^(?:please )?send (.+?) with (?:an? |the |some )?(${effects.join("|")})(?: effect)?[.!]*$`,
  "is",
);

/** Shows off what Messages can do beyond text, where the private API is there. */
export const native: Skill = {
  examples: [
    { text: "react with a heart", needs: "react" },
    { text: "send it with confetti", needs: "sendWithEffect" },
    { text: "reply in a thread", needs: "reply" },
    { text: "poll: tea or coffee?", needs: "poll" },
  ],
  answer(said, scene) {
    const wanted = /^(?:please )?react(?: to (?:this|that|it))?(?: with)?(?: an?| the)? (.+)$/.exec(
      said.plain.replace(/^react\?$/, "react ?"),
    );
    if (wanted) return react(wanted[1]!, said, scene);
    const effect = effectPattern.exec(said.raw);
    if (effect) return sendWithEffect(effect[1]!, effect[2]!.toLowerCase().replace(/[ -]/g, ""), scene);
    const poll = /^(?:please )?(?:(?:start|make|send) )?(?:an? )?poll(?::| about| on| for)? (.+)$/is.exec(
      said.raw,
    );
    if (poll) return ask(poll[1]!, scene);
    if (
      /^(?:please )?(?:reply|answer)(?: (?:to )?(?:this|that|it|me))? (?:in|as|with) an? (?:inline )?(?:thread|reply)$/.test(
        said.plain,
      )
    )
      return act("reply", { messageId: idOf(said), text: "Here is my answer, in a thread." }, scene);
    return undefined;
  },
};

function react(what: string, said: Said, scene: Scene): SkillAnswer | Promise<SkillAnswer> {
  const emoji =
    tapbacks.find(([pattern]) => pattern.test(what))?.[1] ?? /\p{Extended_Pictographic}/u.exec(what)?.[0];
  if (emoji === undefined)
    return say(
      "I can react with a heart, thumbs up, thumbs down, haha, exclamation, question, or any emoji.",
    );
  return act("react", { messageId: idOf(said), emoji }, scene);
}

function sendWithEffect(what: string, effect: string, scene: Scene): SkillAnswer | Promise<SkillAnswer> {
  const text = /^(it|this|that|something|one|a message)$/i.test(what) ? `Here it is, with ${effect}!` : what;
  return act("sendWithEffect", { text, effect, to: scene.turn.envelope.chat.target }, scene);
}

function ask(question: string, scene: Scene): SkillAnswer | Promise<SkillAnswer> {
  const options = alternatives(question);
  if (options.length < 2) return say('I need two answers or more, as in "poll: tea or coffee?".');
  return act("poll", { question, options }, scene);
}

/** Runs the action; what was done is the answer, so nothing is said unless it failed. */
async function act(action: string, parameters: Record<string, unknown>, scene: Scene): Promise<SkillAnswer> {
  if (!isOffered(scene, action))
    return say(
      "I cannot do that here: it needs the private API of imsg, which is off. Plain answers work all the same.",
    );
  const done = await scene.turn.message.act(action, parameters);
  if (done.ok) return say("");
  scene.note(`${action} failed: ${done.error.code} ${done.error.message}`);
  return say("That did not work: Messages did not take it. It needs the private API of imsg.");
}

function idOf({ message }: Said): string {
  return message.sid ?? message.guid;
}
