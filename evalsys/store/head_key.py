"""The key that signs tree heads (Ed25519), and the check that anybody can make."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from evalsys.domain.tree_head import SignedTreeHead, TreeHead, key_id_of
from evalsys.ed25519 import is_signed


class HeadKey:
    """Signs the heads of this installation's sessions."""

    def __init__(self, seed: bytes) -> None:
        """Use an Ed25519 private key, 32 bytes (RFC 8032)."""
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public: bytes = self._key.public_key().public_bytes_raw()
        """The half that is published, 32 bytes."""
        self.key_id = key_id_of(self.public)

    def sign(self, head: TreeHead) -> SignedTreeHead:
        """Sign a head, which names this key."""
        return SignedTreeHead(head, self._key.sign(head.to_sign()).hex())


def is_signed_with(public: bytes, signed: bytes, signature: str) -> bool:
    """Say whether `signature` (128 hex) over `signed` is that of `public` (32 bytes)."""
    return is_signed(public.hex(), signed, signature)
