export { askGateway } from "./client.js";
export { isWritableByOthers, type Lock, lockState, readGatewayInfo } from "./lock.js";
export { refuseSecondGateway } from "./second-gateway.js";
export { serveControl } from "./server.js";
export { prepareSocketFolder, socketPath } from "./socket-path.js";
export * from "./table.js";
