export const flatLoadAbi = [
  {
    type: "event",
    name: "Recorded",
    anonymous: false,
    inputs: [
      { name: "id", type: "uint64", indexed: true },
      { name: "party", type: "address", indexed: true },
      { name: "evidence", type: "bytes32", indexed: true },
      { name: "amount", type: "uint64", indexed: false },
      { name: "seq", type: "uint64", indexed: false },
      { name: "due", type: "uint40", indexed: false },
      { name: "currency", type: "uint16", indexed: false },
    ],
  },
] as const;
