import type { SqlValue } from "../../platform/index.js";
import type { Answerer, Question, QuestionState } from "../questions.js";
import { fromJson } from "./columns.js";

/** In the place of its conversation, for a message that shows a draft's earlier words: it is known by itself alone. */
export const noPlace = "";

/** A row of the table `question`, as the domain reads it. */
export function toQuestion(row: Record<string, SqlValue>): Question {
  const optional: [keyof Question, unknown][] = [
    ["answerers", fromJson(row.answerers) ?? null],
    ["words", row.words],
    ["occasion", row.occasion],
    ["choice", row.choice],
    ["answeredBy", row.answered_by],
    ["endedAt", row.ended_at],
    ["vote", voteOf(row)],
    ["asShownBefore", row.place === noPlace || null],
  ];
  return {
    id: String(row.id),
    kind: row.kind as Question["kind"],
    account: String(row.account),
    turnId: String(row.turn_id),
    sessionKey: String(row.session_key),
    title: String(row.title),
    options: JSON.parse(String(row.options)) as Question["options"],
    askedAt: Number(row.asked_at),
    expiresAt: Number(row.expires_at),
    state: row.state as QuestionState,
    ...Object.fromEntries(optional.filter(([, value]) => value !== null)),
  };
}

function voteOf({ vote, vote_at: settlesAt }: Record<string, SqlValue>): object | null {
  const given = fromJson<object>(vote);
  return given ? { ...given, settlesAt: Number(settlesAt) } : null;
}

/** Whether somebody may answer a question (behaviour 18.2); what others were asked, an owner answers by its name alone. */
export function mayAnswer({ answerers }: Question, by: Answerer | undefined, isNamed: boolean): boolean {
  if (by === undefined) return true;
  if (answerers?.includes(by.handle)) return true;
  return by.isOwner && (isNamed || answerers === undefined);
}
