/**
 * Longest request and longest answer on the control socket, bytes: a file of 16 MB, as much as `mediaMaxMb` lets through by default, takes
 * 22 MB in base64.
 */
export const maxLineBytes = 32 * 1024 * 1024;
