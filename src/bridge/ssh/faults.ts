/** What fails between here and a Mac that is somewhere else, and what may be done next (behaviour 7.3, 13). */
export const sshFaults = {
  SSH_NOT_FOUND: {},
  SSH_HOST_UNKNOWN: { retryable: true },
  SSH_REFUSED: { retryable: true },
  SSH_TIMEOUT: { retryable: true },
  SSH_HOST_KEY_UNKNOWN: {},
  SSH_HOST_KEY_CHANGED: {},
  SSH_LOGIN_REFUSED: {},
  SSH_DROPPED: { retryable: true },
  WRAPPER_BUFFERS: {},
  WRAPPER_UNCLEAR: {},
  REMOTE_FILE_MISSING: { retryable: true },
  REMOTE_FILE_UNREADABLE: {},
  REMOTE_PATH_UNCLEAR: { retryable: true },
  REMOTE_PATH_REFUSED: {},
  FILE_TOO_LARGE: {},
  REMOTE_COPY_TIMEOUT: { retryable: true },
  REMOTE_COPY_FAILED: { retryable: true },
  REMOTE_COPY_STOPPED: { retryable: true },
  REMOTE_FOLDER_FAILED: { retryable: true },
} as const;

/** The stable codes of these failures. */
export type SshFaultCode = keyof typeof sshFaults;
