import { simulatorPath } from "../faults/harness/gateway-process.js";
import { House } from "../faults/harness/house.js";
import { Sshd } from "./sshd.js";

/** A gateway here, and Messages on a "Mac" behind a real sshd. */
export class RemoteHouse extends House {
  private constructor(readonly sshd: Sshd) {
    super({ watchPollMs: 200, bridge: true, sip: "disabled" });
    sshd.install(
      "imsg",
      `#!/bin/sh\nIMSG_SIM_HOME="${this.folder}" exec "${process.execPath}" "${simulatorPath}" "$@"\n`,
    );
  }

  static async open(): Promise<RemoteHouse> {
    return new RemoteHouse(await Sshd.start());
  }

  override configure(
    imessage: Record<string, unknown> = {},
    rest: Record<string, unknown> = {},
  ): Promise<this> {
    return super.configure({ cliPath: this.sshd.wrapper(), ...imessage }, rest);
  }

  override async close(): Promise<void> {
    await super.close();
    await this.sshd.close();
  }
}
