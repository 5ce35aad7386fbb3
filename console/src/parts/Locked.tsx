import { Command } from "./Command.js";

/** What a browser shows that is not let in any more. */
export function Locked() {
  return (
    <main class="door">
      <h1>This browser is not let in</h1>
      <p>Run this on the machine of the gateway. It opens the console, with an address that works once.</p>
      <Command line="tapback console" />
    </main>
  );
}
