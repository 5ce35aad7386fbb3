import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { MortalGateway } from "./mortal-gateway.js";
import { Random } from "./random.js";
import { inHouse, type SideScenario } from "./side-scenarios.js";
import { isSettled, readState } from "./state.js";

const mia = "+15550100001";

/**
 * imsg may not read the database any more, and then it may again. Whatever dies, the begin is told past Messages and then the
 * end, each once or, where the death came between the telling and its note, twice (behaviour 18.5).
 */
export const alertScenario: SideScenario = (point, seed) =>
  inHouse(async (house) => {
    const random = new Random(seed);
    const service = await webhook(random.chance(0.3) ? 1 : 0);
    try {
      await house.configure({}, { alerts: [{ type: "webhook", url: service.url }] });
      const gateway = await MortalGateway.start(house, point, { TAPBACK_TEST_ALERT_MS: "50" });
      house.mac.say(mia, "q0 plain");
      await gateway.reached(() => house.textsTo(mia).length === 1);
      house.mac.misbehave({ kind: "permission-denied", times: 100_000 });
      for (const child of await gateway.children()) process.kill(child, "SIGKILL");
      const told = (state: string) => service.told.filter((each) => each === state).length;
      await gateway.reached(() => told("begun") > 0);
      house.mac.behave();
      await gateway.reached(() => told("over") > 0);
      house.mac.say(mia, "q1 plain");
      await gateway.reached(() => house.textsTo(mia).length === 2 && isSettled(readState(house.folder)));
      await gateway.stop();
      const most = 1 + gateway.crashes;
      const isRight =
        told("begun") <= most &&
        told("over") <= most &&
        service.told.lastIndexOf("begun") < service.told.indexOf("over");
      const problems = isRight ? [] : [`told ${service.told.join()}\n${house.log}`];
      return { crashes: gateway.crashes, problems };
    } finally {
      service.close();
    }
  });

/** A web service that writes down what it is told. @param refuses so many at first are not taken */
async function webhook(refuses: number): Promise<{ url: string; told: string[]; close: () => void }> {
  const told: string[] = [];
  let refused = 0;
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("error", () => {});
    request.on("end", () => {
      if (refused++ < refuses) response.statusCode = 503;
      else told.push(String(JSON.parse(Buffer.concat(parts).toString()).state));
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    told,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
