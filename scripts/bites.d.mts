interface Replaced {
  find: string;
  put: string;
}

export const edits: readonly (Replaced & {
  name: string;
  file: string;
  /** More places of the same file. */
  also?: readonly Replaced[];
})[];
