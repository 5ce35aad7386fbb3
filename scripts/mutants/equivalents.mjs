// Mutants that change nothing that anybody could see, each with the reason. They are not tried.

/** `{ file, original, replacement, why }` */
export const equivalents = [
  {
    file: "src/store/sqlite/journal.ts",
    original: `\`\${rows} AND chat_id = ? ORDER BY id DESC LIMIT 1\``,
    replacement: `\`\${rows} AND chat_id = ? ORDER BY id ASC LIMIT 1\``,
    why: "It is asked whether there is one, and the newest is found soonest.",
  },
];
