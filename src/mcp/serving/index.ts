export type { AgentSource } from "../serve.js";
export { serveAgent } from "../stdio.js";
