import type { Decision, Envelope } from "../../conversation/index.js";
import type { Claim, Held } from "../claim.js";
import type { NewOutboxItem } from "../outbox.js";
import { fromJson, orNull } from "../rows/columns.js";
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
import { dropErrands } from "./errands.js";
import { takeSession } from "./group-sessions.js";
import { insertOutbox } from "./insert-outbox.js";
import { joinTurn } from "./join-turn.js";
import { closeOthers } from "./occasions.js";
import { renewTurns, requestCancelOf } from "./running-turns.js";
import { findHead, freeSession, headsOf, insertTurn, readyTurns } from "./session-head.js";
import { insertSign, insertWaiting, withdrawSign } from "./sign-of-life.js";
import type { Base, Tx } from "./statements.js";
import { toldTo, wasTold } from "./told-next.js";
import { giveUpLater } from "./unsent-parts.js";
import { json } from "./words.js";

/** Turns: one at a time per session, in the order in which they were opened. */
export class PostgresTurns implements TurnStore {
  constructor(private readonly base: Base) {}

  open(claim: Claim, turn: NewTurn, rowIds: number[], contextIds: number[], at: number): Promise<Held> {
    return this.base.write(["turns"], async (tx) => {
      if (!(await holds(tx, claim))) return "lost";
      if (await tx.sql("SELECT 1 FROM turn WHERE id = ?").get(turn.id)) return "ok";
      if (!(await takesRows(tx, rowIds))) return "lost";
      await insertTurn(tx, turn, at);
      await putInto(tx, turn.id, rowIds, contextIds);
      return "ok";
    });
  }

  async lastQueued(sessionKey: string): Promise<Turn | undefined> {
    const row = await this.base
      .sql("SELECT * FROM turn WHERE session_key = ? AND state = 'queued' ORDER BY seq DESC LIMIT 1")
      .get(sessionKey);
    return row && toTurn(row);
  }

  async lastOfChat(
    sessionKey: string,
    { account, chatId }: { account: string; chatId: number },
  ): Promise<Turn | undefined> {
    const row = await this.base
      .sql(
        `SELECT * FROM turn WHERE session_key = ? AND state = 'queued' AND account = ?
           AND envelope #>> '{chat,chatId}' = ?::bigint::text AND envelope ->> 'scheduled' IS NULL
         ORDER BY seq DESC LIMIT 1`,
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
    return this.base.write(["turns"], async (tx) => {
      if (!(await holds(tx, claim)) || !(await takesRows(tx, rowIds))) return "lost";
      if (!(await answers(tx, turnId, hadIds))) return "lost";
      // Whoever ran it before may have it in hand still, and would not hear of more.
      const changed = await tx
        .sql(
          "UPDATE turn SET envelope = ? WHERE id = ? AND state = 'queued' AND attempt = 0 AND cancel_at IS NULL",
        )
        .run(json(envelope), turnId);
      if (changed === 0) return "lost";
      await putInto(tx, turnId, rowIds, contextIds);
      return "ok";
    });
  }

  async nextQueued(sessionKey: string): Promise<Turn | undefined> {
    const row = await this.base
      .sql("SELECT * FROM turn WHERE session_key = ? AND state = 'queued' ORDER BY rank, seq LIMIT 1")
      .get(sessionKey);
    return row && toTurn(row);
  }

  join(claim: Claim, joining: JoiningTurn, at: number): Promise<Held> {
    return this.base.write([], async (tx) => {
      const { held, sessionKey } = await joinTurn(tx, claim, joining, at);
      if (sessionKey !== undefined) await findHead(tx, sessionKey);
      return held;
    });
  }

  async hasSession(sessionKey: string): Promise<boolean> {
    return (await this.base.sql("SELECT 1 FROM session WHERE key = ?").get(sessionKey)) !== undefined;
  }

  async claim(node: string, max: number, at: number, choice?: TurnChoice): Promise<ClaimedTurn[]> {
    // Every end of a turn asks, and mostly nothing waits: that costs no commit.
    if ((await readyTurns(this.base, 1, choice)).length === 0) return [];
    return this.base.write([], async (tx) => {
      const claimed: ClaimedTurn[] = [];
      for (const head of await readyTurns(tx, max, choice, "take"))
        claimed.push(await start(tx, head, { node, home: choice?.home }, at));
      return claimed;
    });
  }

  renew(held: readonly Claim[]): Promise<{ lost: string[]; cancel: string[] }> {
    return renewTurns(this.base, held);
  }

  requestCancel(...asked: Parameters<TurnStore["requestCancel"]>): Promise<Turn[]> {
    return requestCancelOf(this.base, ...asked);
  }

  async heads(agents: readonly string[], unserved?: readonly string[]): Promise<Turn[]> {
    return (await headsOf(this.base, agents, unserved)).map(toTurn);
  }

  sayWaiting(turnId: string, item: NewOutboxItem, at: number): Promise<boolean> {
    return this.base.write(["outbox"], (tx) => insertWaiting(tx, turnId, item, at));
  }

  emit(claim: Claim, items: NewOutboxItem[], firstOrdinal: number, at: number): Promise<Held> {
    return this.base.write(["outbox"], async (tx) => {
      const account = await accountOfRunning(tx, claim);
      if (account === undefined) return "lost";
      await reply(tx, { account, turnId: claim.id, firstOrdinal }, items, at);
      await giveUpLater(tx, claim.id, firstOrdinal, at);
      return "ok";
    });
  }

  sayAlive(claim: Claim, item: NewOutboxItem, at: number): Promise<Held> {
    return this.base.write(["outbox"], async (tx) => {
      const account = await accountOfRunning(tx, claim);
      if (account === undefined) return "lost";
      await insertSign(tx, account, claim.id, item, at);
      return "ok";
    });
  }

  end(
    claim: Claim,
    given: TurnEnd,
    at: number,
    claimNext: boolean | TurnChoice,
  ): Promise<{ held: Held; next?: ClaimedTurn }> {
    const topics = ["outbox", "turns", ...(given.holds?.length ? (["drafts"] as const) : [])] as const;
    return this.base.write(topics, async (tx) => {
      const { sql } = tx;
      const row = await sql(
        "SELECT seq, account, session_key, state, cancel_at FROM turn WHERE id = ? AND fence = ? FOR UPDATE",
      ).get(claim.id, claim.fence);
      if (!row) return { held: "lost" };
      if (row.state !== "running") return { held: row.state === "queued" ? "lost" : "ok" };
      const end = row.cancel_at === null ? given : asCancelled(given);
      const sessionKey = String(row.session_key);
      if (end.outcome === "done") await wasTold(tx, Number(row.seq), end.told ?? []);
      await sql(
        "UPDATE turn SET state = ?, ended_at = ?, error = ?, notes = ?, tell_next = ?, usage = ? WHERE id = ?",
      ).run(
        end.outcome,
        at,
        json(end.error),
        end.notes?.length ? json(end.notes) : null,
        orNull(end.tellNext),
        json(end.usage),
        claim.id,
      );
      await sql("UPDATE journal SET state = ? WHERE turn_id = ? AND state = 'in_turn'").run(
        end.outcome === "failed" ? "failed" : "done",
        claim.id,
      );
      await withdrawSign(tx, claim.id, at);
      const { firstOrdinal = 0 } = end;
      await reply(tx, { account: String(row.account), turnId: claim.id, firstOrdinal }, end.replies, at);
      // That an agent failed is said all the same.
      if (end.outcome === "done") await giveUpLater(tx, claim.id, firstOrdinal, at);
      await endDraftsOfTurn(tx, claim.id, end.holds ?? [], at);
      await closeOthers(tx, claim.id, [], at);
      if (end.usage?.length) await addUsage(tx, sessionKey, end.usage);
      if (end.session !== undefined)
        await sql("UPDATE session SET memory = ? WHERE key = ?").run(json(end.session), sessionKey);
      await dropErrands(tx, claim.id);
      await freeSession(tx, sessionKey);
      const choice = claimNext === true ? {} : claimNext || undefined;
      const next = choice && (await readyTurns(tx, 1, choice, "take"))[0];
      return next === undefined
        ? { held: "ok" }
        : { held: "ok", next: await start(tx, next, { node: claim.owner, home: choice?.home }, at) };
    });
  }

  cancelQueued(sessionKey: string, at: number, from?: TurnOrigin): Promise<Turn[]> {
    return this.base.write([], async (tx) => {
      const { sql } = tx;
      const cancelled = await sql(
        `UPDATE turn SET state = 'cancelled', ended_at = ?1 WHERE session_key = ?2 AND state = 'queued'
           AND (?3::text IS NULL OR (account = ?3 AND envelope #>> '{chat,target}' = ANY(?4)))
         RETURNING *`,
      ).all(at, sessionKey, orNull(from?.account), from?.chats ?? []);
      cancelled.sort((one, other) => Number(one.seq) - Number(other.seq));
      for (const { id } of cancelled) {
        await sql("UPDATE journal SET state = 'done' WHERE turn_id = ? AND state = 'in_turn'").run(id!);
        await endDraftsOfTurn(tx, String(id), [], at);
        await closeOthers(tx, String(id), [], at);
        await dropErrands(tx, String(id));
      }
      await findHead(tx, sessionKey);
      return cancelled.map(toTurn);
    });
  }

  revise(
    claim: Claim,
    envelope: Envelope,
    ended: { id: number; decision: Decision }[],
    at: number,
  ): Promise<Held> {
    return this.base.write([], async ({ sql }) => {
      const changed = await sql(
        "UPDATE turn SET envelope = ? WHERE id = ? AND fence = ? AND state = 'running'",
      ).run(json(envelope), claim.id, claim.fence);
      if (changed === 0) return "lost";
      for (const { id, decision } of ended)
        await sql(
          `UPDATE journal SET state = 'done', decision = ?, reason = ?, decision_json = ?, decided_at = ?
           WHERE id = ? AND turn_id = ? AND state = 'in_turn'`,
        ).run(decision.kind, "reason" in decision ? decision.reason : null, json(decision), at, id, claim.id);
      return "ok";
    });
  }

  markAtRisk(claim: Claim): Promise<Held> {
    return this.base.write([], async ({ sql }) =>
      held(
        await sql("UPDATE turn SET at_risk = 1 WHERE id = ? AND fence = ? AND state = 'running'").run(
          claim.id,
          claim.fence,
        ),
      ),
    );
  }

  release(claim: Claim): Promise<Held> {
    return this.base.write(["turns"], async (tx) => {
      const row = await tx
        .sql(
          "UPDATE turn SET state = 'queued', owner = NULL, at_risk = 0 WHERE id = ? AND fence = ? AND state = 'running' RETURNING session_key",
        )
        .get(claim.id, claim.fence);
      if (!row) return "lost";
      await dropErrands(tx, claim.id);
      await freeSession(tx, String(row.session_key));
      return "ok";
    });
  }

  async get(id: string): Promise<Turn | undefined> {
    const row = await this.base.sql("SELECT * FROM turn WHERE id = ?").get(id);
    return row && toTurn(row);
  }

  async listened(account: string, chatId: number, since: number): Promise<number[]> {
    const rows = await this.base
      .sql(
        `SELECT queued_at FROM turn WHERE account = ? AND queued_at > ? AND envelope ->> 'listening' = 'true'
           AND envelope #>> '{chat,chatId}' = ?::bigint::text ORDER BY queued_at`,
      )
      .all(account, since, chatId);
    return rows.map(({ queued_at }) => Number(queued_at));
  }

  async counts(account?: string): Promise<{ queued: number; running: number }> {
    const rows = await this.base
      .sql(
        `SELECT state, count(*) AS count FROM turn
         WHERE state IN ('queued', 'running') AND (?1::text IS NULL OR account = ?1) GROUP BY state`,
      )
      .all(orNull(account));
    const of = (state: string) => Number(rows.find((row) => row.state === state)?.count ?? 0);
    return { queued: of("queued"), running: of("running") };
  }

  resetSession(sessionKey: string): Promise<void> {
    return this.base.write([], async ({ sql }) => {
      await sql("UPDATE session SET memory = NULL, usage = NULL, home = NULL WHERE key = ?").run(sessionKey);
      await sql("UPDATE turn SET tell_next = NULL WHERE session_key = ? AND tell_next IS NOT NULL").run(
        sessionKey,
      );
    });
  }

  usageOf(sessionKey: string): Promise<Usage[]> {
    return usageOf(this.base, sessionKey);
  }
}

/** @returns undefined when the turn does not run under this claim (any more); else it does until the transaction's end */
async function accountOfRunning({ sql }: Tx, { id, fence }: Claim): Promise<string | undefined> {
  const running =
    "SELECT account FROM turn WHERE id = ? AND fence = ? AND state = 'running' AND cancel_at IS NULL FOR SHARE";
  const row = await sql(running).get(id, fence);
  return row && String(row.account);
}

async function usageOf({ sql }: Tx, sessionKey: string): Promise<Usage[]> {
  const row = await sql("SELECT usage FROM session WHERE key = ?").get(sessionKey);
  return fromJson<Usage[]>(row?.usage) ?? [];
}

async function addUsage(tx: Tx, sessionKey: string, more: Usage[]): Promise<void> {
  const whole = sumUsage([...(await usageOf(tx, sessionKey)), ...more]);
  await tx.sql("UPDATE session SET usage = ? WHERE key = ?").run(json(whole), sessionKey);
}

async function reply(
  tx: Tx,
  { account, turnId, firstOrdinal }: { account: string; turnId: string; firstOrdinal: number },
  items: readonly NewOutboxItem[],
  at: number,
): Promise<void> {
  for (const [index, item] of items.entries())
    await insertOutbox(tx, account, item, at, { turnId, ordinal: firstOrdinal + index });
}

/** A row that is in a turn already, or whose decision was not stored, would be answered twice. */
async function takesRows({ sql }: Tx, rowIds: readonly number[]): Promise<boolean> {
  const row = await sql("SELECT count(*) AS count FROM journal WHERE id = ANY(?) AND state = 'decided'").get(
    rowIds,
  );
  return row!.count === new Set(rowIds).size;
}

async function answers({ sql }: Tx, turnId: string, rowIds: readonly number[]): Promise<boolean> {
  const rows = await sql(
    "SELECT id FROM journal WHERE turn_id = ? AND decision = 'dispatch' ORDER BY id",
  ).all(turnId);
  return rows.map(({ id }) => Number(id)).join() === rowIds.join();
}

async function putInto(
  { sql }: Tx,
  turnId: string,
  rowIds: readonly number[],
  contextIds: readonly number[],
): Promise<void> {
  await sql("UPDATE journal SET state = 'in_turn', turn_id = ? WHERE id = ANY(?) AND state = 'decided'").run(
    turnId,
    rowIds,
  );
  if (contextIds.length > 0)
    await sql("UPDATE journal SET turn_id = ? WHERE id = ANY(?) AND turn_id IS NULL").run(turnId, contextIds);
}

async function emitted({ sql }: Tx, turnId: string): Promise<number> {
  const replies = "SELECT count(*) AS count FROM outbox WHERE turn_id = ? AND ordinal >= 0";
  return Number((await sql(replies).get(turnId))!.count);
}

async function start(
  tx: Tx,
  seq: number,
  { node, home }: { node: string; home: SessionHome | undefined },
  at: number,
): Promise<ClaimedTurn> {
  const { sql } = tx;
  const row = (await sql(
    `UPDATE turn SET state = 'running', owner = ?, fence = fence + 1, attempt = attempt + 1, started_at = ?
     WHERE seq = ? RETURNING *`,
  ).get(node, at, seq))!;
  const turn = toTurn(row);
  if (turn.envelope.chat?.isGroup) await takeSession(tx, turn.sessionKey, turn.account);
  const had = home && (await sql("SELECT home FROM session WHERE key = ?").get(turn.sessionKey));
  const memory = await sql(
    "UPDATE session SET running = ?, head = NULL, rank = greatest(rank, ?), home = coalesce(?, home) WHERE key = ? RETURNING memory",
  ).get(turn.id, row.rank!, orNull(home?.name), turn.sessionKey);
  return {
    claim: { kind: "turn", id: turn.id, owner: node, fence: Number(row.fence), attempt: turn.attempt },
    turn,
    session: fromJson(memory?.memory),
    emitted: turn.attempt === 1 ? 0 : await emitted(tx, turn.id),
    told: await toldTo(tx, seq),
    ...(home && had?.home !== home.name && { moved: true }),
    ...(row.cancel_at !== null && { isCancelled: true }),
  };
}
