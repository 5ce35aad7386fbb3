import type { ErrorTexts } from "./error-text.js";

/** Why a file is not sent. */
export const fileErrors = {
  FILE_MISSING: {
    happened: "There is no such file.",
    remedy: "Check the path: it is one of the gateway's machine, and the file must stay until it is sent.",
  },
  FILE_UNREADABLE: {
    happened: "The file cannot be read, or cannot be kept until it is sent.",
    remedy: "Check the file's permissions, the free space, and the permissions of the state directory.",
  },
  FILE_REFUSED: {
    happened: "The file may not be sent.",
    remedy:
      "Name a plain file that lies in the agent's `workspace` or the turn's folder, or has come in this conversation.",
  },
  FILE_TOO_LARGE: {
    happened: "The file is too large.",
    remedy: "Raise channels.imessage.mediaMaxMb.",
  },
  FILE_NOT_AUDIO: {
    happened: "A voice message is a recording, and the file is none.",
    remedy: "Send it without asVoice, or as M4A, CAF or MP3.",
  },
  SPEAK_FAILED: {
    happened: "The program of voice.speak made no recording of an answer; the answer went as text.",
    remedy: "Run the program by hand with a text on stdin and a file to write, and correct voice.speak.",
  },
} satisfies ErrorTexts;
