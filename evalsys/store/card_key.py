"""The key that signs the panel's seat cards (Ed25519): doors know its public half, offline too."""

import base64

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from evalsys.domain.checkin import CardClaim
from evalsys.ed25519 import is_signed


class CardKey:
    """Signs the cards of this installation's sessions."""

    def __init__(self, seed: bytes) -> None:
        """Use an Ed25519 private key, 32 bytes (RFC 8032)."""
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self._key.public_key().public_bytes_raw().hex()
        """The half that doors get, 64 hex."""

    def sign(self, claim: CardClaim) -> str:
        """Return the signature of a card, base64url without padding: short in a QR code."""
        signature = self._key.sign(claim.to_sign())
        return base64.urlsafe_b64encode(signature).decode().rstrip("=")

    def is_genuine(self, claim: CardClaim, signature: str) -> bool:
        """Say whether this installation made the card."""
        try:
            raw = base64.b64decode(signature + "==", altchars=b"-_", validate=True)
        except ValueError:
            return False
        return is_signed(self.public, claim.to_sign(), raw.hex())
