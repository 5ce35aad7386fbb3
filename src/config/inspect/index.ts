export { type EffectiveValue, effective } from "./effective.js";
export { type FormField, formOf } from "./form.js";
export { type Gotten, getValue } from "./get.js";
export { hideSecrets, showSecrets } from "./hidden.js";
export { isSecret, maskSecrets } from "./secrets.js";
