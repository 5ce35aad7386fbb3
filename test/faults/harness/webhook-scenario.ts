import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Webhook } from "standardwebhooks";
import { openStore } from "../../../src/store/index.js";
import { MortalGateway } from "./mortal-gateway.js";
import { Random } from "./random.js";
import { inHouse, type SideScenario } from "./side-scenarios.js";
import { isSettled, readState } from "./state.js";

const mia = "+15550100001";
const secret = `whsec_${"A".repeat(40)}`;
const types = ["message", "decision", "turn", "sent"];

/** A request as it came, taken or not. */
interface Delivery {
  id: string;
  body: string;
  event: { id: number; type: string };
}

/**
 * A webhook is told what happens. Wherever the gateway dies, it is told each event of the log, in its order; one whose delivery a death
 * cut off from its commit comes again, under the same id and with the same words (behaviour 20.2).
 */
export const webhookScenario: SideScenario = (point, seed) =>
  inHouse(async (house) => {
    const random = new Random(seed);
    const service = await receiver(random.chance(0.3) ? 1 : 0);
    try {
      await house.configure({}, { webhooks: [{ url: service.url, secret, events: types }] });
      const gateway = await MortalGateway.start(house, point);
      const texts = Array.from({ length: random.between(2, 4) }, (_, index) => `q${index} plain`);
      for (const text of texts) house.mac.say(mia, text);
      const isAnswered = () => house.textsTo(mia).length >= texts.length;
      await gateway.reached(() => isAnswered() && isSettled(readState(house.folder)));
      const logged = await loggedIn(join(house.stateDir, "state.db"));
      const told = () => new Set(service.taken.map(({ event }) => event.id));
      await gateway.reached(() => logged.every((id) => told().has(id)));
      await gateway.stop();
      return {
        crashes: gateway.crashes,
        problems: judge(service.taken, logged, gateway.crashes).map((each) => `${each}\n${house.log}`),
      };
    } finally {
      service.close();
    }
  });

function judge(taken: Delivery[], logged: number[], crashes: number): string[] {
  const first = taken.filter(
    ({ event }, index) => taken.findIndex((each) => each.event.id === event.id) === index,
  );
  const repeats = taken.filter((each) => !first.includes(each));
  const ids = first.map(({ event }) => event.id);
  const isOrdered = ids.every((id, index) => index === 0 || id > ids[index - 1]!);
  const isSame = ({ id, body, event }: Delivery) => {
    const before = first.find((each) => each.event.id === event.id)!;
    return before.id === id && before.body === body;
  };
  return [
    ...(isOrdered ? [] : [`told in another order: ${ids.join()}`]),
    ...logged.filter((id) => !ids.includes(id)).map((id) => `not told: ${id}`),
    ...(repeats.length <= crashes ? [] : [`${repeats.length} told again over ${crashes} deaths`]),
    ...repeats.filter((each) => !isSame(each)).map(({ id }) => `told again as another: ${id}`),
    ...(new Set(first.map(({ id }) => id)).size === first.length ? [] : ["two events under one id"]),
  ];
}

/** The ids of all events that the webhook is to be told. */
async function loggedIn(path: string): Promise<number[]> {
  const store = openStore(path);
  try {
    const { events } = await store.events.after(0, { limit: 10_000 });
    return events.filter(({ type }) => types.includes(type)).map(({ id }) => id);
  } finally {
    await store.close();
  }
}

/** Takes what the published library of Standard Webhooks verifies. @param refuses so many at first are not taken */
async function receiver(refuses: number): Promise<{ url: string; taken: Delivery[]; close: () => void }> {
  const taken: Delivery[] = [];
  let refused = 0;
  const verifier = new Webhook(secret);
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("error", () => {});
    request.on("end", () => {
      const body = Buffer.concat(parts).toString();
      if (refused++ < refuses) response.statusCode = 503;
      else {
        const event = verifier.verify(body, request.headers as Record<string, string>) as Delivery["event"];
        taken.push({ id: String(request.headers["webhook-id"]), body, event });
      }
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    taken,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
