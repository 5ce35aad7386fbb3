/** Answers a request. */
export type Answer = (request: Request) => Response | Promise<Response>;

/** Something that is served over HTTP. Sites that name the same host and port share a listener. */
export interface Site {
  name: string;
  host: string;
  /** 0: any free one, the same for all sites of a host that say so. */
  port: number;
  /** The beginning of the paths that are its own, e.g. `/v1/`; the longest that fits holds. */
  prefix: string;
  /**
   * Loads what answers, once for each listener.
   * @param ends aborts when the site is served there no more, for which the listener need not close: answers that go on for long
   * end then, also those that begin later
   */
  load(ends: AbortSignal): Promise<Answer>;
}

/** How a site does. */
export interface SiteState {
  name: string;
  /** Where it is reached, without a path; null while it is not. */
  url: string | null;
  /** Why it is not reached. */
  error: { code: string; message: string; hint: string | null } | null;
}
