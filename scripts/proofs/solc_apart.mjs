#!/usr/bin/env node
// The compiler as forge sees it in a copy of the contracts: implementations via the IR, optimized no further than the
// stack needs so that code stays with its source, and everything else, the tests, by the legacy generator. forge's
// coverage takes one answer of one compiler only, so both are joined here: both are given the same sources and number
// them alike.
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const COMPILER = join(dirname(fileURLToPath(import.meta.url)), "solc_plain.mjs");
const VIA_IR = {
  viaIR: true,
  optimizer: {
    enabled: false,
    details: {
      peephole: false,
      inliner: false,
      jumpdestRemover: false,
      orderLiterals: false,
      deduplicate: false,
      cse: false,
      constantOptimizer: false,
      yul: true,
      yulDetails: { stackAllocation: true, optimizerSteps: "u" },
    },
  },
};

function compile(input, settings, wanted) {
  const outputSelection = {};
  for (const [file, outputs] of Object.entries(input.settings.outputSelection)) {
    outputSelection[file] = wanted(file) ? outputs : { "": outputs[""] ?? [] };
  }
  const request = { ...input, settings: { ...input.settings, ...settings, outputSelection } };
  return new Promise((resolve, reject) => {
    const solc = spawn(process.execPath, [COMPILER, "--standard-json"], { stdio: ["pipe", "pipe", "inherit"] });
    const chunks = [];
    solc.stdout.on("data", (chunk) => chunks.push(chunk));
    solc.on("error", reject);
    solc.on("close", () => resolve(JSON.parse(Buffer.concat(chunks).toString("utf8"))));
    solc.stdin.end(JSON.stringify(request));
  });
}

const isOurs = (file) => file.startsWith("src/");

if (process.argv.includes("--version")) {
  spawn(process.execPath, [COMPILER, "--version"], { stdio: "inherit" });
} else {
  const input = JSON.parse(readFileSync(0, "utf8"));
  const [legacy, ir] = await Promise.all([
    compile(input, {}, (file) => !isOurs(file)),
    compile(input, VIA_IR, isOurs),
  ]);
  const contracts = { ...legacy.contracts };
  for (const [file, found] of Object.entries(ir.contracts ?? {})) if (isOurs(file)) contracts[file] = found;
  const errors = [...(legacy.errors ?? []), ...(ir.errors ?? [])];
  writeFileSync(1, JSON.stringify({ ...legacy, contracts, errors }));
}
