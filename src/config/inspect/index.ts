export { type EffectiveValue, effective } from "./effective.js";
export { type Gotten, getValue } from "./get.js";
export { isSecret, mask, maskSecrets } from "./secrets.js";
