declare const __VERSION__: string;

/** This build's version, written in at build time so that printing it reads no file. */
export const version: string = __VERSION__;
