// The edits of `npm run simulate:bites`, each a fault that the simulation has to find. `find` is a piece of the source as it
// is; where it has changed, the edit is made anew. `nodes`: it is looked for among so many gateways that share a state.

const oneHeadPerChat = `const heads = \`SELECT coalesce(min(CASE state WHEN 'sending' THEN id END), min(CASE urgent WHEN 1 THEN id END), min(id)) AS id FROM outbox
  WHERE account = ? AND state IN ('pending', 'sending') AND accepted_at IS NULL GROUP BY chat_key\`;`;

export const edits = [
  {
    name: "synchronous off for forced commits",
    file: "src/store/sqlite/commit-queue.ts",
    find: 'const wanted = forced ? "FULL" : "NORMAL";',
    put: 'const wanted = (forced ? "OFF" : "NORMAL") as "NORMAL";',
  },
  {
    name: "an outbox item settled before its send",
    file: "src/outbound/sender.ts",
    find: "    const result = await bridge.send({ ...requestOf(goes.value, settings), target });",
    put: `    await store.outbox.settle(taken.claim, { state: "stored" }, clock.now());
    const result = await bridge.send({ ...requestOf(goes.value, settings), target });`,
  },
  {
    name: "the fence ignored at a turn's end",
    file: "src/store/sqlite/turns.ts",
    find: 'SELECT seq, account, session_key, state, cancel_at FROM turn WHERE id = ? AND fence = ?"',
    put: 'SELECT seq, account, session_key, state, cancel_at FROM turn WHERE id = ? AND fence >= ?"',
  },
  {
    name: "two items of one chat taken at once",
    file: "src/store/sqlite/outbox.ts",
    find: oneHeadPerChat,
    put: `const heads = \`SELECT id FROM outbox
  WHERE account = ? AND state IN ('pending', 'sending') AND accepted_at IS NULL\`;`,
  },
  {
    name: "the cursor moved before the journal",
    file: "src/store/sqlite/journal.ts",
    find: `    const { sql, write } = this.base;
    return write(["rows"], () => {
      this.#mustHold(claim);
      const insert = sql(`,
    put: `    const { sql, write } = this.base;
    const moved = write([], () => moveCursor(this.base, claim.id, rows));
    return moved.then(() => write(["rows"], () => {
      this.#mustHold(claim);
      const insert = sql(`,
    also: [
      {
        find: `      moveCursor(this.base, claim.id, rows);
      rememberOwnAddresses(this.base, claim.id, rows);
      return ids;
    });`,
        put: `      rememberOwnAddresses(this.base, claim.id, rows);
      return ids;
    }));`,
      },
    ],
  },
  {
    name: "the firewall asked at enqueueing only",
    file: "src/outbound/sender.ts",
    find: "const refused = await this.#refusal(item, settings);",
    put: "const refused: Refused | TapbackError | undefined = await Promise.resolve(undefined);",
  },
  {
    name: "a repeat after unknown",
    file: "src/outbound/sender.ts",
    find: `        : this.#settleDoubt(taken, error);`,
    put: `        : this.#tryLater(taken, failure);`,
  },
  {
    name: "echo by text without a window",
    file: "src/inbound/echo.ts",
    find: "function isSecondRow({ rowSentAt, takenAt }: RecentSend, row: MessageRow, at: number): boolean {",
    put: `function isSecondRow({ rowSentAt, takenAt }: RecentSend, row: MessageRow, at: number): boolean {
  if (at > 0) return true;`,
    also: [{ find: "const windowMs = 15_000;", put: "const windowMs = 24 * 3600_000;" }],
  },
  {
    name: "no fence on a re-run after a kill",
    file: "src/store/sqlite/turns.ts",
    find: "SET state = 'running', owner = ?, fence = fence + 1, attempt",
    put: "SET state = 'running', owner = ?, fence = 1, attempt",
  },
  {
    name: "a failed chunk that does not stop those after it",
    file: "src/store/sqlite/outbox.ts",
    find: "          giveUpRest(this.base, row, at);\n",
    put: "",
  },
  {
    name: "a question asked again by each run of its turn",
    file: "src/turns/questions/asking.ts",
    find: "const before = turn.attempt > 1 ? await store.questions.ofTurn(turn.id, occasion) : undefined;",
    put: "const before = turn.attempt > 99 ? await store.questions.ofTurn(turn.id, occasion) : undefined;",
  },
  {
    name: "an answer of whoever is in the chat",
    file: "src/store/rows/question.ts",
    find: "  if (answerers?.includes(by.handle)) return true;",
    put: "  if (answerers !== undefined) return true;",
  },
  {
    name: "a vote that counts as it was first",
    file: "src/store/sqlite/votes.ts",
    find: "SET vote = ?1, vote_at",
    put: "SET vote = coalesce(vote, ?1), vote_at",
  },
  {
    name: "a limit that lets one more turn begin",
    file: "src/store/rows/used.ts",
    find: "if (turns !== undefined && used.turns >= turns)",
    put: "if (turns !== undefined && used.turns > turns)",
  },
  {
    name: "a limit told at each message",
    file: "src/store/sqlite/allowance.ts",
    find: "    if (this.#wasTold(person, day)) return;\n",
    put: "",
  },
  {
    name: "context that each turn that reads along has again",
    file: "src/turns/open-listening.ts",
    find: "const carried = [...entries.map(({ id }) => id), ...notes.ids];",
    put: "const carried = [...notes.ids];",
  },
  {
    name: "an answer of who reads along",
    file: "src/turns/replies/composer.ts",
    find: "    if (turn.envelope.listening) return unsaid(blocks);\n",
    put: "",
  },
  {
    name: "a group read along whenever it pauses",
    file: "src/inbound/listening.ts",
    find: "export const mostTurnsPerHour = 6;",
    put: "export const mostTurnsPerHour = 600;",
    also: [{ find: "export const groupQuietMs = 60_000;", put: "export const groupQuietMs = 1000;" }],
  },
  {
    name: "an alert at each look",
    file: "src/health/alerts/alert-watch.ts",
    find: '[] : [{ ...one, phase: "told" }];',
    put: "[] : [one];",
  },
  {
    name: "alerts that are not kept",
    file: "src/health/alerts/alert-watch.ts",
    find: "      writeSpells(this.#file, after);\n",
    put: "      void writeSpells;\n",
  },
  {
    name: "a Mac told something without a look at the lease",
    nodes: 2,
    file: "src/bridge/imsg/connection.ts",
    find: 'if (job.lane === "mutation" && !this.mayWrite()) {',
    put: 'if (job.lane === "mutation" && this.mayWrite === undefined) {',
  },
  {
    name: "a fence that stays when a lease is over",
    nodes: 2,
    file: "src/store/postgres/nodes.ts",
    find: "UPDATE account SET node = NULL, fence = fence + 1 WHERE node = ANY(?)",
    put: "UPDATE account SET node = NULL WHERE node = ANY(?)",
  },
  {
    name: "a question asked by a run that lost its turn",
    nodes: 2,
    file: "src/turns/questions/open-questions.ts",
    find: "store.questions.ask(question, asking.asked(question), turn.attempt)",
    put: "store.questions.ask(question, asking.asked(question))",
  },
];
