import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { TypeMembers } from "../support/type-members.js";

/** The rooms from the ground up: each imports only from rooms before it. */
const rooms = [
  "platform",
  "config",
  "conversation",
  "store",
  "events",
  "bridge",
  "access",
  "agents",
  "outbound",
  "actions",
  "turns",
  "inbound",
  "commands",
  "webhooks",
  "http",
  "health",
  "telemetry",
  "facts",
  "preview",
  "api",
  "mcp",
  "console",
  "control",
  "gateway",
  "worker",
  "service",
  "library",
  "chat-sdk",
  "doctor",
  "coming-over",
  "cli",
];

/** Rooms outside the order, with all that they may import. */
const apart: Record<string, string[]> = {
  simulator: ["platform", "conversation"],
  testing: [...rooms, "simulator"],
};

const src = join(import.meta.dirname, "../../src");
const files = readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
  .map((file) => file.split(sep).join("/"));

const sources = new Map(
  files.map((file) => {
    const text = readFileSync(join(src, file), "utf8");
    return [file, ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)];
  }),
);
const imports = new Map([...sources].map(([file, source]) => [file, importsIn(file, source)]));

function importsIn(file: string, source: ts.SourceFile): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node) => {
    const specifier =
      ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
        ? node.moduleSpecifier
        : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
          ? node.arguments[0]
          : undefined;
    if (specifier && ts.isStringLiteral(specifier) && specifier.text.startsWith("."))
      found.push(specifier.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found.map((specifier) =>
    relative(src, join(src, dirname(file), specifier))
      .split(sep)
      .join("/"),
  );
}

/** Of a type of collaborators. */
const mostMembers = 8;
/** Of a function or a method; what a constructor takes stays in fields with names, so it may be one more. */
const mostParameters = 5;
const mostOfConstructor = 6;

/** Written out in place, or named as what something is made of; a class, a contract or plain data is one collaborator. */
const isOfCollaborators = (type: ts.TypeNode) =>
  !ts.isTypeReferenceNode(type) || /(Deps|Options|Parts)\b|^(Pick|Omit|Partial)</.test(type.getText());

/** What a door or a contract offers: functions, classes and their public methods, and the methods of interfaces. */
function offeredBy(statement: ts.Statement, members: TypeMembers): ts.Node[] {
  const isExported =
    ts.canHaveModifiers(statement) &&
    ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  if (!isExported) return [];
  if (ts.isFunctionDeclaration(statement)) return [statement];
  if (ts.isInterfaceDeclaration(statement)) return statement.members.filter(ts.isMethodSignature);
  if (ts.isVariableStatement(statement)) {
    const { declarations } = statement.declarationList;
    return declarations.some(({ initializer }) => initializer && ts.isArrowFunction(initializer))
      ? [statement]
      : [];
  }
  if (!ts.isClassDeclaration(statement)) return [];
  // What a class has by contract is told there.
  const byContract = new Set(
    (statement.heritageClauses ?? []).flatMap(({ types }) => types.flatMap((type) => [...members.of(type)])),
  );
  const methods = statement.members.filter(
    (member) =>
      ts.isMethodDeclaration(member) &&
      ts.isIdentifier(member.name) &&
      !byContract.has(member.name.text) &&
      !ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword),
  );
  return [statement, ...methods];
}

const roomOf = (file: string) => (file.includes("/") ? file.split("/", 1)[0]! : undefined);

describe("the house", () => {
  it("has only rooms that are in the order", () => {
    const known = new Set([...rooms, ...Object.keys(apart)]);
    expect(files.map(roomOf).filter((room) => room !== undefined && !known.has(room))).toEqual([]);
  });

  it("imports downwards only, and through doors", () => {
    const wrong: string[] = [];
    for (const file of files) {
      const from = roomOf(file);
      if (from === undefined) continue;
      const allowed = apart[from] ?? rooms.slice(0, rooms.indexOf(from));
      for (const target of imports.get(file)!) {
        const to = roomOf(target);
        if (to === from) continue;
        if (to === undefined || !allowed.includes(to)) wrong.push(`${file} imports ${target}: not below it`);
        else if (!target.endsWith("/index.js")) wrong.push(`${file} imports ${target}: not a door`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("imports no door of a room late: all that it offers would come with whoever asks for a part of it", () => {
    const late = new RegExp(`import\\("(?:\\.\\./)+(?:${rooms.join("|")})/index\\.js"\\)`);
    expect([...sources].filter(([, { text }]) => late.test(text)).map(([file]) => file)).toEqual([]);
  });

  it("has no circle among files", () => {
    const graph = new Map(
      files.map((file) => [file, imports.get(file)!.map((target) => target.replace(/\.js$/, ".ts"))]),
    );
    const circles: string[] = [];
    const state = new Map<string, "open" | "done">();
    const walk = (file: string, path: string[]) => {
      if (state.get(file) === "done") return;
      if (state.get(file) === "open") {
        circles.push([...path.slice(path.indexOf(file)), file].join(" -> "));
        return;
      }
      state.set(file, "open");
      for (const next of graph.get(file) ?? []) walk(next, [...path, file]);
      state.set(file, "done");
    };
    for (const file of files) walk(file, []);
    expect(circles).toEqual([]);
  });

  it("keeps files small enough to read in one go", () => {
    const long = [...sources].filter(([, { text }]) => text.split("\n").length > 401).map(([file]) => file);
    expect(long).toEqual([]);
  });

  it("keeps the gateway to what puts rooms together", () => {
    const inGateway = [...sources].filter(([file]) => roomOf(file) === "gateway");
    const lines = inGateway.map(([, { text }]) => text.split("\n").length - 1);
    expect(lines.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(3000);
  });

  it("gives nothing more than eight collaborators, named in one type", () => {
    const members = new TypeMembers(sources.values());
    const wrong: string[] = [];
    const check = (file: string, name: string, type: ts.Node | undefined) => {
      const size = members.of(type).size;
      if (size > mostMembers) wrong.push(`${file}: ${name} has ${size} members`);
    };
    for (const [file, source] of sources) {
      const visit = (node: ts.Node) => {
        if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) {
          if (/Deps$/.test(node.name.text)) check(file, node.name.text, node);
        } else if (ts.isConstructorDeclaration(node)) {
          const owner = node.parent.name?.text ?? "a class";
          for (const { name, type } of node.parameters)
            if (type && isOfCollaborators(type)) check(file, `${owner}'s ${name.getText()}`, type);
        }
        ts.forEachChild(node, visit);
      };
      visit(source);
    }
    expect(wrong).toEqual([]);
  });

  it("gives no function more than five parameters, and no constructor more than six", () => {
    const wrong: string[] = [];
    for (const [file, source] of sources) {
      const visit = (node: ts.Node) => {
        if (ts.isFunctionLike(node)) {
          const count = node.parameters.length;
          const most = ts.isConstructorDeclaration(node) ? mostOfConstructor : mostParameters;
          const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
          if (count > most) wrong.push(`${file}:${line} takes ${count} parameters`);
        }
        ts.forEachChild(node, visit);
      };
      visit(source);
    }
    expect(wrong).toEqual([]);
  });

  it("tells of every exported function, class and method what its name and types do not", () => {
    const members = new TypeMembers(sources.values());
    const untold: string[] = [];
    for (const [file, source] of sources)
      for (const node of source.statements.flatMap((statement) => offeredBy(statement, members))) {
        if (ts.getJSDocCommentsAndTags(node).length > 0) continue;
        const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
        untold.push(`${file}:${line} has no doc comment: ${node.getText().split("\n", 1)[0]}`);
      }
    expect(untold).toEqual([]);
  });
});
