import type { ErrorTexts } from "./error-text.js";

/** Why a received attachment is not handed to the agent. */
export const attachmentErrors = {
  MEDIA_OFF: {
    happened: "The account takes no files in, so that none is handed to anybody.",
    remedy: "Set channels.imessage.includeAttachments to true.",
  },
  MEDIA_OUTSIDE_ROOTS: {
    happened: "The attachment lies outside the folders that attachments may come from.",
    remedy: "Add its folder to attachmentRoots, or to remoteAttachmentRoots for another Mac.",
  },
  MEDIA_TOO_LARGE: {
    happened: "The attachment is larger than what is taken in.",
    remedy: "Raise channels.imessage.mediaMaxMb.",
  },
  MEDIA_MISSING: {
    happened: "The attachment is not on the Mac: it is still on its way, or kept in iCloud alone.",
    remedy:
      "Open the conversation in Messages on the Mac, so that the file is fetched, then run `tapback retry`.",
  },
  MEDIA_EMPTY: {
    happened: "The attachment has no bytes.",
    remedy: "Have it sent again.",
  },
  MEDIA_REPLACED: {
    happened: "The attachment became a link or another file while it was read.",
    remedy: "Run `tapback retry` with the message's number.",
  },
  MEDIA_NOT_A_FILE: {
    happened: "The attachment is no plain file.",
    remedy: "Nothing: folders, links and devices are never handed over.",
  },
  MEDIA_UNREADABLE: {
    happened: "The gateway may not read the attachment.",
    remedy: "Give the program that runs the gateway Full Disk Access.",
  },
  MEDIA_FAILED: {
    happened: "The attachment could not be made ready, and nobody foresaw how.",
    remedy: "Look at the gateway's log, then run `tapback retry` with the message's number.",
  },
  TRANSCRIBE_FAILED: {
    happened:
      "The program of voice.transcribe gave no words for a recording; the agent got the recording without them.",
    remedy: "Run the program by hand with a recording, correct voice.transcribe, then run `tapback retry`.",
  },
} satisfies ErrorTexts;
