"""Keys behind one protocol: references (URIs) go in, signatures come out, keys stay where they are."""

from chain.signers.keystore import create_keystore, open_signer
from chain.signers.local import LocalSigner
from chain.signers.protocol import SignedTransaction, Signer
from chain.signers.signatures import SIGNATURE_BYTES, encode_signatures, recover_signer

__all__ = [
    "SIGNATURE_BYTES",
    "LocalSigner",
    "SignedTransaction",
    "Signer",
    "create_keystore",
    "encode_signatures",
    "open_signer",
    "recover_signer",
]
