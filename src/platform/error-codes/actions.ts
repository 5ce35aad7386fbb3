import type { ErrorTexts } from "./error-text.js";
import { launchRemedy } from "./launch-remedy.js";

/** Errors of actions in a conversation, asked for by an agent or at the command line. */
export const actionErrors = {
  ACTION_UNKNOWN: {
    happened: "There is no action with this name.",
    remedy: "Use a name that docs/in-messages.md lists.",
  },
  UNKNOWN_TOOL: {
    happened: "There is no tool with this name.",
    remedy: "Call a tool that the agent was offered.",
  },
  TOOL_DENIED: {
    happened: "The people whose words are answered have no use of this tool.",
    remedy: "Which tools a group of people has is in accessGroups.<name>.tools.",
  },
  ACTION_PARAMETERS: {
    happened: "What an action or a tool was given is missing, wrong, or too much.",
    remedy: "Correct what the message names; `tapback message ACTION --help` shows what an action takes.",
  },
  KEY_REUSED: {
    happened: "A program sent a message under a key that is another message's.",
    remedy: "Give every message a key of its own, and the same key only to the same message.",
  },
  ACTION_OFF: {
    happened: "The action is switched off.",
    remedy: "Set its switch under channels.imessage.actions to true.",
  },
  ACTION_NOT_HERE: {
    happened: "The action works in groups alone.",
    remedy: "Ask for it in a group.",
  },
  ACTION_OWNERS_ONLY: {
    happened: "The action is for owners alone.",
    remedy: "Have an owner ask for it; owners are named in commands.ownerAllowFrom.",
  },
  ACTION_UNAVAILABLE: {
    happened: "This Mac cannot do that now.",
    remedy: launchRemedy,
  },
  ACTION_FAILED: {
    happened: "The action failed in a way that nobody foresaw.",
    remedy: "Look at the turn's notes with `tapback explain`.",
  },
  TURN_SCOPE: {
    happened: "A turn named another conversation than its own, or a message that is not in it.",
    remedy:
      "Leave the target out. Other conversations are for turns that an owner asked for, and for the targets of agents.list[].sendTo.",
  },
  TOO_MANY_ACTIONS: {
    happened: "The agent asked for more actions than one turn may do.",
    remedy: "Do the rest in the next turn.",
  },
  SCHEDULE_FULL: {
    happened: "An agent wanted to schedule more than one conversation may have waiting.",
    remedy: "Cancel what is not needed: `/schedule` in the chat or `tapback schedule list` shows it.",
  },
  TARGET_INVALID: {
    happened: "This is not the target of a message.",
    remedy:
      "Use chat_id:123, chat_guid:…, chat_identifier:…, imessage:+1555…, sms:+1555…, a phone number or an e-mail address.",
  },
  MESSAGE_ID_UNKNOWN: {
    happened: "The short id of a message is not known any more.",
    remedy: "Give MessageSidFull, the message's GUID.",
  },
  MESSAGE_ID_FOREIGN: {
    happened: "The message belongs to another conversation.",
    remedy: "Name the conversation that the message is in.",
  },
  MESSAGE_NOT_OURS: {
    happened: "Only messages of the account itself can be edited or unsent.",
    remedy: "Use the action `read`: it lists the conversation's messages with their ids.",
  },
  TAPBACK_UNKNOWN: {
    happened: "There is no such tapback.",
    remedy:
      "Use love, like, dislike, laugh, emphasize, question or an emoji; only one of ours can be removed.",
  },
} satisfies ErrorTexts;
