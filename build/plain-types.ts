import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Rolldown } from "tsdown";
import type TypeScript from "typescript";

// Nine megabytes in one file: an import would read them three times, to find the format and the names.
const ts: typeof TypeScript = createRequire(import.meta.url)("typescript");

/** Where types are inferred from a schema; a library's user would need zod to read those. */
const schemas = /\/src\/config\/schema\/\w+\.d\.ts$/;

/** Writes the types that a schema infers in full into the library's declarations, so that those need no package. */
export const plainTypes: Rolldown.Plugin = {
  name: "plain-types",
  load: {
    order: "pre",
    filter: { id: schemas },
    handler(id) {
      const file = id.replace(/\.d\.ts$/, ".ts");
      return readFileSync(file, "utf8").includes('from "zod"') ? writtenOut(file) : null;
    },
  },
};

let program: TypeScript.Program | undefined;

/** @returns a declaration of each type that a file exports, by what it comes to */
function writtenOut(file: string): string {
  if (!program?.getSourceFile(file)) {
    const { options } = ts.parseJsonConfigFileContent(
      ts.readConfigFile("tsconfig.json", ts.sys.readFile).config,
      ts.sys,
      ".",
    );
    // What a schema infers names nothing of Node.
    program = ts.createProgram([file], { ...options, types: [] });
  }
  const checker = program.getTypeChecker();
  const flags =
    ts.TypeFormatFlags.NoTruncation |
    ts.TypeFormatFlags.InTypeAlias |
    ts.TypeFormatFlags.MultilineObjectLiterals;
  return program
    .getSourceFile(file)!
    .statements.filter(ts.isTypeAliasDeclaration)
    .map((alias) => {
      const type = checker.getTypeAtLocation(alias);
      return `${docOf(alias)}export type ${alias.name.text} = ${checker.typeToString(type, undefined, flags)};`;
    })
    .join("\n");
}

function docOf(node: TypeScript.Node): string {
  const [doc] = ts.getLeadingCommentRanges(node.getSourceFile().text, node.pos)?.slice(-1) ?? [];
  return doc ? `${node.getSourceFile().text.slice(doc.pos, doc.end)}\n` : "";
}
