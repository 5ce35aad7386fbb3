import { accountFields } from "../schema/account.js";
import { configSchema } from "../schema/config.js";
import { describeType } from "../schema/describe.js";
import { bare, definitionOf, metaOf, type Schema } from "../schema/walk.js";

/** One line of the reference. */
export interface ReferenceField {
  /** Dotted; `<name>` stands for a key of one's own, `[]` for a place in a list. */
  path: string;
  type: string;
  /** As it would be written; undefined where there is none. */
  default?: string;
  description: string;
  perAccount: boolean;
  secret: boolean;
}

/** @returns every field of the configuration, in the order of the schema */
export function referenceFields(): ReferenceField[] {
  return fieldsOf(configSchema, "").filter(
    ({ path }) => !path.startsWith("channels.imessage.accounts.<id>."),
  );
}

function fieldsOf(schema: Schema, prefix: string): ReferenceField[] {
  const inner = bare(schema);
  const { shape, element, valueType, options, type } = definitionOf(inner);
  if (options !== undefined) {
    const seen = new Set<string>();
    return options
      .flatMap((option) => fieldsOf(option, prefix).map((field) => withVariant(field, option)))
      .filter(({ path, description }) => !seen.has(path + description) && seen.add(path + description));
  }
  if (type === "array") return fieldsOf(element!, `${prefix}[]`);
  if (type === "record") return fieldsOf(valueType!, `${prefix}.${placeholder(prefix)}`);
  return Object.entries(shape ?? {}).flatMap(([key, field]) => {
    const path = prefix === "" ? key : `${prefix}.${key}`;
    return [describe(path, field), ...fieldsOf(field, path)];
  });
}

function describe(path: string, schema: Schema): ReferenceField {
  const { description = "", default: value, secret = false } = metaOf(schema);
  const account = /^channels\.imessage\.(\w+)/.exec(path)?.[1];
  return {
    path,
    type: describeType(schema),
    // A block of fields shows the default of each, not once more all together.
    ...(value === undefined || definitionOf(bare(schema)).type === "object"
      ? {}
      : { default: JSON.stringify(value) }),
    description,
    perAccount: account !== undefined && Object.hasOwn(accountFields, account),
    secret,
  };
}

/** A field of one variant of a union says for which `type` it is. */
function withVariant(field: ReferenceField, option: Schema): ReferenceField {
  const tag = definitionOf(bare(option)).shape?.type;
  const isTag = field.path.endsWith(".type");
  return tag === undefined || isTag
    ? field
    : { ...field, description: `${field.description} For type ${describeType(tag)}.` };
}

function placeholder(prefix: string): string {
  const names: Record<string, string> = { accounts: "<id>", groups: "<chat_id>", dms: "<handle>" };
  return names[prefix.split(".").at(-1)!] ?? "<name>";
}

/** @returns the reference page, generated from the schema */
export function referencePage(): string {
  const fields = referenceFields();
  const blocks = [...new Set(fields.map(({ path }) => blockOf(path)))];
  return [
    "# Configuration reference",
    "",
    "<!-- Generated from the schema by `node scripts/reference.mjs`. Do not edit. -->",
    "",
    introduction,
    ...blocks.flatMap((block) => [
      "",
      ...section(
        block,
        fields.filter(({ path }) => blockOf(path) === block),
      ),
    ]),
    "",
  ].join("\n");
}

const introduction = `The file is \`~/.tapback/tapback.json5\`; \`TAPBACK_CONFIG\` or \`--config\` names another one. It is JSON5: comments,
single quotes, bare keys and trailing commas are welcome. An unknown key or a wrong value is an error that names line,
column and path, and the gateway does not start on it. \`\${NAME}\` in a text is replaced from the environment, and
\`$\${NAME}\` stands for the characters themselves.

Fields marked **A** may also be set per account, in \`channels.imessage.accounts.<id>\`. What an account sets replaces what
the channel sets; lists and maps are replaced whole, except \`actions\` and \`catchup\`, which are merged key by key.`;

/** `channels.imessage` is a section of its own; elsewhere a top-level key is. */
function blockOf(path: string): string {
  const [top = "", second] = path.split(/[.[]/);
  return top === "channels" && second === "imessage" ? "channels.imessage" : top;
}

function section(block: string, fields: ReferenceField[]): string[] {
  const head = fields.find(({ path }) => path === block);
  const rows = fields.filter(({ path }) => path !== block);
  if (rows.length === 0) return [`## \`${block}\``, "", `${head!.description} Takes ${head!.type}.`];
  return [
    `## \`${block}\``,
    "",
    head!.description,
    "",
    "| Key | Takes | Default | | What it does |",
    "| --- | --- | --- | --- | --- |",
    ...rows.map(
      ({ path, type, default: value, description, perAccount, secret }) =>
        `| \`${path}\` | ${cell(type)} | ${value === undefined ? "" : `\`${cell(value)}\``} | ${perAccount ? "A" : ""} | ${cell(description)}${secret ? " Never printed." : ""} |`,
    ),
  ];
}

function cell(text: string): string {
  return text.replace(/\|/g, "\\|").replace(/\n/g, " ");
}
