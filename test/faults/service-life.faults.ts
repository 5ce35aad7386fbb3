import { expect, it } from "vitest";
import { ServiceHouse } from "../support/service-house.js";
import { Random } from "./harness/random.js";

/** Ends of the service one after the other, and how many messages arrive at least meanwhile. */
const ends = 40;
const messages = 2000;

it.each([false, true])(
  `is up again after ${ends} ends of every kind, through an app: %s, and answers each of ${messages} messages once`,
  async (throughApp) => {
    const house = await ServiceHouse.open({ throughApp, people: 20, waiting: 40, thinkMs: 200 });
    try {
      const random = new Random(throughApp ? 2 : 1);
      let node = 1;
      let tapback = 0;
      const kinds = [
        () => process.kill(house.pid, "SIGTERM"),
        () => process.kill(house.pid, "SIGKILL"),
        // Where there is an app it ends alone, and its gateway after it.
        () => process.kill(house.launchd.pid!, "SIGKILL"),
        async () => {
          await house.launchd.unload();
          house.launchd.load();
        },
        () => {
          house.updateNode(nodeVersion(node), nodeVersion(node + 1));
          node += 1;
          process.kill(house.pid, "SIGTERM");
        },
        () => {
          tapback += 1;
          house.updateTapback(`1.${tapback}.0`);
        },
      ];
      house.updateNode("24.9.0", nodeVersion(node));
      for (let end = 0; end < ends; end += 1) {
        await house.upAgainAfter(random.pick(kinds));
        expect(house.gateway).toMatchObject({ version: `1.${tapback}.0` });
      }
      await house.holds(() => house.written >= messages);
      expect(await house.problems()).toEqual([]);
    } finally {
      await house.close();
    }
  },
  1_200_000,
);

const nodeVersion = (number: number) => `26.${number}.0`;
