import { parseTarget } from "../../conversation/index.js";
import { ok, type Result, type TapbackError } from "../../platform/index.js";
import { refuse } from "../refuse.js";
import { file, type Parameter } from "./parameter.js";
import { row } from "./row.js";

const address = {
  kind: "word",
  about: "phone number or e-mail address of the person",
  otherNames: ["participant"],
  value: "handle",
  required: true,
} as const satisfies Parameter;

/** What changes a group; for owners alone. */
export const groupRows = {
  renameGroup: row({
    toggle: "renameGroup",
    ability: "renameGroup",
    group: true,
    parameters: {
      name: {
        kind: "title",
        about: "new name of the group; empty takes it away",
        otherNames: ["displayName"],
        required: true,
      },
    },
    command: {
      words: "group rename",
      about: "give it a name",
      examples: ["tapback message group rename --target chat_id:42 --name Climbing"],
    },
    plan: ({ name }, { onMac }) => ok(onMac("renameGroup", { name })),
  }),
  setGroupIcon: row({
    toggle: "setGroupIcon",
    ability: "setGroupIcon",
    group: true,
    parameters: file,
    command: {
      words: "group icon",
      about: "set its picture",
      examples: ["tapback message group icon --target chat_id:42 --media ./icon.png"],
    },
    async plan(given, { files, onMac }) {
      const icon = await files.ready(given);
      if (!icon.ok) return icon;
      const call = onMac("setGroupIcon", { file: icon.value });
      // Messages has read it when it answers; the outbox, which clears up after itself, never had it.
      const run = () => call.run().finally(() => files.remove(icon.value));
      return ok({ ...call, run, file: icon.value });
    },
  }),
  addParticipant: row({
    toggle: "addParticipant",
    ability: "addParticipant",
    group: true,
    parameters: { address },
    command: {
      words: "group add",
      about: "add somebody",
      examples: ["tapback message group add --target chat_id:42 --address +15550100123"],
    },
    plan({ address }, { region, onMac }) {
      const person = handleIn(address, region);
      return person.ok ? ok(onMac("addParticipant", { address: person.value })) : person;
    },
  }),
  removeParticipant: row({
    toggle: "removeParticipant",
    ability: "removeParticipant",
    group: true,
    parameters: { address },
    command: {
      words: "group remove",
      about: "remove somebody",
      examples: ["tapback message group remove --target chat_id:42 --address +15550100123"],
    },
    plan({ address }, { region, onMac }) {
      const person = handleIn(address, region);
      return person.ok ? ok(onMac("removeParticipant", { address: person.value })) : person;
    },
  }),
  leaveGroup: row({
    toggle: "leaveGroup",
    ability: "leaveGroup",
    group: true,
    parameters: {},
    command: {
      words: "group leave",
      about: "leave it",
      examples: ["tapback message group leave --target chat_id:42"],
    },
    plan: (_none, { onMac }) => ok(onMac("leaveGroup", {})),
  }),
};

function handleIn(address: string, region: string): Result<string, TapbackError> {
  const person = parseTarget(address, region);
  if (person.ok && person.value.kind === "handle") return ok(person.value.handle);
  return refuse(`${address} is not a phone number or an e-mail address`);
}
