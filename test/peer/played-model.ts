import type { FakeModels, FakeReply, FakeRequest } from "../support/fake-models.js";

// biome-ignore lint/suspicious/noExplicitAny: the protocol's own shape
type Turn = any;

/** What the peer adds of its own, with what was said before in a group. */
const aside = /<<<BEGIN_OPENCLAW_INTERNAL_CONTEXT>>>[\s\S]*?<<<END_OPENCLAW_INTERNAL_CONTEXT>>>/g;

/** The model of the peer: it knows a few words and what to do at each. */
export class PlayedModel {
  private readonly known: { words: string; replies: FakeReply[] }[] = [];

  constructor(private readonly models: FakeModels) {
    models.answer = (request) => this.answer(request);
  }

  /** @param replies one after another: the next follows what the tool of the one before said */
  hears(words: string, ...replies: FakeReply[]): void {
    this.known.push({ words, replies });
  }

  /** The requests that heard these words as the newest ones that it knows. */
  asked(words: string): FakeRequest[] {
    return this.models.requests.filter((request) => this.newest(request)?.words === words);
  }

  /** What the tools said at the end of a request, and the tools that it had; for the words of a failure. */
  told(words: string): string {
    const request = this.asked(words).at(-1);
    if (request === undefined) return "the model was not asked";
    const turns: Turn[] = request.body.messages;
    return turns
      .slice(turns.findLastIndex(({ role, content }) => role === "user" && textOf(content).includes(words)))
      .filter(({ role }) => role === "tool")
      .map(({ content }) => textOf(content))
      .join("\n");
  }

  /** What it was asked without knowing a word of it. */
  unknown(): string[] {
    return this.models.requests.filter((request) => this.newest(request) === undefined).map(saidIn);
  }

  private answer(request: FakeRequest): FakeReply {
    const newest = this.newest(request);
    if (newest === undefined) return { text: "I do not know these words." };
    return newest.replies[newest.step] ?? { text: "There is nothing more to do." };
  }

  private newest({ body }: FakeRequest): { words: string; replies: FakeReply[]; step: number } | undefined {
    const turns: Turn[] = body.messages ?? [];
    for (const [index, turn] of [...turns.entries()].reverse()) {
      if (turn.role !== "user") continue;
      const text = textOf(turn.content).replace(aside, "");
      const heard = this.known
        .map((known) => ({ ...known, at: text.lastIndexOf(known.words) }))
        .filter(({ at }) => at >= 0)
        .sort((one, other) => other.at - one.at)[0];
      if (heard === undefined) continue;
      const step = turns.slice(index).filter(({ role }) => role === "tool").length;
      return { ...heard, step };
    }
    return undefined;
  }
}

/** The pictures of a request, decoded. */
export function picturesOf(request: FakeRequest): Buffer[] {
  const turns: Turn[] = request.body.messages ?? [];
  return turns
    .flatMap(({ content }) => (Array.isArray(content) ? content : []))
    .filter(({ type }) => type === "image_url")
    .map(({ image_url }) => Buffer.from(image_url.url.replace(/^data:[^,]*,/, ""), "base64"));
}

/** Everything that the people and the gateway said in a request, without what the system prompt says. */
export function saidIn(request: FakeRequest): string {
  const turns: Turn[] = request.body.messages ?? [];
  return turns
    .filter(({ role }) => role === "user")
    .map(({ content }) => textOf(content))
    .join("\n");
}

function textOf(content: Turn): string {
  if (typeof content === "string") return content;
  return (content ?? []).map(({ text = "" }: { text?: string }) => text).join("\n");
}
