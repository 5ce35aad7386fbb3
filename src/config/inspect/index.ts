export { type EffectiveValue, effective } from "./effective.js";
export { formOf } from "./form.js";
export { getValue } from "./get.js";
export { hideSecrets, showSecrets, strangeSigns } from "./hidden.js";
export { isSecret, maskSecrets } from "./secrets.js";
