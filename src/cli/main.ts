#!/usr/bin/env node
import { version } from "../platform/index.js";

console.log(version);
