import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * Gives each request the token that a program of others cannot be told of; all else goes through as it is, `Host` and `Origin` too.
 * @returns where it listens, and what closes it
 */
export async function withToken(url: string, token: string): Promise<{ url: string; close: () => void }> {
  const { hostname, port } = new URL(url);
  const server: Server = createServer((incoming, outgoing) => {
    const headers = { ...incoming.headers, authorization: `Bearer ${token}` };
    const { method, url: path } = incoming;
    const passed = request({ hostname, port, path, method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on("error", () => outgoing.destroy());
    outgoing.on("close", () => passed.destroy());
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
