"""Proofs that need no node: what a block contains, what an account holds, and who signed the block.

Everything starts at a header hash, or at a set of validators, that the reader trusts already.

    rlp           the encoding under every hash
    trie          roots of ordered tries, inclusion, and keys of the state with their absence
    receipts      receipts as a node tells them → as consensus hashes them; blooms
    transactions  the same for transactions, which receipts do not name
    headers       block headers of every fork → their hash
    qbft          headers of Besu's QBFT and IBFT 2.0: the hash without seals, and the validators who sealed
    accounts      eth_getProof against a state root
    block         one block with all its receipts, as the mirror checks it
    evidence      one log as an object that anybody can check alone; also `python -m chain.proof`
"""
