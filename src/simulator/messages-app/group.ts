import { TapbackError } from "../../platform/index.js";
import type { World } from "../world/world.js";
import { messageColumnsOf } from "./act.js";
import { type ChatRow, ensureHandle, join } from "./chats.js";
import type { Actor } from "./deliver.js";
import { insertMessage, type NewMessage, type Written } from "./insert.js";

/** Something that somebody does to a group; each writes a system row (protocol reference 8.2). */
export interface GroupAct {
  chat: ChatRow;
  from: Actor;
  at?: number;
}

/** Gives a group a name; "" takes it away. */
export function renameGroup(world: World, act: GroupAct, name: string): Written {
  return systemRow(world, act, { item_type: 2, group_title: name }, () =>
    world.sql("UPDATE chat SET display_name = ? WHERE ROWID = ?").run(name, act.chat.id),
  );
}

/** Brings somebody into a group. @param address in normal form */
export function addMember(world: World, act: GroupAct, address: string): Written {
  return systemRow(world, act, { item_type: 1, group_action_type: 0 }, () => {
    const handle = ensureHandle(world, address, act.chat.service);
    join(world, act.chat.id, handle);
    return handle;
  });
}

/** @throws `NOT_A_MEMBER` */
export function removeMember(world: World, act: GroupAct, address: string): Written {
  return takeOut(world, act, address, { item_type: 1, group_action_type: 1 });
}

/** Somebody leaves; when the account itself leaves, the chat stays with its history. */
export function leaveGroup(world: World, act: GroupAct): Written {
  const columns = { item_type: 3, group_action_type: 0 };
  return act.from === "me"
    ? systemRow(world, act, columns, () => {})
    : takeOut(world, act, act.from.handle, columns);
}

/** The group's picture is changed, or taken away. */
export function setPhoto(world: World, act: GroupAct, present: boolean): Written {
  return systemRow(world, act, { item_type: 3, group_action_type: present ? 1 : 2 }, () => {});
}

/** Takes a chat and its messages out of this Mac's history. */
export function deleteChat(world: World, chat: ChatRow): void {
  world.write(() => {
    // Apple's triggers delete the messages and people that nothing names any more.
    for (const table of ["chat_message_join", "chat_handle_join"])
      world.sql(`DELETE FROM ${table} WHERE chat_id = ?`).run(chat.id);
    world.sql("DELETE FROM chat WHERE ROWID = ?").run(chat.id);
  });
}

/** @param change makes the change itself; a number it returns is the handle that the row is about */
function systemRow(
  world: World,
  act: GroupAct,
  columns: NonNullable<NewMessage["columns"]>,
  change: () => unknown,
): Written {
  return world.write(() => {
    const other = change();
    const about = typeof other === "number" ? { other_handle: other } : {};
    return writeSystemRow(world, act, { ...columns, ...about });
  });
}

function writeSystemRow(world: World, act: GroupAct, columns: NonNullable<NewMessage["columns"]>): Written {
  const message = messageColumnsOf(world, act);
  return insertMessage(world, { ...message, text: null, columns: { ...message.columns, ...columns } });
}

/** The row is written first: it names the person, whose handle would go with the last that names it. */
function takeOut(
  world: World,
  act: GroupAct,
  address: string,
  columns: NonNullable<NewMessage["columns"]>,
): Written {
  return world.write(() => {
    const handle = member(world, act.chat, address);
    const about = columns.item_type === 1 ? handle : undefined;
    const written = writeSystemRow(world, act, {
      ...columns,
      ...(about === undefined ? {} : { other_handle: about }),
    });
    world.sql("DELETE FROM chat_handle_join WHERE chat_id = ? AND handle_id = ?").run(act.chat.id, handle);
    return written;
  });
}

/** `handle.ROWID` of somebody in a chat. */
function member(world: World, chat: ChatRow, address: string): number {
  const handle = world
    .sql(
      "SELECT h.ROWID AS id FROM handle h JOIN chat_handle_join j ON j.handle_id = h.ROWID WHERE j.chat_id = ? AND h.id = ?",
    )
    .get(chat.id, address);
  if (handle !== undefined) return Number(handle.id);
  throw new TapbackError("NOT_A_MEMBER", `${address} is not in chat ${chat.id}`, {
    hint: `See \`imsg-sim group --chat-id ${chat.id} --json\` for who is.`,
  });
}
