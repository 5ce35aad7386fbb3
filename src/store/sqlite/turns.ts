import type { Decision, Envelope } from "../../conversation/index.js";
import type { Claim, Held } from "../claim.js";
import type { NewOutboxItem } from "../outbox.js";
import { fromJson, orNull, orUndefined } from "../rows/columns.js";
import { asCancelled, toTurn } from "../rows/turn.js";
import type {
  ClaimedTurn,
  JoiningTurn,
  NewTurn,
  SessionHome,
  Turn,
  TurnChoice,
  TurnEnd,
  TurnOrigin,
  TurnStore,
} from "../turns.js";
import { sumUsage, type Usage } from "../usage.js";
import { held, holds } from "./accounts.js";
import { endDraftsOfTurn } from "./drafts.js";
import { takeSession } from "./group-sessions.js";
import { insertOutbox } from "./insert-outbox.js";
import { joinTurn } from "./join-turn.js";
import { closeOthers } from "./occasions.js";
import { renewTurns, requestCancelOf } from "./running-turns.js";
import { findHead, firstWaiting, freeSession, headsOf, rankFor, readyTurns } from "./session-head.js";
import { insertSign, insertWaiting, withdrawSign } from "./sign-of-life.js";
import type { Base } from "./statements.js";
import { toldTo, wasTold } from "./told-next.js";
import { countTurns, listenedSince } from "./turn-counts.js";
import { giveUpLater } from "./unsent-parts.js";

/** Turns: one at a time per session, in the order in which they were opened. */
export class SqliteTurns implements TurnStore {
  constructor(private readonly base: Base) {}

  open(claim: Claim, turn: NewTurn, rowIds: number[], contextIds: number[], at: number): Promise<Held> {
    const { sql, write } = this.base;
    return write(["turns"], () => {
      if (!holds(this.base, claim)) return "lost";
      if (sql("SELECT 1 FROM turn WHERE id = ?").get(turn.id)) return "ok";
      if (!this.#takesRows(rowIds)) return "lost";
      insertTurn(this.base, turn, at);
      this.#putInto(turn.id, rowIds, contextIds);
      return "ok";
    });
  }

  async lastQueued(sessionKey: string): Promise<Turn | undefined> {
    const row = this.base
      .sql("SELECT * FROM turn WHERE session_key = ? AND state = 'queued' ORDER BY seq DESC LIMIT 1")
      .get(sessionKey);
    return row && toTurn(row);
  }

  async lastOfChat(
    sessionKey: string,
    { account, chatId }: { account: string; chatId: number },
  ): Promise<Turn | undefined> {
    const row = this.base
      .sql(
        `SELECT * FROM turn WHERE session_key = ? AND state = 'queued' AND +account = ?
           AND envelope ->> '$.chat.chatId' = ? AND envelope ->> '$.scheduled' IS NULL ORDER BY seq DESC LIMIT 1`,
      )
      .get(sessionKey, account, chatId);
    return row && toTurn(row);
  }

  extend(
    claim: Claim,
    turnId: string,
    envelope: Envelope,
    { hadIds, rowIds, contextIds }: { hadIds: number[]; rowIds: number[]; contextIds: number[] },
  ): Promise<Held> {
    const { sql, write } = this.base;
    return write(["turns"], () => {
      if (!holds(this.base, claim) || !this.#takesRows(rowIds)) return "lost";
      if (!this.#answers(turnId, hadIds)) return "lost";
      // Whoever ran it before may have it in hand still, and would not hear of more.
      const { changes } = sql(
        "UPDATE turn SET envelope = ? WHERE id = ? AND state = 'queued' AND attempt = 0 AND cancel_at IS NULL",
      ).run(JSON.stringify(envelope), turnId);
      if (Number(changes) === 0) return "lost";
      this.#putInto(turnId, rowIds, contextIds);
      return "ok";
    });
  }

  async nextQueued(sessionKey: string): Promise<Turn | undefined> {
    const row = this.base
      .sql("SELECT * FROM turn WHERE session_key = ? AND state = 'queued' ORDER BY rank, seq LIMIT 1")
      .get(sessionKey);
    return row && toTurn(row);
  }

  join(claim: Claim, joining: JoiningTurn, at: number): Promise<Held> {
    return this.base.write([], () => {
      const { held, sessionKey } = joinTurn(this.base, claim, joining, at);
      if (sessionKey !== undefined) findHead(this.base, sessionKey);
      return held;
    });
  }

  async hasSession(sessionKey: string): Promise<boolean> {
    return this.base.sql("SELECT 1 FROM session WHERE key = ?").get(sessionKey) !== undefined;
  }

  async claim(node: string, max: number, at: number, choice?: TurnChoice): Promise<ClaimedTurn[]> {
    // Every end of a turn asks, and mostly nothing waits: that costs no commit. What is still to be committed wakes once more.
    if (readyTurns(this.base, 1, choice).length === 0) return [];
    return this.base.write([], () =>
      readyTurns(this.base, max, choice).map((head) => this.#start(head, { node, home: choice?.home }, at)),
    );
  }

  async renew(held: readonly Claim[]): Promise<{ lost: string[]; cancel: string[] }> {
    return renewTurns(this.base, held);
  }

  requestCancel(...asked: Parameters<TurnStore["requestCancel"]>): Promise<Turn[]> {
    return requestCancelOf(this.base, ...asked);
  }

  async heads(agents: readonly string[], unserved?: readonly string[]): Promise<Turn[]> {
    return headsOf(this.base, agents, unserved).map(toTurn);
  }

  sayWaiting(turnId: string, item: NewOutboxItem, at: number): Promise<boolean> {
    return this.base.write(["outbox"], () => insertWaiting(this.base, turnId, item, at));
  }

  emit(claim: Claim, items: NewOutboxItem[], firstOrdinal: number, at: number): Promise<Held> {
    return this.base.write(["outbox"], () => {
      const account = this.#accountOfRunning(claim);
      if (account === undefined) return "lost";
      this.#reply(account, claim.id, items, firstOrdinal, at);
      giveUpLater(this.base, claim.id, firstOrdinal, at);
      return "ok";
    });
  }

  sayAlive(claim: Claim, item: NewOutboxItem, at: number): Promise<Held> {
    return this.base.write(["outbox"], () => {
      const account = this.#accountOfRunning(claim);
      if (account === undefined) return "lost";
      insertSign(this.base, account, claim.id, item, at);
      return "ok";
    });
  }

  end(
    claim: Claim,
    given: TurnEnd,
    at: number,
    claimNext: boolean | TurnChoice,
  ): Promise<{ held: Held; next?: ClaimedTurn }> {
    const { sql, write } = this.base;
    const topics = ["outbox", "turns", ...(given.holds?.length ? (["drafts"] as const) : [])] as const;
    return write(topics, () => {
      const row = sql(
        "SELECT seq, account, session_key, state, cancel_at FROM turn WHERE id = ? AND fence = ?",
      ).get(claim.id, claim.fence);
      if (!row) return { held: "lost" };
      if (row.state !== "running") return { held: row.state === "queued" ? "lost" : "ok" };
      const end = row.cancel_at === null ? given : asCancelled(given);
      if (end.outcome === "done") wasTold(this.base, Number(row.seq), end.told ?? []);
      sql(
        "UPDATE turn SET state = ?, ended_at = ?, error = ?, notes = ?, tell_next = ?, usage = ? WHERE id = ?",
      ).run(
        end.outcome,
        at,
        end.error ? JSON.stringify(end.error) : null,
        end.notes?.length ? JSON.stringify(end.notes) : null,
        orNull(end.tellNext),
        end.usage ? JSON.stringify(end.usage) : null,
        claim.id,
      );
      sql("UPDATE journal SET state = ? WHERE turn_id = ? AND state = 'in_turn'").run(
        end.outcome === "failed" ? "failed" : "done",
        claim.id,
      );
      withdrawSign(this.base, claim.id, at);
      const { firstOrdinal = 0 } = end;
      this.#reply(String(row.account), claim.id, end.replies, firstOrdinal, at);
      // That an agent failed is said all the same.
      if (end.outcome === "done") giveUpLater(this.base, claim.id, firstOrdinal, at);
      endDraftsOfTurn(this.base, claim.id, end.holds ?? [], at);
      closeOthers(this.base, claim.id, [], at);
      this.#endInSession(String(row.session_key), end);
      const choice = claimNext === true ? {} : claimNext || undefined;
      const next = choice && readyTurns(this.base, 1, choice)[0];
      if (next === undefined) return { held: "ok" };
      return { held: "ok", next: this.#start(next, { node: claim.owner, home: choice?.home }, at) };
    });
  }

  cancelQueued(sessionKey: string, at: number, from?: TurnOrigin): Promise<Turn[]> {
    const { sql, write } = this.base;
    return write([], () => {
      const cancelled = sql(
        `UPDATE turn SET state = 'cancelled', ended_at = ?1 WHERE session_key = ?2 AND state = 'queued'
           AND (?3 IS NULL OR (account = ?3 AND envelope ->> '$.chat.target' IN (SELECT value FROM json_each(?4))))
         RETURNING *`,
      )
        .all(at, sessionKey, orNull(from?.account), JSON.stringify(from?.chats ?? []))
        .sort((one, other) => Number(one.seq) - Number(other.seq));
      const endRows = sql("UPDATE journal SET state = 'done' WHERE turn_id = ? AND state = 'in_turn'");
      for (const { id } of cancelled) {
        endRows.run(id!);
        endDraftsOfTurn(this.base, String(id), [], at);
        closeOthers(this.base, String(id), [], at);
      }
      findHead(this.base, sessionKey);
      return cancelled.map(toTurn);
    });
  }

  revise(
    claim: Claim,
    envelope: Envelope,
    ended: { id: number; decision: Decision }[],
    at: number,
  ): Promise<Held> {
    const { sql, write } = this.base;
    return write([], () => {
      const changed = held(
        sql("UPDATE turn SET envelope = ? WHERE id = ? AND fence = ? AND state = 'running'").run(
          JSON.stringify(envelope),
          claim.id,
          claim.fence,
        ),
      );
      if (changed === "lost") return "lost";
      const end = sql(
        `UPDATE journal SET state = 'done', decision = ?, reason = ?, decision_json = ?, decided_at = ?
         WHERE id = ? AND turn_id = ? AND state = 'in_turn'`,
      );
      for (const { id, decision } of ended)
        end.run(
          decision.kind,
          "reason" in decision ? decision.reason : null,
          JSON.stringify(decision),
          at,
          id,
          claim.id,
        );
      return "ok";
    });
  }

  markAtRisk(claim: Claim): Promise<Held> {
    const { sql, write } = this.base;
    return write([], () => {
      const { changes } = sql(
        "UPDATE turn SET at_risk = 1 WHERE id = ? AND fence = ? AND state = 'running'",
      ).run(claim.id, claim.fence);
      return changes > 0 ? "ok" : "lost";
    });
  }

  release(claim: Claim): Promise<Held> {
    const { sql, write } = this.base;
    return write(["turns"], () => {
      const row = sql(
        "UPDATE turn SET state = 'queued', owner = NULL, at_risk = 0 WHERE id = ? AND fence = ? AND state = 'running' RETURNING session_key",
      ).get(claim.id, claim.fence);
      if (!row) return "lost";
      freeSession(this.base, String(row.session_key));
      return "ok";
    });
  }

  async get(id: string): Promise<Turn | undefined> {
    const row = this.base.sql("SELECT * FROM turn WHERE id = ?").get(id);
    return row && toTurn(row);
  }

  async listened(account: string, chatId: number, since: number): Promise<number[]> {
    return listenedSince(this.base, account, chatId, since);
  }

  async counts(account?: string): Promise<{ queued: number; running: number }> {
    return countTurns(this.base, account);
  }

  resetSession(sessionKey: string): Promise<void> {
    const { sql, write } = this.base;
    return write([], () => {
      sql("UPDATE session SET memory = NULL, usage = NULL, home = NULL WHERE key = ?").run(sessionKey);
      sql("UPDATE turn SET tell_next = NULL WHERE session_key = ? AND tell_next IS NOT NULL").run(sessionKey);
    });
  }

  async usageOf(sessionKey: string): Promise<Usage[]> {
    return this.#usageOf(sessionKey);
  }

  /** @returns undefined when the turn does not run under this claim (any more) */
  #accountOfRunning({ id, fence }: Claim): string | undefined {
    const running =
      "SELECT account FROM turn WHERE id = ? AND fence = ? AND state = 'running' AND cancel_at IS NULL";
    return orUndefined<string>(this.base.sql(running).get(id, fence)?.account ?? null);
  }

  #usageOf(sessionKey: string): Usage[] {
    const row = this.base.sql("SELECT usage FROM session WHERE key = ?").get(sessionKey);
    return fromJson<Usage[]>(row?.usage) ?? [];
  }

  /** Keeps what the session remembers and has used, and ends its run: its oldest waiting turn becomes its head. */
  #endInSession(sessionKey: string, { session, usage: more }: TurnEnd): void {
    const usage = more?.length ? sumUsage([...this.#usageOf(sessionKey), ...more]) : undefined;
    this.base
      .sql(
        `UPDATE session SET memory = coalesce(?, memory), usage = coalesce(?, usage), running = NULL, head = (${firstWaiting}) WHERE key = ?`,
      )
      .run(
        session === undefined ? null : JSON.stringify(session),
        usage === undefined ? null : JSON.stringify(usage),
        sessionKey,
      );
  }

  #reply(account: string, turnId: string, items: NewOutboxItem[], firstOrdinal: number, at: number): void {
    items.forEach((item, index) => {
      insertOutbox(this.base, account, item, at, { turnId, ordinal: firstOrdinal + index });
    });
  }

  /** A row that is in a turn already, or whose decision was not stored, would be answered twice. */
  #takesRows(rowIds: number[]): boolean {
    const state = this.base.sql("SELECT state FROM journal WHERE id = ?");
    return rowIds.every((id) => state.get(id)?.state === "decided");
  }

  #answers(turnId: string, rowIds: readonly number[]): boolean {
    const rows = this.base
      .sql("SELECT id FROM journal WHERE turn_id = ? AND decision = 'dispatch' ORDER BY id")
      .all(turnId);
    return rows.map(({ id }) => Number(id)).join() === rowIds.join();
  }

  #putInto(turnId: string, rowIds: number[], contextIds: number[]): void {
    const { sql } = this.base;
    const toTurn = sql(
      "UPDATE journal SET state = 'in_turn', turn_id = ? WHERE id = ? AND state = 'decided'",
    );
    for (const id of rowIds) toTurn.run(turnId, id);
    const carry = sql("UPDATE journal SET turn_id = ? WHERE id = ? AND turn_id IS NULL");
    for (const id of contextIds) carry.run(turnId, id);
  }

  #emitted(turnId: string): number {
    const replies = "SELECT count(*) AS count FROM outbox WHERE turn_id = ? AND ordinal >= 0";
    return Number(this.base.sql(replies).get(turnId)!.count);
  }

  #start(
    seq: number,
    { node, home }: { node: string; home: SessionHome | undefined },
    at: number,
  ): ClaimedTurn {
    const { sql } = this.base;
    const row = sql(
      `UPDATE turn SET state = 'running', owner = ?, fence = fence + 1, attempt = attempt + 1, started_at = ?
       WHERE seq = ? RETURNING *`,
    ).get(node, at, seq)!;
    const turn = toTurn(row);
    if (turn.envelope.chat?.isGroup) takeSession(this.base, turn.sessionKey, turn.account);
    const had = home && sql("SELECT home FROM session WHERE key = ?").get(turn.sessionKey);
    const memory = sql(
      "UPDATE session SET running = ?, head = NULL, rank = max(rank, ?), home = coalesce(?, home) WHERE key = ? RETURNING memory",
    ).get(turn.id, row.rank!, orNull(home?.name), turn.sessionKey);
    return {
      claim: { kind: "turn", id: turn.id, owner: node, fence: Number(row.fence), attempt: turn.attempt },
      turn,
      session: fromJson(memory?.memory),
      emitted: turn.attempt === 1 ? 0 : this.#emitted(turn.id),
      told: toldTo(this.base, seq),
      ...(home && had?.home !== home.name && { moved: true }),
      ...(row.cancel_at !== null && { isCancelled: true }),
    };
  }
}

/** Queues a turn; inside a transaction of the caller. */
export function insertTurn(base: Base, turn: NewTurn, at: number): void {
  const { sql } = base;
  const { id, account, sessionKey, agentId, envelope } = turn;
  const place = `${account} ${envelope.chat.target}`;
  const rank = rankFor(base, sessionKey, place);
  sql(
    `INSERT INTO turn (id, account, session_key, agent_id, state, queued_at, envelope, place, rank)
     VALUES (?, ?, ?, ?, 'queued', ?, ?, ?, ?)`,
  ).run(id, account, sessionKey, agentId, at, JSON.stringify(envelope), place, rank);
  sql("INSERT OR IGNORE INTO session (key) VALUES (?)").run(sessionKey);
  findHead(base, sessionKey);
}
