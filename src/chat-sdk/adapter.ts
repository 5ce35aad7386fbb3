import type {
  Adapter,
  AdapterPostableMessage,
  Attachment,
  CardElement,
  ChannelInfo,
  ChannelVisibility,
  ChatInstance,
  EmojiValue,
  FetchOptions,
  FetchResult,
  FormattedContent,
  Message,
  RawMessage,
  StreamChunk,
  ThreadInfo,
  WebhookOptions,
} from "chat";
import { NotImplementedError } from "chat";
import type { FunctionAgent } from "../agents/index.js";
import { type Envelope, normalizeHandle } from "../conversation/index.js";
import type { Gateway } from "../library/index.js";
import { renderMarkdown } from "../outbound/index.js";
import { TapbackError } from "../platform/index.js";
import { answering } from "./agent.js";
import { ApiHome } from "./api/home.js";
import { Cards, choicesOf, linksOf } from "./cards.js";
import { Conversations } from "./conversations.js";
import type { Door } from "./door.js";
import { tapbackOfEmoji } from "./emoji.js";
import { GatewayHome } from "./gateway-home.js";
import { newest, pageOf } from "./history.js";
import type { BotParts, Home } from "./home.js";
import { messageOfTurn } from "./message.js";
import { Occasions } from "./occasion.js";
import type { TapbackAdapterOptions } from "./options.js";
import { cardOf, escaped, filesOf, formats, markdownOf } from "./postable.js";
import { adapterName, decodeThread, encodeThread, type TapbackThread } from "./thread-id.js";

type ChatAdapter = Adapter<TapbackThread, unknown>;
/** What every adapter may have, and this one has. */
type Had = "isDM" | "openDM" | "reply" | "fetchMessage" | "fetchChannelInfo";

/** Messages for a bot of the Chat SDK, with a gateway in its process or behind an API (behaviour 20.5). */
export interface TapbackAdapter extends Omit<ChatAdapter, Had>, Required<Pick<ChatAdapter, Had>> {
  /** The gateway that runs with the bot, for what the SDK has no word for; undefined while there is none. */
  readonly gateway: Gateway | undefined;
  /**
   * The bot as an agent of a gateway that somebody else starts, such as a world of `tapback/testing`: the adapter starts none
   * then, and posts in the conversation of a turn alone. To be called before the bot is initialized.
   */
  asAgent(): FunctionAgent;
}

/**
 * Makes an adapter for `Chat`: it starts a gateway with the bot, or has one behind its API, and every message that the gates let in is
 * the bot's.
 * @throws `OPTIONS_INVALID`
 */
export function createTapbackAdapter(options: TapbackAdapterOptions = {}): TapbackAdapter {
  return new MessagesAdapter(options);
}

class MessagesAdapter implements TapbackAdapter {
  readonly name = adapterName;
  /** The gateway works its messages off by itself, one after the other in a conversation. */
  readonly lockScope = "thread";
  readonly #occasions = new Occasions();
  readonly #conversations = new Conversations();
  readonly #cards = new Cards(() => this.#bot().getState());
  #chat: ChatInstance | undefined;
  readonly #home: Home;
  /** Somebody else's gateway has the bot as its agent. */
  #isLent = false;

  constructor(private readonly options: TapbackAdapterOptions) {
    const { api, gateway, agentId } = options;
    if (api && (gateway || agentId !== undefined))
      throw new TapbackError("OPTIONS_INVALID", "a gateway behind its API has its own agents", {
        hint: "Leave out `gateway` and `agentId`, or `api`.",
      });
    this.#home = api ? new ApiHome(api) : new GatewayHome(options);
  }

  get userName(): string {
    return this.options.userName ?? this.#chat?.getUserName() ?? adapterName;
  }

  get gateway(): Gateway | undefined {
    return this.#home.gateway;
  }

  asAgent(): FunctionAgent {
    if (this.options.api || this.#home.gateway)
      throw new TapbackError("OPTIONS_INVALID", "the adapter has a gateway of its own", {
        hint: "Call asAgent before the bot is initialized.",
      });
    this.#isLent = true;
    return this.#agent;
  }

  async initialize(chat: ChatInstance): Promise<void> {
    this.#chat = chat;
    if (!this.#isLent) await this.#home.start(this.#parts(), this.#agent);
  }

  async disconnect(): Promise<void> {
    await this.#home.stop();
  }

  /** What a gateway elsewhere posts, as a webhook of it (behaviour 20.2). */
  handleWebhook(request: Request, options: WebhookOptions = {}): Promise<Response> {
    return this.#home.take(request, (work) => options.waitUntil?.(work));
  }

  encodeThreadId(thread: TapbackThread): string {
    return encodeThread(thread);
  }

  decodeThreadId(threadId: string): TapbackThread {
    return decodeThread(threadId);
  }

  /** A conversation has no threads beside itself. */
  channelIdFromThreadId(threadId: string): string {
    return threadId;
  }

  isDM(threadId: string): boolean {
    return decodeThread(threadId).kind === "dm";
  }

  getChannelVisibility(): ChannelVisibility {
    return "private";
  }

  parseMessage(raw: unknown): Message<unknown> {
    return messageOfTurn(raw as Envelope);
  }

  renderFormatted(content: FormattedContent): string {
    return formats.fromAst(content);
  }

  async postMessage(threadId: string, message: AdapterPostableMessage): Promise<RawMessage<unknown>> {
    const door = this.#doorInto(threadId);
    return this.#post(threadId, message, door, (text) => door.say(text));
  }

  async reply(
    threadId: string,
    messageId: string,
    message: AdapterPostableMessage,
  ): Promise<RawMessage<unknown>> {
    const door = this.#doorInto(threadId);
    return this.#post(threadId, message, door, (text) =>
      whereThere("reply", () => door.reply(messageId, text)),
    );
  }

  /** A stream is one message: it is sent when it is whole. */
  async stream(threadId: string, chunks: AsyncIterable<string | StreamChunk>): Promise<RawMessage<unknown>> {
    let markdown = "";
    for await (const chunk of chunks)
      if (typeof chunk === "string") markdown += chunk;
      else if (chunk.type === "markdown_text") markdown += chunk.text;
    return this.postMessage(threadId, { markdown });
  }

  async editMessage(
    threadId: string,
    messageId: string,
    message: AdapterPostableMessage,
  ): Promise<RawMessage<unknown>> {
    const { text } = renderMarkdown(markdownOf(message));
    const raw = await this.#act(threadId, "edit", { messageId, text });
    return { id: messageId, threadId, raw };
  }

  async deleteMessage(threadId: string, messageId: string): Promise<void> {
    await this.#act(threadId, "unsend", { messageId });
  }

  async addReaction(threadId: string, messageId: string, emoji: EmojiValue | string): Promise<void> {
    await this.#act(threadId, "react", { messageId, emoji: tapbackOfEmoji(emoji) });
  }

  async removeReaction(threadId: string, messageId: string, emoji: EmojiValue | string): Promise<void> {
    const taken = { messageId, emoji: tapbackOfEmoji(emoji), remove: true };
    await this.#act(threadId, "react", taken);
  }

  /** The gateway shows the bubble by itself, from the message on until it is answered (behaviour 11.3). */
  async startTyping(): Promise<void> {}

  /** The gateway marks what it lets in as read (behaviour 11.3). */
  async markAsRead(): Promise<void> {}

  async fetchMessages(threadId: string, options?: FetchOptions): Promise<FetchResult<unknown>> {
    return pageOf(await newest(this.#doorInto(threadId), threadId), options);
  }

  async fetchMessage(threadId: string, messageId: string): Promise<Message<unknown> | null> {
    return (await newest(this.#doorInto(threadId), threadId)).find(({ id }) => id === messageId) ?? null;
  }

  async fetchThread(threadId: string): Promise<ThreadInfo> {
    const { name, ...known } = await this.fetchChannelInfo(threadId);
    return { ...known, channelId: threadId, ...(name !== undefined && { channelName: name }) };
  }

  /** Name and members of a group are those that the newest turn in it told. */
  async fetchChannelInfo(channelId: string): Promise<ChannelInfo> {
    const { participants = [], name = "" } = this.#conversations.of(channelId) ?? {};
    return {
      id: channelId,
      isDM: this.isDM(channelId),
      channelVisibility: this.getChannelVisibility(),
      ...(name !== "" && { name }),
      ...(participants.length > 0 && { memberCount: participants.length }),
      metadata: { ...decodeThread(channelId), participants },
    };
  }

  /** @param userId a phone number or an e-mail address; the conversation is one of the default account */
  async openDM(userId: string): Promise<string> {
    return encodeThread({ account: await this.#home.account(), kind: "dm", name: normalizeHandle(userId) });
  }

  rehydrateAttachment(attachment: Attachment): Attachment {
    return this.#home.rehydrated(attachment, (path) => this.#occasions.hasFile(path));
  }

  readonly #agent: FunctionAgent = (turn) => answering(turn, this.#parts());

  #parts(): BotParts {
    return {
      ...{ adapter: this, chat: this.#bot(), occasions: this.#occasions },
      ...{ cards: this.#cards, conversations: this.#conversations },
    };
  }

  async #post(
    threadId: string,
    message: AdapterPostableMessage,
    door: Door,
    say: (text: string) => Promise<string>,
  ): Promise<RawMessage<unknown>> {
    const card = cardOf(message);
    const choices = card ? choicesOf(card) : [];
    const { title = "" } = card ?? {};
    const [text, files] = [markdownWithLinks(message, card), await filesOf(message)];
    // What a poll asks need not stand above it.
    const isAsked = choices.length > 0 && text === `**${escaped(title)}**`;
    let id = text.trim() === "" || isAsked ? undefined : await say(text);
    for (const file of files) {
      const sent = await door.send(file);
      id ??= sent;
    }
    if (choices.length > 0) id = await this.#cards.offer(door, threadId, title || "Choose:", choices, id);
    return { id: id ?? "", threadId, raw: undefined };
  }

  #doorInto(threadId: string): Door {
    // What is no id of a conversation is told as that.
    decodeThread(threadId);
    const outside = () => this.#home.doorInto(threadId, () => this.#occasions.nextKey());
    const door = this.#occasions.doorInto(threadId) ?? outside();
    if (door) return door;
    throw new NotImplementedError(
      "Without a gateway of its own the adapter posts in the conversation of a running turn alone.",
      "postMessage",
    );
  }

  #act(threadId: string, action: string, parameters: Record<string, unknown>) {
    const door = this.#doorInto(threadId);
    return whereThere(action, () => door.act(action, parameters));
  }

  #bot(): ChatInstance {
    if (this.#chat) return this.#chat;
    throw new TapbackError("OPTIONS_INVALID", "the bot was not initialized", {
      hint: "Call `await bot.initialize()` before the gateway starts.",
    });
  }
}

/** What this Mac cannot do, and what is switched off, is not there for the SDK. */
async function whereThere<Told>(action: string, work: () => Promise<Told>): Promise<Told> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TapbackError && ["ACTION_UNAVAILABLE", "ACTION_OFF"].includes(error.code))
      throw new NotImplementedError(error.message, action, error);
    throw error;
  }
}

function markdownWithLinks(message: AdapterPostableMessage, card: CardElement | undefined): string {
  return [markdownOf(message), ...(card ? linksOf(card) : [])].filter((part) => part !== "").join("\n\n");
}
