import { errorGroups } from "../index.js";
import { codeTable } from "./code-table.js";

/** @returns the reference of all error codes, generated from their texts */
export function errorsPage(): string {
  return [
    "# Error codes",
    "",
    "<!-- Generated from src/platform/error-codes by `npm run reference`. Do not edit. -->",
    "",
    introduction,
    ...errorGroups.flatMap(({ title, texts }) => ["", `## ${title}`, "", ...codeTable("code", texts)]),
    "",
  ].join("\n");
}

const introduction = `Each error has a stable code: \`error: what happened [CODE]\` on stderr, \`{"error":{"code","message","hint"}}\` with \`--json\`, and in the
log, in \`tapback explain\`, and in what agents are told. Scripts decide on the code, never on the text. The message of an error says more
than this page, since it names the file, the person or the setting; its hint goes before what stands here.

Why a message got no answer is a reason and not an error: see [reasons.md](reasons.md).`;
