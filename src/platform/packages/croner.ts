export { Cron } from "croner";
