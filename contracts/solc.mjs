#!/usr/bin/env node
// The npm compiler (solc compiled to WebAssembly) behind the command line that forge and py-solc-x expect
// of a native solc. One script serves both, so both always produce the same bytecode.
import { createRequire } from "node:module";
import { readFileSync, writeSync } from "node:fs";

const require = createRequire(import.meta.url);

function writeAll(text) {
  // A pipe takes a part of a large output at a time, and a full one answers EAGAIN.
  const bytes = Buffer.from(text, "utf8");
  let offset = 0;
  while (offset < bytes.length) {
    try {
      offset += writeSync(1, bytes, offset);
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
    }
  }
}

function version() {
  // Read from the manifest: loading the compiler costs 200 ms and forge asks at every start.
  // py-solc-x takes the number only from a text that continues with "+commit.".
  const manifest = JSON.parse(readFileSync(require.resolve("solc/package.json"), "utf8"));
  writeAll(`solc, the solidity compiler commandline interface\nVersion: ${manifest.version}+commit.npm.Emscripten.clang\n`);
}

function standardJson() {
  const input = readFileSync(0, "utf8");
  const compiler = require("solc");
  writeAll(compiler.compile(input));
}

const options = process.argv.slice(2);
if (options.includes("--version")) {
  version();
} else if (options.includes("--standard-json")) {
  standardJson();
} else {
  process.stderr.write("usage: solc.mjs --version | --standard-json < input.json\n");
  process.exit(2);
}
