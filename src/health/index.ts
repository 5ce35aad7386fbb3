export { testAlert } from "./alerts/alert.js";
export { AlertWatch, alertEveryMs } from "./alerts/alert-watch.js";
export { nameOf, sendAlert } from "./alerts/send-alert.js";
export { type AccountHealth, addressesLostMs } from "./alerts/trouble.js";
export type { Stage } from "./stage.js";
export { type StageFacts, stagesOf } from "./stages.js";
export { type AccountStatus, type GatewayStatus, nothingStored, type PrivateApiStatus } from "./status.js";
export { StoreWatch } from "./store-watch.js";
