import type { Tx } from "./statements.js";

/**
 * Queues turns again that nobody runs any more, in their old place; inside a transaction of the caller.
 * @param whose a condition on `turn`, with one value @returns their ids
 */
export async function queueAgain(
  { sql }: Tx,
  whose: string,
  value: string | readonly string[],
): Promise<string[]> {
  await sql(
    `UPDATE session SET running = NULL, head = turn.seq FROM turn
     WHERE turn.id = session.running AND turn.state = 'running' AND ${whose}`,
  ).run(value);
  const turns = await sql(
    `UPDATE turn SET state = 'queued', owner = NULL, deaths = deaths + at_risk, at_risk = 0
     WHERE state = 'running' AND ${whose} RETURNING id`,
  ).all(value);
  return turns.map(({ id }) => String(id));
}
