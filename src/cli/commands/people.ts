import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { lockState, refuseSecondGateway } from "../../control/index.js";
import { type NamedPerson, personFacts, personNamed } from "../../facts/index.js";
import { TapbackError } from "../../platform/index.js";
import { lockStateAt } from "../../store/index.js";
import { spentLine } from "../../turns/index.js";
import { answered } from "../asking.js";
import { type Context, readConfig } from "../context.js";
import { printJson, printLine } from "../output.js";
import { openState, statePlace } from "../state.js";

/** `tapback people show`: how a person is known, and how much is kept of them (behaviour 18.3e, 17.8a). */
export async function show(context: Context, handle: string): Promise<undefined> {
  const person = personNamed((await readConfig(context)).config, handle);
  const store = await openState(context);
  try {
    const state = await store.people.about(person.isPerson);
    const facts = await personFacts(person, state, store);
    if (context.json) return void printJson(facts);
    const { admittedBy, owner, optedOut, groups, sessions, sharedSessions, messages, usage } = facts;
    const letIn = admittedBy.map(({ account, by }) => `${by} (${account})`).join(", ");
    printLine(`${facts.name ? `${facts.name}, ` : ""}${person.handles.join(", ")}`);
    printLine(
      `  let in by: ${letIn || "nothing"}${owner ? "; an owner" : ""}${optedOut ? "; said STOP" : ""}`,
    );
    if (groups.length > 0) printLine(`  groups: ${groups.join(", ")}`);
    printLine(`  messages kept: ${messages}; ${spentLine(usage)}`);
    for (const key of sessions) printLine(`  session ${key}`);
    for (const key of sharedSessions) printLine(`  session ${key}, shared with others`);
  } finally {
    await store.close();
  }
}

/** `tapback people export`: everything that is kept of a person, as it is kept. */
export async function exportPerson(context: Context, handle: string): Promise<undefined> {
  const person = personNamed((await readConfig(context)).config, handle);
  const store = await openState(context);
  try {
    const state = await store.people.about(person.isPerson);
    printJson({ ...(await personFacts(person, state, store)), rows: state.rows });
  } finally {
    await store.close();
  }
}

/**
 * `tapback people forget`: removes what a person wrote and what was written to them. The gateway does not run meanwhile: what it
 * and its agents have in their hands would be written again.
 * @throws `USAGE` without a yes, `GATEWAY_RUNNING`, `PERSON_BUSY`
 */
export async function forget(
  context: Context,
  handle: string,
  options: { yes?: boolean },
): Promise<undefined> {
  const person = personNamed((await readConfig(context)).config, handle);
  const { stateDir } = context;
  await refuseSecondGateway(stateDir);
  const lock = lockState(stateDir, "", Date.now());
  try {
    const stateLock = await lockStateAt(await statePlace(context));
    try {
      return await forgetLocked(context, person, options.yes ?? false);
    } finally {
      await stateLock?.release();
    }
  } finally {
    lock.release();
  }
}

async function forgetLocked(context: Context, person: NamedPerson, isDecided: boolean): Promise<undefined> {
  const { stateDir } = context;
  const store = await openState(context);
  try {
    const { messages } = await store.people.about(person.isPerson);
    if (!isDecided && !(await isSure(context, person.handles, messages)))
      return void printLine("Nothing was forgotten.");
    const forgotten = await store.people.forget(person.isPerson, Date.now());
    if (forgotten.state === "busy")
      throw new TapbackError(
        "PERSON_BUSY",
        `${forgotten.open} of this person's messages, turns and sends have not ended`,
      );
    // What a death leaves of these is removed by the gateway, which nothing names them to any more.
    for (const id of forgotten.turnIds)
      await rm(join(stateDir, "turns", id), { recursive: true, force: true });
    for (const file of forgotten.files)
      if (file.startsWith(join(stateDir, "outgoing")))
        await rm(dirname(file), { recursive: true, force: true });
    const { turns, sessions, sharedSessions } = forgotten;
    if (context.json)
      return void printJson({
        handles: person.handles,
        messages: forgotten.messages,
        turns,
        sessions,
        sharedSessions,
      });
    printLine(
      `Forgotten: ${forgotten.messages} messages and ${turns} turns of ${person.handles.join(", ")}.`,
    );
    for (const key of sharedSessions)
      printLine(`Kept: session ${key}, in which others wrote too; /new in its chat begins it anew.`);
    printLine(
      "Kept: approvals (`tapback pairing revoke`), STOP, and that the messages were there, so that none is answered again.",
    );
  } finally {
    await store.close({ settle: true });
  }
}

async function isSure({ json }: Context, handles: string[], messages: number): Promise<boolean> {
  if (json || !process.stdin.isTTY || !process.stdout.isTTY)
    throw new TapbackError("USAGE", "forget needs --yes where nobody can be asked");
  const { confirm } = await import("@clack/prompts");
  const message = `Forget ${messages} messages of ${handles.join(", ")}, with all answers to them? This cannot be undone.`;
  return answered(await confirm({ message, initialValue: false }));
}
