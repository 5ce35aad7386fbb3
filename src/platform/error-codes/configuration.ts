import type { ErrorTexts } from "./error-text.js";

/** Errors of what the user wrote. */
export const configurationErrors = {
  CONFIG_INVALID: {
    happened: "The configuration is not valid, or a change would make it so.",
    remedy: "Correct what the message names; `tapback config validate` shows each place.",
  },
  CONFIG_UNREADABLE: {
    happened: "The configuration file cannot be read, or is not JSON5.",
    remedy: "Correct it by hand, or name a file that you may read with --config or TAPBACK_CONFIG.",
  },
  CONFIG_UNWRITABLE: {
    happened: "The configuration file cannot be written.",
    remedy: "Make its folder writable for this user, or name another file with --config or TAPBACK_CONFIG.",
  },
  CONFIG_CHANGED: {
    happened: "Somebody else changed the configuration file meanwhile.",
    remedy: "Try again.",
  },
  CONFIG_LOCKED: {
    happened: "Another process changes the configuration file, and does not end.",
    remedy: "End the process that holds the `.lock` file beside it, then try again.",
  },
  CONFIG_EXISTS: {
    happened: "There is a configuration file already.",
    remedy: "Edit it with `tapback config set`, or replace it with --force.",
  },
  CONFIG_PATH_INVALID: {
    happened: "This is not the path of a setting.",
    remedy:
      'Write it as channels.imessage.dmPolicy, agents.list[0].id or channels.imessage.dms["+15550100"].',
  },
  CONFIG_PATH_NOT_FOUND: {
    happened: "The file has no place for this setting.",
    remedy: "See what stands there with `tapback config get`; a list grows by one entry at its end.",
  },
  CONFIG_NOT_SET: {
    happened: "The setting does not stand in the file.",
    remedy: "See what holds with `tapback config get --effective`; `tapback config schema` lists every key.",
  },
  CONFIG_EDIT_FAILED: {
    happened: "The setting could not be changed without touching the rest of the file.",
    remedy: "Change the file by hand.",
  },
  ENV_FILE_EXPOSED: {
    happened: "Others can write into the file of variables in the state directory, which holds keys.",
    remedy: "Look through it, then `chmod 600` it, or run `tapback doctor --fix`.",
  },
  ENV_FILE_UNREADABLE: {
    happened: "The file of variables in the state directory cannot be read.",
    remedy: "Make it a file that this user may read (mode 0600), or remove it.",
  },
  ENV_FILE_EDIT_FAILED: {
    happened: "A variable could not be changed in the file without touching the rest of it.",
    remedy: "Change the file by hand, or make its folder writable.",
  },
  VARIABLE_UNKNOWN: {
    happened: "The file of variables has none of this name.",
    remedy: "See which it has with `tapback secrets list`.",
  },
  MENTION_PATTERN_INVALID: {
    happened: "A pattern of mentionPatterns cannot be used.",
    remedy: "Use RE2 syntax: no lookaround and no backreferences, which cannot be matched in linear time.",
  },
  IMPORT_NOT_FOUND: {
    happened: "There is no configuration to import at the usual places.",
    remedy: "Name the file, e.g. `tapback import openclaw FILE`.",
  },
  IMPORT_UNREADABLE: {
    happened: "The configuration to import cannot be read, holds no object, or takes in other files.",
    remedy:
      "Check that it is the file that the other program uses, that this user may read it, and that it is whole by itself.",
  },
  ACCOUNT_UNKNOWN: {
    happened: "There is no account with this name.",
    remedy: "Use a name of channels.imessage.accounts; without any there is one, default.",
  },
  ACCOUNT_DISABLED: {
    happened: "The account is not enabled.",
    remedy: "Run `tapback init`, or set channels.imessage.enabled to true.",
  },
} satisfies ErrorTexts;
