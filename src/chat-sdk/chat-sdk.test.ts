import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { createMemoryState } from "@chat-adapter/state-memory";
import { Actions, Button, Card, CardText, Chat, emoji, Message } from "chat";
import { afterEach, expect, it } from "vitest";
import { type MessagesWorld, type MessagesWorldOptions, messagesWorld } from "../testing/index.js";
import { createTapbackAdapter, type TapbackAdapter } from "./adapter.js";

const open: MessagesWorld[] = [];
afterEach(async () => {
  for (const world of open.splice(0)) await world.close();
});

/** A bot in a world of its own. */
async function botIn(set: (bot: Chat) => void, options: Partial<MessagesWorldOptions> = {}) {
  const tapback = createTapbackAdapter();
  const bot = new Chat({
    userName: "bot",
    adapters: { tapback },
    state: createMemoryState(),
    logger: "silent",
  });
  set(bot);
  const agents = { main: tapback.asAgent() };
  await bot.initialize();
  const world = await messagesWorld({ agents, ...options });
  open.push(world);
  return { world, bot, tapback, mia: world.person("+15550100123", "Mia") };
}

const textsOf = ({ received }: { received: readonly { text: string }[] }) => received.map(({ text }) => text);

it("posts what it is told, each as a message, as it was written", async () => {
  const { world, mia } = await botIn((bot) => {
    bot.onNewMention(async (thread, message) => {
      await thread.post(`You said: ${message.text}`);
      await thread.post({ markdown: "It is **bold** {{emoji:wave}}" });
      await thread.post(`Plain ${emoji.wave} *x*`);
      await thread.post("Result of *a*:\n\n    a.b = 1");
      await thread.post(streamOf("One ", "message"));
      await thread.post(" ");
    });
  });
  mia.says("2*3*4\n# no heading");
  await world.settles();
  expect(textsOf(mia)).toEqual([
    "You said: 2*3*4\n# no heading",
    "It is bold 👋",
    "Plain 👋 *x*",
    "Result of *a*:\n\n    a.b = 1",
    "One message",
  ]);
});

async function* streamOf(...parts: string[]) {
  yield* parts;
}

it("hears who wrote what, in which conversation, with its files", async () => {
  const heard: Message[] = [];
  const files: string[] = [];
  const { world, mia } = await botIn((bot) => {
    bot.onNewMention(async (thread, message) => {
      heard.push(message);
      for (const { fetchData } of message.attachments) files.push(String(await fetchData?.()));
      const { metadata, isDM } = await thread.adapter.fetchThread(thread.id);
      await thread.post(`${isDM ? "alone" : "together"} ${(metadata.participants as string[]).length}`);
    });
  });
  const note = join(world.stateDir, "../note.txt");
  writeFileSync(note, "a note");
  mia.says("Look", { files: [note] });
  await world.settles();
  const crew = world.group([mia, "+15550100456"], { name: "Crew" });
  mia.says("And here?", { in: crew });
  await world.settles();
  expect(
    heard.map(({ text, isMention, author }) => [text, isMention, author.fullName, author.userId]),
  ).toEqual([
    ["Look", true, "Mia", "+15550100123"],
    ["And here?", true, "Mia", "+15550100123"],
  ]);
  expect(new Set(heard.map(({ threadId }) => threadId)).size).toBe(2);
  expect(heard[0]?.attachments).toMatchObject([{ type: "file", name: "note.txt", size: 6 }]);
  expect(files).toEqual(["a note"]);
  expect(textsOf(mia)).toEqual(["alone 1"]);
  expect(textsOf(crew)).toEqual(["together 2"]);
  // Its copy is gone with the turn.
  await expect(heard[0]?.attachments[0]?.fetchData?.()).rejects.toMatchObject({ code: "FILE_MISSING" });
});

it("edits, takes back, reacts, replies and sends files by the ids of messages", async () => {
  const { world, mia } = await botIn((bot) => {
    bot.onNewMention(async (thread, message) => {
      const first = await thread.post("one");
      await first.edit({ markdown: "**two**" });
      const second = await thread.post("gone");
      await second.delete();
      await thread.adapter.addReaction(thread.id, message.id, emoji.thumbs_up);
      await thread.reply(message, "in a thread");
      await thread.post({ markdown: "a file", files: [{ data: Buffer.from("x,y"), filename: "t.csv" }] });
    });
  });
  const asked = mia.says("Go");
  await world.settles();
  const all = world.transcript();
  const own = all.filter(({ from, event }) => from === "me" && event === undefined);
  expect(
    own.map(({ text, edited, unsent, thread }) => [text, edited, unsent, thread === asked.guid]),
  ).toEqual([
    ["two", true, false, false],
    ["", false, true, false],
    ["in a thread", false, false, true],
    ["a file", false, false, false],
    ["", false, false, false],
  ]);
  expect(own.at(-1)?.attachments.map((path) => basename(path))).toEqual(["t.csv"]);
  expect(all[0]?.tapbacks).toMatchObject([{ emoji: "👍" }]);
});

it("tells the past of its conversation", async () => {
  const pages: unknown[] = [];
  const { world, mia } = await botIn((bot) => {
    bot.onNewMention(async (thread, message) => {
      await thread.post(`re: ${message.text}`);
      if (message.text !== "three") return;
      const texts = (messages: Message[]) => messages.map(({ text, author }) => [text, author.isMe]);
      const newest = await thread.adapter.fetchMessages(thread.id, { limit: 3 });
      const older = await thread.adapter.fetchMessages(thread.id, { limit: 9, cursor: newest.nextCursor! });
      pages.push(texts(newest.messages), texts(older.messages), older.nextCursor);
    });
  });
  for (const text of ["one", "two", "three"]) {
    mia.says(text);
    await world.settles();
  }
  expect(pages).toEqual([
    [
      ["re: two", true],
      ["three", false],
      ["re: three", true],
    ],
    [
      ["one", false],
      ["re: one", true],
      ["two", false],
    ],
    undefined,
  ]);
});

it("shows buttons as a list where Messages has no polls, and takes one answer", async () => {
  const { world, mia } = await botIn(
    (bot) => {
      bot.onNewMention(async (thread, message) => {
        if (message.text !== "Hi") return void (await thread.post(`re: ${message.text}`));
        await thread.post(
          Card({
            title: "Welcome!",
            children: [
              CardText("Try a button:"),
              Actions([
                Button({ id: "hello", label: "Say Hello", value: "v" }),
                Button({ id: "info", label: "Show Info" }),
              ]),
            ],
          }),
        );
      });
      bot.onAction(async (event) => {
        await event.thread?.post(
          `${event.user.fullName} chose ${event.actionId} ${event.value ?? ""}`.trim(),
        );
      });
    },
    { mac: { version: "0.9.0", bridge: false, sip: "enabled" } },
  );
  for (const text of ["Hi", "5", "2", "2"]) {
    mia.says(text);
    await world.settles();
  }
  expect(textsOf(mia)).toEqual([
    "Welcome!\n\nTry a button:",
    "1. Say Hello\n2. Show Info",
    "re: 5",
    "Mia chose info",
    "re: 2",
  ]);
});

it("says that something is not there where the Mac cannot do it", async () => {
  const errors: unknown[] = [];
  const { world, mia } = await botIn(
    (bot) => {
      bot.onNewMention(async (thread, message) => {
        const sent = await thread.post("one");
        await sent.edit("two").catch((error: unknown) => errors.push(error));
        await thread.reply(message, "x").catch((error: unknown) => errors.push(error));
      });
    },
    { mac: { version: "0.9.0", bridge: false, sip: "enabled" } },
  );
  mia.says("Go");
  await world.settles();
  expect(errors).toMatchObject([{ name: "NotImplementedError" }, { name: "NotImplementedError" }]);
  expect(textsOf(mia)).toEqual(["one"]);
});

it("posts once though the gateway dies in the middle, in other words too", async () => {
  let runs = 0;
  let die = () => {};
  const { world, mia } = await botIn(
    (bot) => {
      bot.onNewMention(async (thread, message) => {
        const run = ++runs;
        await thread.post(`Thinking, ${run}`);
        await thread.reply(message, `Wait, ${run}`);
        if (run === 1)
          await new Promise<void>((_, reject) => {
            die = () => reject(new Error("dead"));
          });
        await thread.post("Done.");
      });
    },
    { patience: { seconds: 1 } },
  );
  mia.says("Do it");
  await world.passes({ seconds: 3 });
  await world.fault("gateway-dies");
  die();
  await world.settles();
  expect(runs).toBe(2);
  expect(textsOf(mia)).toEqual(["Thinking, 1", "Wait, 1", "Done."]);
});

it("fails the turn with what a handler throws, and tells the person nothing of it", async () => {
  const { world, mia } = await botIn((bot) => {
    bot.onNewMention(() => {
      throw new Error("the secret broke");
    });
  });
  mia.says("Hi");
  await world.settles();
  expect(textsOf(mia).join()).not.toContain("secret");
  expect(world.warnings.join()).toContain("the secret broke");
});

it("posts nowhere else while it is somebody else's agent", async () => {
  const tries: Promise<unknown>[] = [];
  let adapter: TapbackAdapter | undefined;
  const { world, mia, tapback } = await botIn((bot) => {
    bot.onNewMention(async () => {
      const other = adapter!.encodeThreadId({ account: "default", kind: "dm", name: "+15550100456" });
      tries.push(adapter!.postMessage(other, "psst"));
      await Promise.allSettled(tries);
    });
  });
  adapter = tapback;
  mia.says("Hi");
  await world.settles();
  await expect(tries[0]).rejects.toMatchObject({ name: "NotImplementedError" });
  expect(world.transcript().filter(({ from }) => from === "me")).toEqual([]);
});

it("shows buttons as a poll", async () => {
  const { world, mia } = await botIn((bot) => {
    bot.onNewMention(async (thread) => {
      const buttons = Actions([Button({ id: "yes", label: "Yes" }), Button({ id: "no", label: "No" })]);
      await thread.post(Card({ title: "Sure?", children: [buttons] }));
    });
  });
  mia.says("Hi");
  await world.settles();
  expect(world.transcript().flatMap(({ poll }) => poll ?? [])).toEqual([
    { question: "Sure?", options: ["Yes", "No"] },
  ]);
  // Nothing but what imsg writes under a poll.
  expect(textsOf(mia)).toEqual(["", "Sure?"]);
});

it("waits where its conversation is locked, and answers then", async () => {
  const state = createMemoryState();
  const tapback = createTapbackAdapter();
  let conflicts = 0;
  const bot = new Chat({
    userName: "bot",
    adapters: { tapback },
    state,
    logger: "silent",
    // Who held it lets go.
    onLockConflict: async (threadId) => {
      conflicts++;
      await state.forceReleaseLock(threadId);
      return "drop" as const;
    },
  });
  bot.onNewMention(async (thread) => {
    await thread.post("Here.");
  });
  const agents = { main: tapback.asAgent() };
  await bot.initialize();
  const world = await messagesWorld({ agents });
  open.push(world);
  const mia = world.person("+15550100123");
  const threadId = tapback.encodeThreadId({ account: "default", kind: "dm", name: mia.handle });
  expect(await state.acquireLock(threadId, 3600_000)).not.toBeNull();
  mia.says("Hi");
  await world.settles();
  expect(conflicts).toBe(1);
  expect(textsOf(mia)).toEqual(["Here."]);
});

it("posts nothing for a turn that was stopped", async () => {
  const late: Promise<unknown>[] = [];
  let goOn = () => {};
  const { world, mia } = await botIn(
    (bot) => {
      bot.onNewMention(async (thread) => {
        await new Promise<void>((resolve) => {
          goOn = resolve;
        });
        late.push(thread.post("too late"));
        await Promise.allSettled(late);
      });
    },
    { patience: { seconds: 1 } },
  );
  mia.says("Work");
  await world.passes({ seconds: 5 });
  mia.says("/stop");
  await world.passes({ seconds: 5 });
  goOn();
  await world.settles();
  await expect(late[0]).rejects.toMatchObject({ code: "NO_TURN" });
  expect(textsOf(mia).join()).not.toContain("too late");
});

it("reads again of a file only what came with a turn that goes on", async () => {
  const read: unknown[] = [];
  const { world, mia, tapback } = await botIn((bot) => {
    bot.onNewMention(async (_, message) => {
      const [attachment] = Message.fromJSON(JSON.parse(JSON.stringify(message.toJSON()))).attachments;
      const again = (path?: string) =>
        tapback.rehydrateAttachment?.({
          ...attachment!,
          fetchMetadata: { path: path ?? attachment!.fetchMetadata!.path! },
        });
      read.push(String(await again()?.fetchData?.()), again("/etc/hosts")?.fetchData);
    });
  });
  const note = join(world.stateDir, "../note.txt");
  writeFileSync(note, "a note");
  mia.says("Look", { files: [note] });
  await world.settles();
  expect(read).toEqual(["a note", undefined]);
});

it("hears as no mention what it only reads along", async () => {
  const heard: (boolean | undefined)[] = [];
  const { world, mia } = await botIn(
    (bot) => {
      bot.onNewMessage(/./, async (_, message) => {
        heard.push(message.isMention);
      });
    },
    {
      config: {
        channels: { imessage: { groups: { "*": { requireMention: true, listen: true } } } },
        messages: { groupChat: { mentionPatterns: ["@bot"] } },
      },
    },
  );
  const crew = world.group([mia, "+15550100456"], { name: "Crew" });
  mia.says("By the way", { in: crew });
  await world.passes({ minutes: 2 });
  expect(heard).toEqual([false]);
});

it("takes no secret of a webhook whose key everybody can guess", () => {
  const withSecret = (webhookSecret: string) =>
    createTapbackAdapter({ api: { url: "http://127.0.0.1:1", token: "t", webhookSecret } });
  for (const secret of ["", "whsec_", `whsec_${"A".repeat(28)}`])
    expect(() => withSecret(secret)).toThrow("webhookSecret is whsec_ and at least 24 bytes");
  expect(withSecret(`whsec_${"A".repeat(32)}`)).toBeDefined();
});
