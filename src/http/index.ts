export { HttpListeners } from "./listeners.js";
export { type Problem, problemOf } from "./problem.js";
export type { Answer, Site, SiteState } from "./site.js";
