import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { FakeClock } from "../../../test/support/fake-clock.js";
import { sendAlert } from "./send-alert.js";

const means = { clock: new FakeClock(), env: {}, home: "/" };
const send = (url: string) =>
  sendAlert({} as never, { type: "webhook", url }, means, new AbortController().signal);

it("gives a web service the name and password of its address, and says without them why it was not told", async () => {
  const asked: (string | undefined)[] = [];
  let status = 200;
  const server = createServer((request, response) => {
    asked.push(request.headers.authorization);
    response.writeHead(status, { location: "/elsewhere" }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect(await send(`http://ann:s3cret@${host}/`)).toMatchObject({ ok: true });
  expect(await send(`http://${host}/`)).toMatchObject({ ok: true });
  expect(asked).toEqual([`Basic ${Buffer.from("ann:s3cret").toString("base64")}`, undefined]);
  status = 302;
  const why = async (url: string) => {
    const told = await send(url);
    return told.ok ? "" : `${told.error.message} ${told.error.cause}`;
  };
  expect(await why(`http://ann:s3cret@${host}/`)).toBe(`${host}: it answered 302 Error: it answered 302`);
  expect(asked).toHaveLength(3);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  expect(await why(`http://ann:s3cret@${host}/`)).toMatch(/^127[.\d:]+ [A-Z_]+ Error: [A-Z_]+$/);
});
