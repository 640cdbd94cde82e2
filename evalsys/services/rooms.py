"""All services of one installation, wired in `evalsys.app.build_rooms`."""

from dataclasses import dataclass

from evalsys.services.access import Access
from evalsys.services.audit import AuditTrail


@dataclass(frozen=True, slots=True)
class Rooms:
    """One service a room. Web and socket doors reach every use case through here."""

    access: Access
    audit: AuditTrail
