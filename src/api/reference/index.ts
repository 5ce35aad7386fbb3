export { apiPage } from "./page.js";
