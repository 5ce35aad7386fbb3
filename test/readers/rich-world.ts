import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { openSimulator, type Placed, type Saying, type Simulator } from "../../src/simulator/simulator.js";
import type { Settings } from "../../src/simulator/world/settings.js";

/** A file as it was sent. */
interface SaidFile {
  name: string;
  bytes: number;
  mime: string;
  uti: string;
}

/** One row of the database, as it was said. */
export interface Said {
  guid: string;
  id: number;
  chatGuid: string;
  chatIdentifier: string;
  isGroup: boolean;
  service: string;
  /** `me`, or the handle. */
  from: string;
  /** When, milliseconds since 1970, from and to: one instant where it could be chosen. */
  at: [number, number];
  /** With U+FFFC for each file; null where there is none (any more). */
  text: string | null;
  /** As it was at first. */
  sent: string;
  files: SaidFile[];
  /** First message of the thread that it answers. */
  thread?: string;
  effect?: string;
  balloon?: string;
  mentions?: Record<string, string>;
  tapback?: { type: number; target: string; emoji?: string; removed: boolean };
  /** All that it has said, oldest first, and when it was changed last. */
  edits?: { texts: string[]; at: number };
  /** When it was taken back. */
  unsentAt?: number;
  system?: { type: "rename" | "add" | "remove" | "leave"; title?: string; person?: string };
  poll?: { question: string; options: { id: string; text: string }[]; creator: string };
  vote?: { poll: string; voter: string; chosen: string[] };
  link?: string;
}

const mia = "+15550100123";
const sam = "sam@example.com";
const ada = "+15550100456";
const me = "bot@example.com";
const kinds = ["love", "like", "dislike", "laugh", "emphasize", "question"];
const types: Record<string, [uti: string, mime: string]> = {
  jpg: ["public.jpeg", "image/jpeg"],
  caf: ["com.apple.coreaudio-format", "audio/x-caf"],
  pdf: ["com.adobe.pdf", "application/pdf"],
};
/** Texts that decoders stumble over: lengths of one, three and five bytes, what their marks look like, other scripts. */
const texts = [
  "Are you free at 5?",
  "Hé 🎉 👩‍👩‍👧‍👦 🇩🇪",
  "\n\nleading lines",
  "x".repeat(127),
  "x".repeat(128),
  "y".repeat(8192),
  "z".repeat(40_000),
  "press 🆄 and ↄ now",
  "iI NSString NSDictionary + 100% 'quoted' \"twice\"",
  "العربية و עברית",
  "  spaces around  ",
  "e\u0301 \u200b zero width \u2028 line",
];

/** A world in which everything happens that Messages knows, and what was said in it. */
export class RichWorld {
  readonly said = new Map<string, Said>();
  readonly simulator: Simulator;
  readonly #folder = mkdtempSync(join(tmpdir(), "rich-world-"));
  #clock = Date.UTC(2026, 4, 9, 6, 13, 20, 123);

  constructor(settings: Partial<Settings>) {
    this.simulator = openSimulator(join(this.#folder, "Messages"), { ...settings, version: "0.14.0" });
    this.#play();
  }

  get dbPath(): string {
    return this.simulator.dbPath;
  }

  close(): void {
    this.simulator.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #play(): void {
    this.#texts();
    const group = this.simulator.group([mia, sam, ada], { name: "Climbing" }).id;
    this.#conversation(group);
    this.#changes(group);
    this.#groupActs(group);
    this.#apps(group);
  }

  #texts(): void {
    for (const text of texts) {
      const direct = this.#say({ from: mia, text });
      this.#say({ from: "me", chat: direct.chatGuid, text });
    }
    this.#say({ from: "+15550100789", text: "Your code is 493021", service: "SMS" });
    this.#say({ from: "+15550100790", text: "From an Android", service: "RCS" });
    this.simulator.fault({ kind: "undelivered", times: 1 });
    this.#say({ from: "me", chat: this.#last.chatGuid, text: "not delivered" });
    const own = this.#say({ from: me, text: "to myself" });
    this.#second(own);
  }

  #conversation(chat: number): void {
    const first = this.#say({ from: sam, chat, text: "Saturday 9am" });
    this.#say({ from: ada, chat, text: "Can we do 10?", replyTo: first.guid });
    this.#say({ from: "me", chat, text: "10 works", replyTo: first.guid });
    this.#say({ from: mia, chat, text: "Ask Sam and Ada about it", mentions: { Sam: sam, Ada: ada } });
    this.#say({ from: mia, chat, text: "Hey Bot", mentions: { Bot: me } });
    for (const effect of ["confetti", "invisibleink", "love"])
      this.#say({ from: mia, chat, text: effect, effect });
    this.#say({ from: mia, text: "", attach: [this.#file("IMG_2041.jpg")] });
    this.#say({ from: mia, text: "the whiteboard", attach: [this.#file("IMG_2042.jpg")] });
    const two = [this.#file("a.jpg"), this.#file("minutes.pdf")];
    const files = this.#say({ from: "me", chat, text: "both", attach: two });
    this.#say({
      from: mia,
      text: "words that were spoken",
      attach: [this.#file("Audio Message.caf")],
      audio: true,
    });
    for (const [index, kind] of kinds.entries()) this.#react(mia, first, kind, 2000 + index);
    for (const emoji of ["🎉", "👩‍🚀", "🇩🇪"]) this.#react(sam, first, emoji, 2006, emoji);
    this.#react("me", first, "love", 2000);
    this.#react(mia, files, "love", 2000);
    this.#react(mia, first, "love", 2000, undefined, true);
    this.#react(sam, first, "🎉", 2006, "🎉", true);
    this.#react(ada, first, "sticker", 2007);
  }

  #changes(chat: number): void {
    const once = this.#say({ from: mia, text: "Are you free at 5" });
    this.#edit(once, "Are you free at 6?");
    const thrice = this.#say({ from: "me", chat, text: "teh answer 🎉" });
    for (const text of ["the answer 🎉", "the answer", "w".repeat(300)]) this.#edit(thrice, text);
    const withFile = this.#say({ from: mia, text: "the whiteborad", attach: [this.#file("b.jpg")] });
    this.#edit(withFile, "the whiteboard");
    this.#unsend(this.#say({ from: mia, text: "wrong chat" }));
    this.#unsend(this.#say({ from: "me", chat, text: "with file", attach: [this.#file("c.jpg")] }));
    const both = this.#say({ from: sam, chat, text: "first" });
    this.#edit(both, "second");
    this.#unsend(both);
  }

  #groupActs(chat: number): void {
    const { simulator } = this;
    const act = (from: string, system: Said["system"], work: () => Placed) =>
      this.#note(this.#during(work), { from, text: null, system: system! });
    act(mia, { type: "rename", title: "Climbing 2026" }, () => simulator.rename(mia, chat, "Climbing 2026"));
    act("me", { type: "add", person: "+15550100999" }, () =>
      simulator.members("me", chat, { add: "+15550100999" }),
    );
    act(mia, { type: "remove", person: "+15550100999" }, () =>
      simulator.members(mia, chat, { remove: "+15550100999" }),
    );
    act(ada, { type: "leave" }, () => simulator.members(ada, chat, "leave"));
  }

  #apps(chat: number): void {
    const { simulator } = this;
    const options = ["Pizza", "Sushi 🍣"];
    const asked = this.#during(() => simulator.poll(sam, { question: "Dinner?", options, chat }));
    const poll = {
      question: "Dinner?",
      options: (asked.placed as ReturnType<Simulator["poll"]>).options,
      creator: sam,
    };
    this.#note(asked, { from: sam, text: null, balloon: pollBalloon, poll });
    const [pizza, sushi] = poll.options.map(({ id }) => id);
    const vote = (from: string, option: string, chosen: string[], remove = false) =>
      this.#note(
        this.#during(() => simulator.vote(from, asked.placed.guid, option, remove)),
        {
          from,
          text: null,
          vote: { poll: asked.placed.guid, voter: from === "me" ? me : from, chosen },
        },
      );
    vote(mia, pizza!, [pizza!]);
    vote(mia, sushi!, [pizza!, sushi!]);
    vote("me", sushi!, [sushi!]);
    vote(mia, pizza!, [sushi!], true);
    const link = "https://example.com/post/1?a=1&b=ü";
    this.#say({ from: mia, text: link, splitMs: 0 }, { balloon: linkBalloon, link });
    this.#say(
      { from: mia, text: "�", card: "com.example.card" },
      { balloon: "com.example.card", text: "\ufffd" },
    );
  }

  #say(saying: Saying, more: Partial<Said> = {}): Said {
    const at = this.#tick();
    const chat = saying.chat ?? undefined;
    const placed = this.simulator.say({ ...saying, at, ...(chat === undefined ? {} : { chat }) });
    const files = (saying.attach ?? []).map(saidFile);
    const spoken = saying.audio ? "" : (saying.text ?? "");
    const text = "\ufffc".repeat(files.length) + spoken;
    const { replyTo, mentions } = saying;
    return this.#note(
      { placed, between: [at, at] },
      {
        from: saying.from === me ? "me" : saying.from,
        text: text === "" ? null : text,
        files,
        ...(replyTo === undefined ? {} : { thread: replyTo }),
        ...(mentions === undefined ? {} : { mentions }),
        ...(saying.effect === undefined ? {} : { effect: effects[saying.effect]! }),
        ...more,
      },
    );
  }

  #react(from: string, on: Said, kind: string, type: number, emoji?: string, removed = false): void {
    const at = this.#tick();
    const placed = this.simulator.tapback(from, on.guid, kind, removed, at);
    const tapback = {
      type: type + (removed ? 1000 : 0),
      target: on.guid,
      removed,
      ...(emoji === undefined ? {} : { emoji }),
    };
    const text = verbs(kind, removed, on.text ?? "");
    this.#note({ placed, between: [at, at] }, { from, text, tapback });
  }

  #edit(said: Said, text: string): void {
    const at = this.#tick();
    this.simulator.edit(said.guid, text, at);
    const words = (said.text ?? "").replaceAll("\ufffc", "");
    said.edits = { texts: [...(said.edits?.texts ?? [words]), text], at };
    said.text = "\ufffc".repeat(said.files.length) + text;
  }

  #unsend(said: Said): void {
    const at = this.#tick();
    this.simulator.unsend(said.guid, at);
    said.text = null;
    said.unsentAt = at;
  }

  /** A message to oneself is stored twice: the second row comes in. */
  #second(first: Said): void {
    const other = this.simulator
      .transcript(first.chatGuid)
      .find(({ guid, text }) => text === first.text && guid !== first.guid)!;
    this.said.set(other.guid, { ...first, guid: other.guid, id: other.id, from: me });
  }

  #during(work: () => Placed): { placed: Placed; between: [number, number] } {
    const before = Date.now();
    const placed = work();
    return { placed, between: [before, Date.now()] };
  }

  #note(
    done: { placed: Placed; between: [number, number] },
    what: Pick<Said, "from" | "text"> & Partial<Said>,
  ): Said {
    const { guid, id, chatId, chatGuid } = done.placed;
    const { identifier, isGroup, service } = this.simulator.chat(chatId);
    const chat = { chatGuid, chatIdentifier: identifier, isGroup, service };
    const sent = what.text ?? "";
    const said = { guid, id, ...chat, at: done.between, files: [], sent, ...what };
    this.said.set(guid, said);
    return said;
  }

  get #last(): Said {
    return [...this.said.values()].at(-1)!;
  }

  #tick(): number {
    this.#clock += 61_007;
    return this.#clock;
  }

  #file(name: string): string {
    const path = join(this.#folder, name);
    writeFileSync(path, `the bytes of ${name}`);
    return path;
  }
}

const linkBalloon = "com.apple.messages.URLBalloonProvider";
const pollBalloon = "com.apple.messages.MSMessageExtensionBalloonPlugin:0000000000:com.apple.messages.Polls";
const effects: Record<string, string> = {
  confetti: "com.apple.messages.effect.CKConfettiEffect",
  invisibleink: "com.apple.MobileSMS.expressivesend.invisibleink",
  love: "com.apple.messages.effect.CKLoveEffect",
};

function saidFile(path: string): SaidFile {
  const [uti, mime] = types[path.split(".").at(-1)!]!;
  return { name: basename(path), bytes: statSync(path).size, uti, mime };
}

/** What Messages writes under a tapback (protocol reference 7.2). */
function verbs(kind: string, removed: boolean, text: string): string {
  const quoted = `“${text.replaceAll("\ufffc", "")}”`;
  const added = {
    love: "Loved",
    like: "Liked",
    dislike: "Disliked",
    laugh: "Laughed at",
    emphasize: "Emphasized",
    question: "Questioned",
  };
  if (kind === "sticker") return `Reacted with a sticker to ${quoted}`;
  if (kind in added)
    return removed ? `Removed a heart from ${quoted}` : `${added[kind as keyof typeof added]} ${quoted}`;
  return removed ? `Removed a ${kind} from ${quoted}` : `Reacted ${kind} to ${quoted}`;
}
