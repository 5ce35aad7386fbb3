/**
 * What loads the private API of imsg. Nobody is sent to `imsg launch` without what it needs and costs, for it refuses to work on a Mac
 * as Apple delivers it.
 */
export const launchRemedy =
  "Run `imsg launch` on the Mac, in the session of the user who is signed in to Messages, and check `imsg status`. It needs System Integrity Protection off, on macOS 26 library validation too, and holds until Messages ends: docs/deployment/private-api.md.";
