// Finds every mutant of a source file.
import ts from "typescript";
import { mutationsOf } from "./mutations.mjs";

/**
 * @param file path as it is to be reported
 * @param text what is in it
 * @returns mutants `{ file, line, start, end, kind, original, replacement, isStatement }`, in the order of the text
 */
export function mutantsIn(file, text) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const textOf = (node) => text.slice(node.getStart(source), node.end);
  const found = [];
  visit(source);
  return found;

  function visit(node) {
    if (isOfTypes(node)) return;
    for (const { kind, node: target, replacement, isStatement = false } of mutationsOf(node, textOf)) {
      const start = target.getStart(source);
      const line = source.getLineAndCharacterOfPosition(start).line + 1;
      const original = text.slice(start, target.end);
      found.push({ file, line, start, end: target.end, kind, original, replacement, isStatement });
    }
    ts.forEachChild(node, visit);
  }
}

/** What is gone when the program runs. */
function isOfTypes(node) {
  return (
    ts.isImportDeclaration(node) ||
    ts.isExportDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node))
  );
}
