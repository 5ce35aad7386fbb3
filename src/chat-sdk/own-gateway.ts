// What a bot with its gateway in its own process loads, and no other.
export { createGateway } from "../library/index.js";
