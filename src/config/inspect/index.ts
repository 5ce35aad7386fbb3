export { type EffectiveValue, effective } from "./effective.js";
export { type Gotten, getValue } from "./get.js";
export { isSecret, maskSecrets } from "./secrets.js";
