import { signal } from "@preact/signals";

/** Whether this browser is let in; false once an answer said that it is not. */
export const isIn = signal(true);

/** Something that the gateway refused, or that kept it from answering. */
export class Refused extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly hint: string,
  ) {
    super(message);
  }
}

/** Asks the gateway for something. @param path e.g. `/v1/health` @throws Refused */
export function get<Answer>(path: string, query: Record<string, string | undefined> = {}): Promise<Answer> {
  const given = Object.entries(query).filter((pair): pair is [string, string] => Boolean(pair[1]));
  const search = new URLSearchParams(given).toString();
  return ask(search === "" ? path : `${path}?${search}`, { method: "GET" });
}

/** Asks the gateway to do something. @throws Refused */
export function post<Answer>(path: string, body: object = {}): Promise<Answer> {
  const headers = { "Content-Type": "application/json" };
  return ask(path, { method: "POST", headers, body: JSON.stringify(body) });
}

async function ask<Answer>(path: string, request: RequestInit): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(`/console${path}`, { ...request, credentials: "same-origin" });
  } catch {
    throw new Refused("GATEWAY_AWAY", "The gateway does not answer.", "It is asked again by itself.");
  }
  if (response.ok) return (response.status === 204 ? undefined : await response.json()) as Answer;
  if (response.status === 401) isIn.value = false;
  const problem = await response.json().catch(() => ({}));
  throw new Refused(
    problem.code ?? "FAILED",
    problem.detail ?? `The gateway answered ${response.status}.`,
    problem.hint ?? "",
  );
}
