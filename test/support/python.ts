import { existsSync } from "node:fs";

/** Python of the system where there is one: what version managers put before it on the path takes half a second to start. */
export const python = existsSync("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
