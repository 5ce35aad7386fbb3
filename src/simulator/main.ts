#!/usr/bin/env node
console.log("0.9.0");
