/** imsg's commands, each with the RPC method that does the same; those of one name are left out. */
const sameAs: Readonly<Record<string, string>> = {
  react: "tapback",
  edit: "message.edit",
  unsend: "message.unsend",
  "delete-message": "message.delete",
  "notify-anyways": "message.notifyAnyways",
  "send-rich": "send.rich",
  "send-attachment": "send.attachment",
  "send-multipart": "send.multipart",
  "poll send": "poll.send",
  "poll vote": "poll.vote",
  "poll unvote": "poll.unvote",
  "chat-create": "chats.create",
  "chat-delete": "chats.delete",
  "chat-mark": "chats.markUnread",
  "chat-name": "group.rename",
  "chat-photo": "group.setIcon",
  "chat-add-member": "group.addParticipant",
  "chat-remove-member": "group.removeParticipant",
  "chat-leave": "group.leave",
  whois: "handles.check",
};

/** The RPC method that does what a command does. @param name of a command, or of a method, which is given back */
export function methodNamed(name: string): string {
  return sameAs[name] ?? name;
}
