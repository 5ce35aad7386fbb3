import * as z from "zod";
import { type AnyRoute, accountQuery, route, unknown } from "../../api/serving/index.js";
import { defaultAccountId, resolveAccount } from "../../config/index.js";
import type { ConsoleDeps } from "../deps.js";
import { Simulated } from "../simulated.js";

const handle = z.string().min(1).max(200).regex(/^[^-]/).describe("A phone number or an e-mail address.");
const name = z.string().max(100);
const wrote = z.object({ id: z.int(), guid: z.string(), chat_id: z.int() });

/** A phone in the browser: writing as any person, where the account is the simulator (behaviour 19.1). */
export function phoneRoutes(deps: ConsoleDeps): AnyRoute[] {
  const simulated = new Simulated(deps);
  const accountOf = (id: string | undefined) => {
    const config = deps.api.config();
    const account = resolveAccount(config, id ?? defaultAccountId(config));
    if (!account) throw unknown();
    return account;
  };
  return [
    route({
      id: "getPhone",
      method: "get",
      path: "/v1/phone",
      scope: "admin",
      summary: "Tell whether one can write as other people: where the account is the simulator.",
      parameters: { query: z.strictObject(accountQuery) },
      result: z.object({ account: z.string(), simulated: z.boolean() }),
      async handle({ query }) {
        const account = accountOf(query.account);
        return { account: account.id, simulated: await simulated.is(account) };
      },
    }),
    route({
      id: "sayOnPhone",
      method: "post",
      path: "/v1/phone/say",
      scope: "admin",
      summary: "Write to the account as another person.",
      parameters: { query: z.strictObject(accountQuery) },
      body: z.strictObject({
        from: handle,
        name: name.optional(),
        text: z.string().min(1).max(20_000),
        chat: z.int().min(1).optional().describe("The number of a group; the direct chat when absent."),
      }),
      result: wrote,
      async handle({ query, body: { from, name: called, text, chat } }) {
        const words = ["say", `--from=${from}`, `--text=${text}`];
        if (called) words.push(`--name=${called}`);
        if (chat !== undefined) words.push(`--chat=${chat}`);
        return wrote.parse(await simulated.run(accountOf(query.account), words));
      },
    }),
    route({
      id: "makeGroupOnPhone",
      method: "post",
      path: "/v1/phone/group",
      scope: "admin",
      summary: "Make a group with the account in it.",
      parameters: { query: z.strictObject(accountQuery) },
      body: z.strictObject({ name: name.min(1), members: z.array(handle).min(1).max(20) }),
      result: z.object({ chat_id: z.int() }),
      async handle({ query, body: { name: called, members } }) {
        const words = ["group", "create", `--name=${called}`, `--members=${members.join(",")}`];
        const made = await simulated.run(accountOf(query.account), words);
        return z.object({ chat_id: z.int() }).parse(made);
      },
    }),
  ];
}
