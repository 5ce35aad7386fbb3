export { HttpListeners } from "./listeners.js";
export { problemOf } from "./problem.js";
export type { Answer, Site, SiteState } from "./site.js";
