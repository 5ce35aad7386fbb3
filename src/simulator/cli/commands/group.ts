import { TapbackError } from "../../../platform/index.js";
import { type ChatRow, createGroup, findChat } from "../../messages-app/chats.js";
import { addMember, type GroupAct, leaveGroup, removeMember, renameGroup } from "../../messages-app/group.js";
import type { Written } from "../../messages-app/insert.js";
import { handleOfPerson } from "../../messages-app/person.js";
import type { Option } from "../argv.js";
import type { Command, Context } from "../command.js";
import { actorOf, fromOption, serviceNamed, timeOf } from "../people.js";

const chat: Option = {
  name: "chat",
  value: "chat",
  help: "The group by id, GUID, identifier or name",
  required: true,
};
const address: Option = { name: "address", value: "handle", help: "Who", required: true };
const by: Option = { ...fromOption, help: "Who does it; the account when absent" };
const at: Option = { name: "at", value: "time", help: "When; now when absent" };

const create: Command = {
  kind: "world",
  summary: "Make a group",
  options: [
    { name: "name", value: "name", help: "Its name" },
    { name: "members", value: "handles", help: "Who is in it, separated by commas", required: true },
    { name: "service", value: "name", help: "iMessage, SMS or RCS" },
    { name: "unmarked", help: "Stored so that imsg says is_group:false" },
  ],
  examples: ["imsg-sim group create --name Climbing --members +15550100123,sam@example.com"],
  run: ({ given, world, print }) => {
    const name = given.text("name");
    const members = given
      .text("members")!
      .split(",")
      .map((member) => handleOfPerson(member));
    const made = world.write(() =>
      createGroup(world, {
        members,
        service: serviceNamed(given.text("service")),
        polarity: given.has("unmarked") ? "-" : "+",
        name,
      }),
    );
    print(
      { chat_id: made.id, chat_guid: made.guid, identifier: made.identifier },
      `chat ${made.id} ${made.guid}`,
    );
  },
};

function acting(
  verb: string,
  summary: string,
  options: Option[],
  run: (context: Context, act: GroupAct) => Written,
): Command {
  const shown = options.filter(({ required }) => required).map(({ name }) => ` --${name} …`);
  return {
    kind: "world",
    summary,
    options: [chat, ...options, ...(options.some(({ name }) => name === "from") ? [] : [by]), at],
    examples: [`imsg-sim group ${verb} --chat Climbing${shown.join("")}`],
    run: (context) => {
      const { given, world, print } = context;
      const time = timeOf(given.text("at"));
      const found = groupNamed(findChat(world, given.text("chat")!));
      const act = {
        chat: found,
        from: actorOf(given.text("from")),
        at: time,
      };
      const written = run(context, act);
      print({ id: written.id, guid: written.guid, chat_id: found.id, chat_guid: found.guid }, written.guid);
    },
  };
}

function groupNamed(found: ChatRow): ChatRow {
  if (found.isGroup) return found;
  throw new TapbackError("NOT_A_GROUP", `Chat ${found.id} is not a group`, { hint: "See `imsg-sim chats`." });
}

const addressOf = ({ given }: Context) => handleOfPerson(given.text("address")!);

export const groupCommands: Record<string, Command> = {
  "group create": create,
  "group add": acting("add", "Add someone to a group", [address], (context, act) =>
    addMember(context.world, act, addressOf(context)),
  ),
  "group remove": acting("remove", "Remove someone from a group", [address], (context, act) =>
    removeMember(context.world, act, addressOf(context)),
  ),
  "group rename": acting(
    "rename",
    "Rename a group",
    [{ name: "name", value: "name", help: "Its new name", required: true }],
    ({ world, given }, act) => renameGroup(world, act, given.text("name")!),
  ),
  "group leave": acting("leave", "Leave a group", [{ ...by, required: true }], ({ world }, act) =>
    leaveGroup(world, act),
  ),
};
