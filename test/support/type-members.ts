import ts from "typescript";

type Declaration = ts.InterfaceDeclaration | ts.TypeAliasDeclaration;

/** What the members of object types are told from: their text alone, for a whole program would take minutes to check. */
export class TypeMembers {
  readonly #declared = new Map<string, Declaration[]>();

  constructor(sources: Iterable<ts.SourceFile>) {
    for (const source of sources)
      for (const node of source.statements) {
        if (!ts.isInterfaceDeclaration(node) && !ts.isTypeAliasDeclaration(node)) continue;
        this.#declared.set(node.name.text, [...(this.#declared.get(node.name.text) ?? []), node]);
      }
  }

  /** Names of a type's members, own and inherited; none for what is no object type, or is declared elsewhere. */
  of(node: ts.Node | undefined): Set<string> {
    if (node === undefined) return new Set();
    if (ts.isTypeAliasDeclaration(node)) return this.of(node.type);
    if (ts.isParenthesizedTypeNode(node)) return this.of(node.type);
    if (ts.isIntersectionTypeNode(node)) return new Set(node.types.flatMap((type) => [...this.of(type)]));
    if (ts.isTypeLiteralNode(node) || ts.isInterfaceDeclaration(node)) {
      const parents = ts.isInterfaceDeclaration(node) ? (node.heritageClauses ?? []) : [];
      const inherited = parents.flatMap(({ types }) => types.flatMap((type) => [...this.of(type)]));
      return new Set([...inherited, ...node.members.map((member) => member.name?.getText() ?? "")]);
    }
    if (ts.isTypeReferenceNode(node)) return this.#named(node, node.typeName.getText(), node.typeArguments);
    if (ts.isExpressionWithTypeArguments(node))
      return this.#named(node, node.expression.getText(), node.typeArguments);
    return new Set();
  }

  #named(node: ts.Node, name: string, given: ts.NodeArray<ts.TypeNode> | undefined): Set<string> {
    if (name === "Pick") return namesIn(given?.[1]);
    if (name === "Omit") {
      const left = namesIn(given?.[1]);
      return new Set([...this.of(given?.[0])].filter((member) => !left.has(member)));
    }
    if (/^(Partial|Required|Readonly)$/.test(name)) return this.of(given?.[0]);
    const found = this.#declared.get(name) ?? [];
    const near = found.find((declaration) => declaration.getSourceFile() === node.getSourceFile());
    // The name may be that of several files: the largest is the one that would have to be told of.
    const all = (near ? [near] : found).map((declaration) => this.of(declaration));
    return all.sort((one, other) => other.size - one.size)[0] ?? new Set();
  }
}

/** Of `"a" | "b"`. */
function namesIn(node: ts.TypeNode | undefined): Set<string> {
  const parts = node && ts.isUnionTypeNode(node) ? [...node.types] : node ? [node] : [];
  return new Set(
    parts.flatMap((part) =>
      ts.isLiteralTypeNode(part) && ts.isStringLiteral(part.literal) ? part.literal.text : [],
    ),
  );
}
