"""The pairing by `blst`, through `pyblst`: about two milliseconds a signature."""

from functools import cache

from pyblst import BlstP1Element, BlstP2Element, final_verify, miller_loop

from evalsys.domain.beacon import Chain

_G1 = (
    "97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac58"
    "6c55e83ff97a1aeffb3af00adb22c6bb"
)
_G2 = (
    "93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049"
    "334cf11213945d57e5ac7d055d042b7e024aa2b2f08f0a91260805272dc51051"
    "c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8"
)
"""The generators of both groups, compressed."""


def is_signed(chain: Chain, message: bytes, signature: bytes) -> bool:
    """Say whether the chain's key signed `message`; ValueError for what is no point.

    `uncompress` refuses points outside the subgroup of prime order.
    """
    tag = chain.scheme.domain_tag
    if chain.scheme.coordinates == 1:
        claimed = miller_loop(BlstP1Element().uncompress(signature), _g2(_G2))
        due = miller_loop(BlstP1Element().hash_to_group(message, tag), _g2(chain.public_key))
    else:
        claimed = miller_loop(_g1(_G1), BlstP2Element().uncompress(signature))
        due = miller_loop(_g1(chain.public_key), BlstP2Element().hash_to_group(message, tag))
    return bool(final_verify(claimed, due))


@cache
def _g1(point: str) -> BlstP1Element:
    return BlstP1Element().uncompress(bytes.fromhex(point))


@cache
def _g2(point: str) -> BlstP2Element:
    return BlstP2Element().uncompress(bytes.fromhex(point))
