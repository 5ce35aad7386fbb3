export { type Proof, type ProofPlace, proofOf } from "./agents.js";
export type { Finding } from "./check.js";
export { examine } from "./examine.js";
