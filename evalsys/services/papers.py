"""An uploaded file as a paper of a case: named, hashed, small enough."""

import hashlib
from dataclasses import dataclass
from typing import Final

from evalsys.domain.casebook import Paper
from evalsys.domain.written import LONGEST_NAME, one_line
from evalsys.errors import InvalidInput
from evalsys.ids import new_id

LARGEST_FILE: Final = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file as it came; the name is the sender's."""

    name: str
    content: bytes


def paper_of(file: Uploaded) -> Paper:
    """Name and hash a file; what it claims to be is not believed, it is only handed back.

    Raises:
        InvalidInput: it is empty or too large, or its name cannot be shown.
    """
    size = len(file.content)
    if not 0 < size <= LARGEST_FILE:
        raise InvalidInput(
            "文件是空的。" if not size else f"文件有 {size} 字节，过大。",
            remedy="请上传不超过 8 MB 的文件，更大的请登记存放处和哈希。",
            place=file.name[:LONGEST_NAME],
        )
    name = one_line(file.name, "文件名", longest=LONGEST_NAME) or "文件"
    digest = hashlib.sha256(file.content).hexdigest()
    return Paper(new_id(), name, "application/octet-stream", digest, size)
