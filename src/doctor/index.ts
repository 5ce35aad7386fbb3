export { proveAlerts } from "./alerts.js";
export type { Finding } from "./check.js";
export { examine } from "./examine.js";
export { proveLive, type Recording } from "./live/prove-live.js";
export { proveService, type ServiceProof } from "./proof/prove-service.js";
export { runningGateway } from "./proof/service-up.js";
