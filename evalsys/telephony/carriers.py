"""How carriers that speak Twilio's wire format differ, and whether they are in the country.

What a carrier is, the installation says (`EVALSYS_CARRIER`); nothing is guessed from what a
carrier sends. Sids are opaque everywhere: Twilio's have 34 characters, others use UUIDs.
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from evalsys.ports import Capabilities
from evalsys.settings import Settings

HOME_COUNTRY = "CN"


@dataclass(frozen=True, slots=True)
class Carrier:
    """What is peculiar to a carrier."""

    signature_header: str
    can: Capabilities


CARRIERS: Mapping[str, Carrier] = {
    "twilio": Carrier("X-Twilio-Signature", Capabilities(conference=True, transcription=True)),
    "signalwire": Carrier(
        "X-SignalWire-Signature", Capabilities(conference=True, transcription=True)
    ),
    # No <Conference>, nobody transcribes.
    "somleng": Carrier("X-Twilio-Signature", Capabilities(conference=False, transcription=False)),
}


def carrier_of(settings: Settings) -> Carrier:
    """Return the carrier that an installation says it has."""
    return CARRIERS[settings.carrier]


def is_configured(settings: Settings) -> bool:
    """Say whether somebody chose a carrier: its address, or knowingly Twilio itself, abroad."""
    return bool(settings.telephony_url or settings.telephony_country)


def leaves_country(settings: Settings) -> str:
    """Return where personal data would go that leaves the country; empty when it stays.

    An address of this machine or of a private network is in the country, and so is what the
    installation states to be there (`EVALSYS_TELEPHONY_COUNTRY`). Names are not looked up.
    """
    if settings.telephony_country == HOME_COUNTRY:
        return ""
    if not is_configured(settings):
        return ""
    host = urlsplit(settings.telephony_url).hostname or "api.twilio.com"
    if settings.telephony_country:
        return f"{host} ({settings.telephony_country})"
    return "" if _is_near(host) else host


def _is_near(host: str) -> bool:
    if host == "localhost" or host.endswith((".localhost", ".internal")):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_private
