import type { ErrorTexts } from "./error-text.js";

/** Errors of letting people in. */
export const peopleErrors = {
  PAIRING_CODE_UNKNOWN: {
    happened: "No request has this code.",
    remedy: "List the codes with `tapback pairing list`.",
  },
  PAIRING_CODE_USED: {
    happened: "The request with this code was approved or denied before.",
    remedy: "See what became of it with `tapback pairing list`.",
  },
  PAIRING_CODE_EXPIRED: {
    happened: "The code expired before it was approved.",
    remedy: "Have the sender write again: the next message brings a new code.",
  },
  APPROVAL_UNKNOWN: {
    happened: "This person was not approved by pairing.",
    remedy: "See who was with `tapback pairing list`; who stands in allowFrom is taken out there.",
  },
  HANDLE_AMBIGUOUS: {
    happened: "The number means different people for different accounts.",
    remedy: "Write it with + and the country code, or name the account with --account.",
  },
  ENROLMENT_UNKNOWN: {
    happened: "No phrase to let somebody in was made for this account.",
    remedy: "Make one with `tapback pair`.",
  },
  PERSON_BUSY: {
    happened: "Messages, turns or sends of this person have not ended.",
    remedy:
      "Start the gateway and let it answer, or stop their turns with `/stop`; then forget the person again.",
  },
  LIMIT_REACHED: {
    happened: "A person has had as many turns or tokens of an agent as their group has on a day.",
    remedy: "Wait for the next day, or raise turnsPerDay or tokensPerDay of the group in accessGroups.",
  },
} satisfies ErrorTexts;
