"""What can be asked about households on stage, as a frozen roster commits to it (Y24)."""

import secrets
from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from evalsys.domain.roster import CadreToFreeze
from evalsys.store.draws import SALT_BYTES, FrozenQuiz

Askable = Callable[[Session], Mapping[str, tuple[str, ...]]]
"""Names the fields that can be asked on stage, by household that agreed; see `household_form`."""


def quiz_of_households(
    cadre: CadreToFreeze, could_ask: Mapping[str, tuple[str, ...]]
) -> FrozenQuiz:
    """Number the households that agreed, in an order of their own, under fresh salts."""
    agreed = [household for household, _ in cadre.households if household in could_ask]
    ordered = sorted((secrets.token_bytes(SALT_BYTES), household) for household in agreed)
    return FrozenQuiz(
        cadre.number,
        secrets.token_bytes(SALT_BYTES),
        tuple(household for _, household in ordered),
        tuple(salt for salt, _ in ordered),
        tuple(could_ask[household] for _, household in ordered),
    )
