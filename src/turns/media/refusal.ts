import type { CopyProblem, ErrorCode } from "../../platform/index.js";

/** Why a file is not handed to an agent. */
export interface MediaRefusal {
  code: ErrorCode;
  /** For the log and `explain`; names keys, never the file's content. */
  detail: string;
  /** For the agent: no path, no key (behaviour 6.5a). */
  note: string;
}

/** The file lies where nothing may be read. @param key the account's field that would change it */
export function outsideRoots(key: "attachmentRoots" | "remoteAttachmentRoots"): MediaRefusal {
  return {
    code: "MEDIA_OUTSIDE_ROOTS",
    detail: `it lies outside ${key}`,
    note: "refused: it lies outside the folders that attachments may come from",
  };
}

/** The file is larger than the account takes in. @param maxMb its `mediaMaxMb` */
export function tooLarge(maxMb: number): MediaRefusal {
  return {
    code: "MEDIA_TOO_LARGE",
    detail: `it is larger than mediaMaxMb, ${maxMb} MB`,
    note: `refused: larger than the ${maxMb} MB that are taken in`,
  };
}

export const missing: MediaRefusal = {
  code: "MEDIA_MISSING",
  detail: "the file is not on the Mac: still on its way, or kept in iCloud alone",
  note: "the file has not arrived",
};

export const empty: MediaRefusal = {
  code: "MEDIA_EMPTY",
  detail: "the file has no bytes",
  note: "the file is empty",
};

/** What was wrong with a file that was to be copied. */
export function copyRefusal(problem: CopyProblem, maxMb: number): MediaRefusal {
  switch (problem) {
    case "missing":
      return missing;
    case "too_large":
      return tooLarge(maxMb);
    case "replaced":
      return {
        code: "MEDIA_REPLACED",
        detail: "it became a link or another file while it was read",
        note: "refused: it changed while it was read",
      };
    case "not_a_file":
      return {
        code: "MEDIA_NOT_A_FILE",
        detail: "it is no plain file",
        note: "refused: it is no plain file",
      };
    case "unreadable":
      return {
        code: "MEDIA_UNREADABLE",
        detail: "the gateway may not read it; give the program that runs it Full Disk Access",
        note: "the file could not be read",
      };
  }
}
