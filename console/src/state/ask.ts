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
  return ask(search === "" ? path : `${path}?${search}`, { method: "GET" }, hints.read);
}

/** Asks the gateway about something that has to be sent along; nothing is done. @throws Refused */
export function query<Answer>(path: string, body: object): Promise<Answer> {
  return ask(path, posted(body), hints.read);
}

/**
 * Asks the gateway to do something.
 * @param key under which it is done once, however often it is asked for; absent: each time, which nobody knows of an answer that was lost
 * @throws Refused
 */
export function post<Answer>(path: string, body: object = {}, key?: string): Promise<Answer> {
  if (key === undefined) return ask(path, posted(body), hints.done);
  return ask(path, posted(body, { "Idempotency-Key": key }), hints.keyed);
}

/** @returns an error of {@link get} where that is asked again whenever something changed, a gateway that came back too */
export function askedAgain(refused: Refused): Refused {
  return refused.code === away ? new Refused(away, refused.message, hints.again) : refused;
}

const away = "GATEWAY_AWAY";
/** What to do where no answer came, by what was asked. */
const hints = {
  read: "Try again in a moment.",
  again: "It is asked again by itself.",
  done: "Look whether it was done before you do it again.",
  keyed: "Send it again: it goes out once.",
};

function posted(body: object, headers: Record<string, string> = {}): RequestInit {
  return {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  };
}

async function ask<Answer>(path: string, request: RequestInit, hint: string): Promise<Answer> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(`/console${path}`, { ...request, credentials: "same-origin" });
    text = await response.text();
  } catch {
    throw new Refused(away, "The gateway does not answer.", hint);
  }
  if (response.ok) return (response.status === 204 ? undefined : JSON.parse(text)) as Answer;
  if (response.status === 401) isIn.value = false;
  const problem = problemIn(text);
  throw new Refused(
    problem.code ?? "FAILED",
    problem.detail ?? `The gateway answered ${response.status}.`,
    problem.hint ?? "",
  );
}

/** What stands between may answer in words of its own. */
function problemIn(text: string): { code?: string; detail?: string; hint?: string } {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
