import { expect, it } from "vitest";
import { parseConfig } from "./index.js";
import { lanEndpoints } from "./lan-endpoints.js";

/** The places in the local network of a configuration with these addresses of models. */
async function endpoints(...urls: string[]): Promise<string[]> {
  const providers = Object.fromEntries(urls.map((baseUrl, index) => [`p${index}`, { baseUrl }]));
  const list = [{ id: "web", runtime: { type: "http", url: "http://nas.local/hook", secret: "s" } }];
  const parsed = await parseConfig(JSON.stringify({ models: { providers }, agents: { list } }));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return lanEndpoints(parsed.value.config).map(({ host, port }) => `${host} ${port}`);
}

it("finds models and web services in the local network, each once", async () => {
  expect(
    await endpoints(
      "http://192.168.1.20:8000/v1",
      "http://192.168.1.20:8000/other",
      "https://172.20.0.2/v1",
      "http://[fd00::1]:1234/v1",
      "http://nas:11434/v1",
    ),
  ).toEqual(["192.168.1.20 8000", "172.20.0.2 443", "fd00::1 1234", "nas 11434", "nas.local 80"]);
});

it("leaves out this machine and what is elsewhere", async () => {
  const elsewhere = [
    "http://127.0.0.1:1/v1",
    "http://[::1]:1/v1",
    "http://localhost:1/v1",
    "https://172.32.0.1/v1",
  ];
  expect(await endpoints(...elsewhere, "https://api.example.com/v1")).toEqual(["nas.local 80"]);
});
