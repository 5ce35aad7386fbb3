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
];
