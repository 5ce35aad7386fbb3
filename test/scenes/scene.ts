import {
  type Conversation,
  type MessagesWorld,
  type MessagesWorldOptions,
  messagesWorld,
} from "../../src/testing/index.js";

/** What is shown of a scene: a conversation, or what somebody else was told. */
interface Shown {
  label: string;
  transcript: readonly (Pick<Line, "from" | "text"> & Partial<Line>)[];
}
type Line = Conversation["transcript"][number];

/** A conversation that shows what a section of the specification says, and is a test of it. */
export interface Scene {
  title: string;
  /** Of behaviour.md. */
  section: string;
  /** What a reader has to know before. */
  told: string;
  world: MessagesWorldOptions;
  /** Plays it. @returns the conversations that are shown, in this order */
  play(world: MessagesWorld): Promise<Shown[]>;
}

/** Plays a scene. @returns it as a part of the manual's page */
export async function shown({ title, section, told, world: options, play }: Scene): Promise<string> {
  const world = await messagesWorld(options);
  try {
    const conversations = await play(world);
    const parts = conversations.map((one) => `${one.label}:\n\n\`\`\`text\n${linesOf(one)}\n\`\`\`\n`);
    return `## ${title}\n\n${told} (behaviour ${section})\n\n${parts.join("\n")}`;
  } finally {
    await world.close();
  }
}

function linesOf(conversation: Shown): string {
  return conversation.transcript
    .map(({ from, name, text, poll, vote, tapbacks = [], attachments = [] }) => {
      const who = from === "me" ? "Tapback" : (name ?? from);
      const asked = poll && `${poll.question}\n${poll.options.map((option) => `○ ${option}`).join("\n")}`;
      const voted = vote && `(votes for ${vote.option})`;
      const files = attachments.map((path) => `[${path.split("/").at(-1)}]`);
      const marks = tapbacks.map(({ emoji, from: by }) => `(${by === "me" ? "Tapback" : by}: ${emoji})`);
      const words = [asked ?? voted ?? text, ...files, ...marks].filter(Boolean).join("\n");
      return `${who.padEnd(10)}  ${masked(words).replaceAll("\n", `\n${" ".repeat(12)}`)}`;
    })
    .join("\n");
}

/** Ids are drawn by chance. */
function masked(text: string): string {
  return text.replaceAll(/(\/(?:drafts \w+|approve) )[a-z0-9]{4}\b/g, "$1k7ab");
}
