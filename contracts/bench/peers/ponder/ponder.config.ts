import { createConfig } from "ponder";

import { flatLoadAbi } from "./abi";

// Listing one address several times multiplies what Ponder's own limiter allows against it.
const urls = Number(process.env.BENCH_URLS);

export default createConfig({
  database: { kind: "postgres", connectionString: process.env.BENCH_DATABASE },
  chains: {
    bench: {
      id: Number(process.env.BENCH_CHAIN_ID),
      rpc: Array.from({ length: urls }, () => process.env.BENCH_RPC_URL!),
    },
  },
  contracts: {
    FlatLoad: {
      chain: "bench",
      abi: flatLoadAbi,
      address: process.env.BENCH_CONTRACT as `0x${string}`,
      startBlock: Number(process.env.BENCH_FIRST_BLOCK),
      endBlock: Number(process.env.BENCH_LAST_BLOCK),
    },
  },
});
