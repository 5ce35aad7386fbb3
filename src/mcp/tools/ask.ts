import { randomUUID } from "node:crypto";
import * as z from "zod";
import type { ApiDeps } from "../../api/index.js";
import { type AnyRoute, messageFacts, messagesIn, perform, told } from "../../api/serving/index.js";
import type { JournalEntry, OutboxItem } from "../../store/index.js";
import type { Agent } from "../agent.js";
import type { Waits } from "../waits.js";
import { accountField, chatField, timeoutField } from "./fields.js";
import { type AgentTool, dataOf, PartlyDone } from "./tool.js";

/** Messages of one look, from the newest back to the question. */
const looked = 100;

interface Question {
  account?: string;
  to: string;
  question: string;
  key?: string;
  timeoutSeconds: number;
}

interface SentQuestion {
  state: string;
  parts: { id: number }[];
}

/**
 * Asks in a conversation, and waits for what is written there next. The question and its answer are a message and the row of another
 * one, so that nothing of it is lost when the gateway or the agent dies: the same question under the same key is sent once, and an
 * answer that came meanwhile is found.
 * @param send the request that sends a message
 */
export function askTool(send: AnyRoute, waits: Waits, api: ApiDeps): AgentTool {
  return {
    name: "ask",
    description:
      "Ask a person or a group something, and wait for the next message there, or a tapback on the question. `answer` is null where nobody answered in time: call again with the same question and the `key` that was answered, to go on waiting; it is not sent again.",
    // The answer is a message.
    scopes: ["read", "send"],
    isReading: false,
    input: z.strictObject({
      account: accountField,
      to: chatField,
      question: z.string().min(1).max(10_000).describe("Markdown. Say who asks: people see only this."),
      key: z
        .string()
        .min(1)
        .max(200)
        .optional()
        .describe("Names the question, so that it is sent once however often it is asked for."),
      timeoutSeconds: timeoutField,
    }),
    call: (input, agent, signal) => {
      const { account, to, question, timeoutSeconds, key = randomUUID() } = input as unknown as Question;
      const where = { ...(account !== undefined && { account }), chat: to };
      const given = {
        ...{ path: {}, query: {}, headers: { "Idempotency-Key": key } },
        body: () => ({ ...(account !== undefined && { account }), to, text: question }),
      };
      // Whoever is told that too many wait has asked nobody yet.
      return waits.holding(agent, timeoutSeconds * 1000, signal, async (until) => {
        try {
          const sent = (await perform(send, given, agent, api)) as SentQuestion;
          const last = sent.parts.at(-1)!.id;
          const found = await until(async () => {
            const item = (await api.store.outbox.get(last))!;
            if (item.state === "not_sent") return { item };
            const entry = await answerTo(item, where, agent, api);
            return entry && { item, entry };
          });
          const item = found?.item ?? (await api.store.outbox.get(last))!;
          return dataOf({
            answer: found?.entry ? messageFacts(found.entry) : null,
            key,
            question: { id: item.id, state: item.state, error: item.error ?? null },
          });
        } catch (thrown) {
          throw isInDoubt(thrown) ? new PartlyDone(thrown, goOnWith(key)) : thrown;
        }
      });
    },
  };
}

/** Whether the question may have been sent all the same: what refuses it does so before that. */
function isInDoubt(thrown: unknown): boolean {
  const known = told(thrown);
  return known === undefined || known.status === 503;
}

function goOnWith(key: string): string {
  return `The question may be sent already: call again with the same question and the key ${JSON.stringify(key)}, so that it is sent once.`;
}

/** The first message that others wrote behind a question. */
async function answerTo(
  item: OutboxItem,
  where: { chat: string; account?: string },
  { reach }: Agent,
  api: ApiDeps,
): Promise<JournalEntry | undefined> {
  if (item.rowId === undefined && item.acceptedAt === undefined && item.settledAt === undefined)
    return undefined;
  const { journal } = api.store;
  const own = item.guid ? await journal.findByGuid(item.guid, item.account) : undefined;
  const list = await messagesIn(where, reach, api).catch(() => undefined);
  // Nobody wrote there yet.
  if (!list) return undefined;
  let first: JournalEntry | undefined;
  let before: number | undefined;
  for (;;) {
    const filter = { limit: looked, ...(before !== undefined && { before }) };
    const page = await list.read(filter).catch(() => []);
    const since = page.filter((entry) => isSince(entry, item, own));
    first = since.filter((entry) => list.has(entry) && isAnswer(entry, item)).at(-1) ?? first;
    if (since.length < looked) return first;
    before = page.at(-1)!.id;
  }
}

/** Numbers of rows are those of one database (behaviour 10.3b): an earlier one's may be higher. @param own the question's row */
function isSince(
  { id, receivedAt }: JournalEntry,
  { createdAt }: OutboxItem,
  own: JournalEntry | undefined,
): boolean {
  return receivedAt >= createdAt || (own !== undefined && id > own.id);
}

function isAnswer(
  { row, receivedAt }: JournalEntry,
  { rowId, guid, takenAt, createdAt }: OutboxItem,
): boolean {
  if (row.change) return false;
  if (row.tapback) return row.tapback.added && row.tapback.targetGuid === guid;
  // By the order of Messages, where it is known; a clock may differ.
  return rowId === undefined ? receivedAt > (takenAt ?? createdAt) : row.rowId > rowId;
}
