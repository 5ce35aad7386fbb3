import { messageOf, sleep } from "../../platform/index.js";
import { mia, nameOf } from "./cast.js";
import { openStage, pairingCodeIn, type Stage } from "./stage.js";
import { Story, type StoryEvent } from "./story.js";
import type { StoredMessage } from "./world.js";

/** A message as the phone shows it. */
export interface Bubble {
  /** Milliseconds since the epoch. */
  at: number;
  /** Written by the person with the phone, rather than by the agent. */
  mine: boolean;
  text: string;
  /** The number of its row, once Messages has it. */
  id?: number;
  /** Emoji that the other side put on it. */
  tapbacks?: string[];
}

export interface SessionOptions {
  /** The script that Node runs. */
  started: string;
  env: Record<string, string | undefined>;
  /** Called with an address that opens the console in one browser, once; absent: there is no console. */
  onConsole?(url: string): void;
  /** Called with each message as it is shown. */
  onBubble?(bubble: Bubble): void;
  /** Something is different. */
  onChange(): void;
}

/** How often the gateway's state is read, milliseconds; one look costs less than one. */
const storyMs = 120;
/** How long answers are waited for when nobody writes any more, milliseconds. */
const settleMs = 10_000;
const keptEvents = 500;

/** One person at one phone, with the gateway at the other end; the screen and the line mode show it. */
export class Session {
  readonly bubbles: Bubble[] = [];
  readonly events: StoryEvent[] = [];
  state: "starting" | "ready" | "ending" = "starting";
  /** The pairing code that waits for the owner's approval. */
  offer: string | undefined;
  /** An address that opens the console in one browser, once. */
  console: string | undefined;
  #stage: Stage | undefined;
  #looked: Promise<void> = Promise.resolve();
  #story: Story | undefined;
  #timer: NodeJS.Timeout | undefined;
  #opening: Promise<void> | undefined;
  /** What is written goes out one after the other, once the gateway is there. */
  #queue: Promise<void> = Promise.resolve();
  #said = 0;
  readonly #stop = new AbortController();

  constructor(private readonly options: SessionOptions) {}

  /** @throws what opening a stage throws */
  open(): Promise<void> {
    const { started, env, onConsole } = this.options;
    this.#opening = openStage({
      started,
      env,
      console: onConsole !== undefined,
      signal: this.#stop.signal,
      onMessage: (message) => this.#receive(message),
      onLog: (line) => this.#takeLog(line),
    }).then((stage) => {
      this.#stage = stage;
      this.#story = new Story(stage.store, nameOf);
      this.#timer = setInterval(() => void this.#look(), storyMs);
      if (this.state === "starting") this.state = "ready";
      this.options.onChange();
      if (onConsole) void this.#openConsole(stage, onConsole);
    });
    this.#queue = this.#opening.catch(() => {});
    return this.#opening;
  }

  /** Writes to the agent; an empty text writes nothing. */
  say(text: string): void {
    if (text.trim() === "") return;
    this.#said += 1;
    this.#show({ at: Date.now(), mine: true, text });
    this.#work(async (stage) => {
      await stage.world.say(mia, text);
    });
  }

  /** Waits for a pairing code, as long as what was written may still bring one. @returns whether there is one */
  async offered(): Promise<boolean> {
    await this.#queue;
    const until = Date.now() + settleMs;
    while (this.offer === undefined && this.state === "ready" && Date.now() < until) await sleep(50);
    return this.offer !== undefined;
  }

  /** Does what the owner of the gateway would: lets this person in. */
  approve(): void {
    const code = this.offer;
    if (code === undefined) return;
    this.offer = undefined;
    this.#note("note", `$ tapback pairing approve imessage ${code} --replay`);
    this.#work((stage) => stage.approve(code));
  }

  /** Waits until all that was written has been answered or turned away, but not for ever. */
  async settled(): Promise<void> {
    await this.#queue;
    const until = Date.now() + settleMs;
    while (Date.now() < until && !(await this.#isSettled())) await sleep(50);
    // The row is in Messages by now; the phone sees it with the next look.
    await sleep(300);
    await this.#look();
  }

  /** Ends everything. */
  async close(): Promise<void> {
    this.state = "ending";
    this.#stop.abort();
    await this.#opening?.catch(() => {});
    clearInterval(this.#timer);
    this.#story = undefined;
    await this.#stage?.close();
  }

  /** One address is opened, another one shown: each works once. */
  async #openConsole(stage: Stage, open: (url: string) => void): Promise<void> {
    const url = await stage.consoleAddress();
    if (url === undefined) return;
    open(url);
    this.console = await stage.consoleAddress();
    this.options.onChange();
  }

  async #isSettled(): Promise<boolean> {
    const store = this.#stage?.store;
    if (!store) return true;
    const entries = await store.journal.list({ limit: this.#said + 1 });
    return (
      entries.length >= this.#said &&
      entries.every(({ state }) => state === "done" || state === "failed") &&
      (await store.outbox.list({ states: ["pending", "sending"], limit: 1 })).length === 0
    );
  }

  #receive({ id, from, at, text, tapback }: StoredMessage): void {
    if (from !== undefined) {
      const own = this.bubbles.find(
        (bubble) => bubble.mine && bubble.id === undefined && bubble.text === text,
      );
      if (own && tapback === undefined) own.id = id;
      return;
    }
    const touched = tapback === undefined ? undefined : this.bubbles.find((bubble) => bubble.id === id);
    if (touched) {
      touched.tapbacks = [...(touched.tapbacks ?? []), tapback!];
      this.options.onBubble?.({ at, mine: false, text });
      this.options.onChange();
      return;
    }
    const code = pairingCodeIn(text);
    if (code !== undefined) this.offer = code;
    this.#show({ at, mine: false, text, id });
  }

  #show(bubble: Bubble): void {
    this.bubbles.push(bubble);
    this.options.onBubble?.(bubble);
    this.options.onChange();
  }

  /** One look after the other, so that nothing is told twice. */
  #look(): Promise<void> {
    this.#looked = this.#looked.then(() => this.#tellNews()).catch(() => {});
    return this.#looked;
  }

  async #tellNews(): Promise<void> {
    const news = (await this.#story?.next()) ?? [];
    if (news.length === 0) return;
    this.events.push(...news);
    this.events.splice(0, this.events.length - keptEvents);
    this.options.onChange();
  }

  #work(job: (stage: Stage) => Promise<void>): void {
    this.#queue = this.#queue
      .then(async () => {
        if (this.#stage && this.state !== "ending") await job(this.#stage);
      })
      .catch((error) => {
        if (this.state !== "ending") this.#note("failed", messageOf(error));
      });
  }

  /** What goes well is told from the state; the log adds the gateway's own coming up, and trouble. */
  #takeLog(line: string): void {
    // What a crashing process writes is no JSON.
    const { level, msg } = line.startsWith("{")
      ? (JSON.parse(line) as { level: string; msg: string })
      : { level: "error", msg: line };
    if (level === "warn" || level === "error") this.#note("failed", msg);
    else if (!msg.startsWith("message ")) this.#note("note", msg);
  }

  #note(kind: StoryEvent["kind"], text: string): void {
    this.events.push({ at: Date.now(), kind, text });
    this.options.onChange();
  }
}
