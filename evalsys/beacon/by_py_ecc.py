"""The pairing in Python alone, by `py_ecc`: slow, but runs wherever Python does."""

import sys
from hashlib import sha256
from typing import Any

from py_ecc.bls.g2_primitives import subgroup_check
from py_ecc.bls.hash_to_curve import hash_to_G1, hash_to_G2
from py_ecc.bls.point_compression import decompress_G1, decompress_G2
from py_ecc.bls.typing import G1Compressed, G1Uncompressed, G2Compressed, G2Uncompressed
from py_ecc.optimized_bls12_381 import FQ12, G1, G2, final_exponentiate, neg, pairing

from evalsys.domain.beacon import Chain

sys.setrecursionlimit(1000)
# py_ecc lifts Python's limit for the whole process as it is imported, and does not need to:
# a hundred thousand brackets from a stranger would then end the process.

_SHA256: Any = sha256
"""py_ecc annotates a hash object where it wants the function that makes one."""


def is_signed(chain: Chain, message: bytes, signature: bytes) -> bool:
    """Say whether the chain's key signed `message`; ValueError for what is no point."""
    key = bytes.fromhex(chain.public_key)
    tag = chain.scheme.domain_tag
    if chain.scheme.coordinates == 1:
        on_g1 = _g1(signature)
        return subgroup_check(on_g1) and _is_one(
            (G2, on_g1), (_g2(key), neg(hash_to_G1(message, tag, _SHA256)))
        )
    on_g2 = _g2(signature)
    return subgroup_check(on_g2) and _is_one(
        (on_g2, G1), (hash_to_G2(message, tag, _SHA256), neg(_g1(key)))
    )


def _is_one(*pairs: tuple[G2Uncompressed, G1Uncompressed]) -> bool:
    product = FQ12.one()
    for on_g2, on_g1 in pairs:
        product *= pairing(on_g2, on_g1, final_exponentiate=False)
    return bool(final_exponentiate(product) == FQ12.one())


def _g1(point: bytes) -> G1Uncompressed:
    return decompress_G1(G1Compressed(int.from_bytes(point, "big")))


def _g2(point: bytes) -> G2Uncompressed:
    first, second = int.from_bytes(point[:48], "big"), int.from_bytes(point[48:], "big")
    return decompress_G2(G2Compressed((first, second)))
