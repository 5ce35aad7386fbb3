import { namedOwners } from "../access/index.js";
import {
  fillIn,
  fitMoves,
  type Move,
  missingIn,
  numberFor,
  type ReportEntry,
  render,
  type Tree,
  treeOf,
  withTheirVariables,
  withValues,
} from "../config/fitting/index.js";
import { type Config, type ConfigPath, resolveAccounts } from "../config/index.js";
import { normalizeHandle } from "../conversation/index.js";
import { closings } from "./closing.js";
import { type Change, compare } from "./compare.js";
import { type AccessDifference, describe } from "./describe.js";
import { type Block, blocksOf, type Dialect } from "./dialects.js";
import { rulesHere } from "./here.js";
import { notesOf } from "./notes.js";
import { type Rules, refused } from "./probe.js";
import { namedByVariables, questionsFor, unnamedChat } from "./probes.js";
import { lostRestrictions } from "./restrictions.js";
import { accountsHere } from "./there/accounts.js";
import { normalForm } from "./there/entries.js";
import { rulesThere } from "./there/rules.js";
import { type Traits, traitsOf } from "./there/traits.js";
import { namesSame } from "./translation/addresses.js";
import type { KnownChat } from "./translation/groups.js";
import { translate } from "./translation/translate.js";

/** Someone who was approved by pairing. */
export interface ApprovedSender {
  /** Account id. */
  account: string;
  handle: string;
}

/** What there is to import. */
export interface ImportInput {
  dialect: Dialect;
  /** The other system's configuration, parsed. */
  old: Tree;
  /** By the accounts' ids there. */
  approved: readonly ApprovedSender[];
  /** Chats of the accounts that could be asked; empty when none could. */
  chats: readonly KnownChat[];
  env: Readonly<Record<string, string | undefined>>;
}

/** A configuration of ours made from another system's, with what became of each key. */
export interface ImportOutput {
  /** Valid, without defaults. */
  config: Tree;
  /** What it means, with texts that the fields take in the place of variables that are not set. */
  checked: Config;
  /** The configuration as JSON5. */
  text: string;
  report: ReportEntry[];
  access: AccessDifference;
  /** Those of the approved senders whom their approval let in there, and lets in here; by the accounts' ids here. */
  approved: ApprovedSender[];
  /** Variables that the gateway needs and the environment lacks. */
  missing: string[];
  /** What no single key tells, with the remedy; one or two sentences each. */
  notes: string[];
}

/** How often something is closed, the last time by serving an account not at all. */
const tries = 5;

/**
 * Makes our configuration of another system's. Both rule sets are asked who is answered, until nobody is here who was not
 * there (behaviour 2.8). Reads and writes nothing.
 */
export async function importConfig(input: ImportInput): Promise<ImportOutput> {
  const { dialect, chats, env } = input;
  const { old, moves: ofVariables } = fillIn(withTheirVariables(input.old), env);
  const [chosen, ...others] = blocksOf(dialect, old);
  const moves = [...translate(dialect, old, chats, env), ...ofVariables];
  const read = withValues(old, env);
  const rulesOf = (block: Block): Rules =>
    rulesThere({
      old: read,
      block: treeOf(blockAt(read, block.path)),
      traits: traitsOf(dialect, block),
      approved: block === chosen ? input.approved : [],
    });
  const before: Rules = chosen ? rulesOf(chosen) : { accounts: [], ask: () => refused };
  const traits = traitsOf(dialect, chosen ?? { block: {}, path: [], kind: "imessage" });
  const hereOf = accountsHere(treeOf(chosen?.block));
  const approved = input.approved
    .flatMap(({ account: there, handle }): ApprovedSender[] => {
      const account = hereOf(there);
      return account === undefined ? [] : [{ account, handle }];
    })
    .filter((sender) => isLetIn(before, sender))
    .flatMap((sender) => approvedHere(sender, traits));
  // Of a variable that is set, ours tells what means the same here; of one that is not, nothing else can.
  const unset = [...namedByVariables(old, read, traits)].filter(
    ([, text]) => missingIn(text, env).length > 0,
  );
  let closing: Move[] = [];
  for (let attempt = 1; ; attempt++) {
    const { config, filled, checked, report } = await fitMoves([...closing, ...moves], env);
    const after = rulesHere(checked, approved);
    const named = { old: read, config: filled, traits, approved: input.approved, chats };
    const changes = compare(before, after, named);
    const opened = changes.filter(
      ({ kind, question }) => kind === "opened" && question.respelled === undefined,
    );
    const isLast = attempt === tries;
    const more =
      opened.length === 0 || attempt > tries
        ? []
        : closings(opened, {
            config,
            written: new Map([...unset, ...namedByVariables(config, filled, traits)]),
            from: chosen?.path ?? [],
            before,
            questions: questionsFor(named, [...new Set([...before.accounts, ...after.accounts])]),
            isLast,
          });
    if (more.length > 0) {
      closing = [...more, ...closing];
      continue;
    }
    const missing = missingIn(config, env);
    const gone = others.flatMap((block) => goneWith(block, rulesOf(block), after, named));
    const names = new Map(missingIn(old, env).map((name) => [numberFor(name), `\${${name}}`]));
    const { gained, lost } = describe([...changes, ...gone], filled, names);
    return {
      config,
      checked,
      text: textOf(config, dialect),
      report,
      access: { gained: [...gained, ...lostRestrictions(old, report)], lost },
      approved,
      missing,
      notes: notesOf({
        ...{ config, old, dialect },
        hasOwner: resolveAccounts(checked).some(({ id }) => namedOwners(checked, id)!.length > 0),
        droppedApprovals: input.approved.length - approved.length,
      }),
    };
  }
}

/** Of a short code with the `+` that it got there. */
const longestCode = 7;

/** Whether an approval let somebody in there. */
function isLetIn(before: Rules, { account, handle }: ApprovedSender): boolean {
  const chat = { id: unnamedChat, guid: `iMessage;-;${handle}`, identifier: handle, isGroup: false };
  return before.ask({ account, sender: handle, chat, text: "Is anybody there" }).kind === "answered";
}

/** An approval in the form that names the same person here, in whatever region; a short code has none but its own. */
function approvedHere({ account, handle }: ApprovedSender, traits: Traits): ApprovedSender[] {
  const there = normalForm(handle, traits.plusForAll);
  const same = (there.length > longestCode ? [there, handle] : [handle, there]).find((one) =>
    namesSame(normalizeHandle(one), there, traits),
  );
  return same === undefined ? [] : [{ account, handle: normalizeHandle(same) }];
}

/** Those whom a block served that is not taken over, and whom no account serves now. */
function goneWith(block: Block, before: Rules, after: Rules, named: Parameters<typeof compare>[2]): Change[] {
  const nowhere: Rules = {
    accounts: before.accounts,
    ask: (probe) => {
      const answers = after.accounts.map((account) => after.ask({ ...probe, account }));
      const best = (["answered", "code"] as const).map((kind) => answers.find((one) => one.kind === kind));
      return best.find((one) => one !== undefined) ?? refused;
    },
  };
  return compare(before, nowhere, named).flatMap((change): Change[] => {
    if (change.kind !== "closed") return [];
    const account = `${block.path.join(".")} ${change.question.account}`;
    return [{ ...change, question: { ...change.question, account } }];
  });
}

function blockAt(tree: Tree, path: ConfigPath): unknown {
  return path.reduce<unknown>((value, part) => treeOf(value)[part], tree);
}

function textOf(config: Tree, dialect: Dialect): string {
  const style = { indent: "  ", newline: "\n", quote: '"' as const, quoteKeys: false, trailingCommas: true };
  return `// Imported from ${dialect}; comments stay in the old file. Every key: docs/reference/configuration.md\n${render(config, style, "")}\n`;
}
