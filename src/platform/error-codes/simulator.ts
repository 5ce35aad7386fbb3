import type { ErrorTexts } from "./error-text.js";

/** Errors of the simulator's own commands and library; over RPC it answers with the codes of imsg. */
export const simulatorErrors = {
  HANDLE_INVALID: {
    happened: "This is not a person's phone number or address.",
    remedy: "Write +15550100123 or sam@example.com; the account's own human writes with `imsg-sim own`.",
  },
  SERVICE_UNKNOWN: {
    happened: "This is not a service of Messages.",
    remedy: "Use iMessage, SMS or RCS.",
  },
  TIME_INVALID: {
    happened: "This is not a time.",
    remedy: "Write it as 2026-05-09T06:13:20Z.",
  },
  MESSAGE_EMPTY: {
    happened: "A message needs a text or a file.",
    remedy: "Give text or attach.",
  },
  NOT_A_GROUP: {
    happened: "The chat is not a group.",
    remedy: "See which are with `imsg-sim chats`.",
  },
  NOT_A_MEMBER: {
    happened: "The person is not in the chat.",
    remedy: "Add the person with `imsg-sim group add`.",
  },
  POLL_NOT_FOUND: {
    happened: "The message is no poll.",
    remedy: "Give the GUID of the poll's own message.",
  },
  OPTION_NOT_FOUND: {
    happened: "The poll has no such option.",
    remedy: "Use one of the options that the message names.",
  },
  SEED_INVALID: {
    happened: "A world cannot be filled as it was asked for.",
    remedy: "Give at least one person where there are to be messages.",
  },
  SETTING_INVALID: {
    happened: "The world has no such setting, or the setting does not take this value.",
    remedy: "See `imsg-sim world set --help`.",
  },
  FAULT_INVALID: {
    happened: "A fault was not described as faults are.",
    remedy: 'Write it as {"kind":"delay","ms":2000}; docs/simulator.md lists the kinds.',
  },
  WORLD_RESTLESS: {
    happened: "Something of a test's world is still under way after all the time that it was given.",
    remedy:
      "Let a span of time pass with `passes` where something is meant to go on; else see what the message names.",
  },
  RECORDING_INVALID: {
    happened: "A file is no recording of `tapback doctor --live --record`.",
    remedy: "Make one with `tapback doctor --live --record FILE`.",
  },
  WORLD_NOT_OPEN: {
    happened: "Something of a world was asked for, and `imsg-sim serve` has none open.",
    remedy: "Begin with `world.open`; docs/testing.md has the methods.",
  },
  NOT_SO: {
    happened: "What was said of a world of `imsg-sim serve` does not hold.",
    remedy: "The message tells what was expected and what the world saw instead.",
  },
  TURN_UNKNOWN: {
    happened: "Something was asked for in a turn that does not run.",
    remedy: "Do it between `agent.turn` and its answer; a turn ends before when it is stopped.",
  },
  WORLD_FILE_INVALID: {
    happened: "A file of the world is not a JSON object.",
    remedy: "Correct the file, or delete it to start from the defaults.",
  },
} satisfies ErrorTexts;
