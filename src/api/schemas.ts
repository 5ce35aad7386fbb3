import * as z from "zod";

/** Times are ISO 8601 in UTC. */
export const time = () => z.string().meta({ format: "date-time" });
const whenever = () => time().nullable();

/** What most requests may name. */
export const accountQuery = {
  account: z.string().max(200).optional().describe("Id of the account; the token's, else the default one."),
};

export const limitQuery = {
  limit: z.coerce.number().int().min(1).max(200).default(50).describe("How many, at most."),
};

export const cursorQuery = {
  cursor: z
    .string()
    .max(200)
    .optional()
    .describe("`next` of the page before. It holds over restarts and updates of the gateway."),
};

/** A page of a list. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    next: z.string().nullable().describe("Where the next page begins; null where there is none."),
  });
}

export const errorFacts = z.object({ code: z.string(), message: z.string() }).meta({ id: "ErrorFacts" });

export const chat = z
  .object({
    chat: z.string().describe("Its name in requests: `chat_id:42`."),
    account: z.string(),
    guid: z.string().describe("What Messages calls it, whatever its number becomes; empty where unknown."),
    identifier: z.string().describe("The handle of a direct chat; empty where unknown."),
    name: z.string().describe("As people see it; may be empty."),
    isGroup: z.boolean(),
    participants: z.array(z.string()).describe("Handles, without the account's own."),
    lastMessageAt: time(),
  })
  .meta({ id: "Chat" });

const rowFields = {
  id: z.int().describe("Its number in the journal. Numbers rise, and have gaps."),
  guid: z.string(),
  rowId: z.int().describe("Its number in the Messages database of its account."),
  account: z.string(),
  chat: z.string(),
  sender: z.string(),
  receivedAt: time(),
  state: z.string().describe("`new`, `decided`, `in_turn`, `done` or `failed`."),
  decision: z.string().nullable(),
  reason: z.string().nullable().describe("Why it was not answered (docs/reference/reasons.md)."),
  remedy: z.string().nullable(),
  turnId: z.string().nullable(),
};

export const message = z
  .object({
    ...rowFields,
    senderName: z.string().nullable(),
    fromMe: z.boolean().describe("Written from the account itself: by the gateway, or by hand."),
    sentAt: time(),
    text: z.string().describe("Empty where there is none, or where it is not kept any more."),
    attachments: z.array(
      z.object({ name: z.string(), mimeType: z.string(), bytes: z.number(), missing: z.boolean() }),
    ),
    replyTo: z.string().nullable().describe("GUID of the message that it answers in its thread."),
    tapback: z.object({ kind: z.string(), emoji: z.string(), added: z.boolean(), to: z.string() }).nullable(),
  })
  .meta({ id: "Message" });

export const event = z
  .object({
    id: z.int().describe("Rises from event to event, and has gaps."),
    type: z
      .string()
      .describe(
        "`message`, `decision`, `turn`, `sent`, `draft`, `question`, `pairing`, `health`; `gap` and `cursor` tell of the stream itself.",
      ),
    at: time(),
    account: z.string().nullable(),
    chat: z.string().nullable().describe("The conversation; null where there is none, or none any more."),
    data: z.record(z.string(), z.unknown()).describe("What happened, by its type: docs/webhooks.md."),
  })
  .meta({ id: "Event" });

const delivery = z.object({
  checkedAt: z.number(),
  service: z.string().optional(),
  deliveredAt: z.number().optional(),
  readAt: z.number().optional(),
  downgraded: z.boolean(),
  failed: z.boolean(),
});

export const send = z
  .object({
    id: z.int(),
    state: z
      .string()
      .describe("`held`, `pending`, `sending`, `stored`, `delivered`, `not_sent` or `unknown`."),
    target: z.string(),
    text: z.string().nullable(),
    file: z.string().nullable(),
    attempts: z.int(),
    guid: z.string().nullable(),
    rowId: z.int().nullable(),
    sentAt: whenever(),
    error: errorFacts.nullable(),
    replyTo: z.string().nullable(),
    delivery: delivery.nullable(),
  })
  .meta({ id: "Send" });

export const sent = z
  .object({
    state: z.string().describe("That of the part that came least far; the states of `Send`."),
    parts: z.array(
      z.object({
        id: z.int().describe("For `GET /v1/sends/{send}`."),
        state: z.string(),
        guid: z.string().optional(),
        error: errorFacts.optional(),
      }),
    ),
    waitsFor: z.string().optional().describe("What it waits for, where that is not Messages."),
  })
  .meta({ id: "Sent" });

const facts = z.record(z.string(), z.unknown());

const draftOfStory = z.object({
  id: z.string(),
  state: z.string(),
  target: z.string(),
  to: z.string(),
  ...{ openedAt: whenever(), heldAt: whenever(), expiresAt: whenever(), overtakenAt: whenever() },
  endedAt: whenever(),
  decidedBy: z.string().nullable(),
  drafted: z.array(z.string()).nullable(),
  parts: z.array(
    z.object({
      id: z.int(),
      state: z.string(),
      text: z.string().nullable(),
      file: z.string().nullable(),
      action: z.object({ name: z.string(), parameters: facts }).nullable(),
      error: errorFacts.nullable(),
    }),
  ),
});

export const story = z
  .object({
    ...rowFields,
    key: z.string().nullable().describe("The key of the configuration that would change the decision."),
    steps: z.array(
      z.object({
        gate: z.string(),
        passed: z.boolean(),
        detail: z.string(),
        key: z.string().optional(),
        at: whenever(),
      }),
    ),
    turn: z
      .object({
        id: z.string(),
        agentId: z.string(),
        sessionKey: z.string(),
        state: z.string(),
        attempt: z.int(),
        ...{ queuedAt: whenever(), startedAt: whenever(), endedAt: whenever() },
        error: errorFacts.extend({ hint: z.string().optional(), cause: z.string().optional() }).nullable(),
        notes: z.array(z.string()),
        usage: z.array(
          z.object({
            model: z.string(),
            ...{ inputTokens: z.number(), outputTokens: z.number(), cachedInputTokens: z.number() },
          }),
        ),
      })
      .nullable(),
    actions: z.array(
      z.object({
        name: z.string(),
        state: z.string(),
        at: time(),
        parameters: facts,
        facts: facts.nullable(),
        error: errorFacts.nullable(),
        sends: z.array(z.int()),
      }),
    ),
    drafts: z.array(draftOfStory),
    replies: z.array(send),
  })
  .meta({ id: "Story" });

export const draft = z
  .object({
    id: z.string(),
    account: z.string(),
    chat: z.string(),
    to: z.string().describe("The conversation, as people read it."),
    agentId: z.string(),
    parts: z.array(
      z.union([
        z.object({ kind: z.literal("text"), text: z.string() }),
        z.object({ kind: z.literal("file"), file: z.string() }),
        z.object({
          kind: z.literal("action"),
          action: z.object({ name: z.string(), parameters: facts }),
        }),
      ]),
    ),
    state: z.string().describe("`held`, `overtaken`, `sent`, `dropped` or `expired`."),
    createdAt: time(),
    expiresAt: whenever(),
    for: z.object({ rowId: z.int(), text: z.string() }).nullable().describe("The message that it answers."),
    decidedBy: z.string().nullable(),
  })
  .meta({ id: "Draft" });

export const request = z
  .object({
    account: z.string(),
    sender: z.string(),
    name: z.string().nullable(),
    code: z.string(),
    requestedAt: time(),
    expiresAt: time(),
    text: z.string().describe("The first line that was written."),
  })
  .meta({ id: "PairingRequest" });

export const knownPerson = z
  .object({
    account: z.string(),
    handle: z.string(),
    approvedAt: whenever().describe("When pairing let them in; null where it did not."),
    optedOutAt: whenever().describe("When they said STOP; null where they did not, or said START since."),
  })
  .meta({ id: "KnownPerson" });

export const person = z
  .object({
    handle: z.string(),
    handles: z.array(z.string()),
    name: z.string().nullable(),
    admittedBy: z.array(z.object({ account: z.string(), by: z.string() })),
    owner: z.boolean(),
    groups: z.array(z.string()),
    optedOut: z.boolean(),
    sessions: z.array(z.string()),
    sharedSessions: z.array(z.string()),
    messages: z.int(),
    usage: z.object({
      turns: z.int(),
      untold: z.int(),
      inputTokens: z.number().nullable(),
      outputTokens: z.number().nullable(),
      cost: z.object({ amount: z.number(), currency: z.string() }).nullable(),
    }),
  })
  .meta({ id: "Person" });

export const problem = z
  .object({
    type: z.string().describe("`urn:tapback:error:CODE`"),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().describe("docs/reference/errors.md has them all."),
    hint: z.string().describe("What to do."),
  })
  .meta({ id: "Problem" });
