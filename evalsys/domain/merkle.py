"""Merkle trees of RFC 6962: roots, and proofs that a stranger can check.

leaf = SHA-256(0x00 || data), node = SHA-256(0x01 || left || right), the empty tree is
SHA-256 of nothing. Hashes are 32 raw bytes; indices count from 0.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256

EMPTY_ROOT = sha256().digest()


def leaf_hash(data: bytes) -> bytes:
    """Hash one leaf."""
    return sha256(b"\x00" + data).digest()


def merkle_root(leaves: Iterable[bytes]) -> bytes:
    """Hash the whole tree over the leaves' data."""
    return _root([sha256(b"\x00" + data).digest() for data in leaves])


def inclusion_proof(leaves: Iterable[bytes], index: int) -> tuple[bytes, ...]:
    """Give the hashes that lead from leaf `index` to the root, lowest first.

    Raises IndexError when there is no such leaf.
    """
    return MerkleTree(leaves).path(index)


class MerkleTree:
    """A whole tree, kept for many proofs: each then costs as many look-ups as it has steps."""

    def __init__(self, leaves: Iterable[bytes]) -> None:
        """Hash the leaves' data and every level above them."""
        self._levels = [[leaf_hash(data) for data in leaves]]
        while len(self._levels[-1]) > 1:
            self._levels.append(_parents(self._levels[-1]))

    def path(self, index: int) -> tuple[bytes, ...]:
        """Give what `inclusion_proof` gives. Raises IndexError when there is no such leaf."""
        if not 0 <= index < len(self._levels[0]):
            raise IndexError(index)
        path: list[bytes] = []
        for level in self._levels[:-1]:
            sibling = index ^ 1
            if sibling < len(level):
                path.append(level[sibling])
            index >>= 1
        return tuple(path)


def proves_inclusion(
    data: bytes, index: int, size: int, path: Sequence[bytes], root: bytes
) -> bool:
    """Say whether `path` proves that `data` is leaf `index` of the tree of `size` with `root`."""
    if not 0 <= index < size:
        return False
    sides = _sides(index, size - 1)
    if len(path) != len(sides):
        return False
    hashed = leaf_hash(data)
    for sibling, is_left in zip(path, sides, strict=True):
        hashed = _node(sibling, hashed) if is_left else _node(hashed, sibling)
    return hashed == root


def consistency_proof(leaves: Iterable[bytes], old_size: int) -> tuple[bytes, ...]:
    """Prove that the tree of the first `old_size` leaves is a beginning of this tree.

    Empty for the empty beginning and for the whole tree. Raises IndexError when
    `old_size` is larger than the tree.
    """
    hashes = [leaf_hash(data) for data in leaves]
    if not 0 <= old_size <= len(hashes):
        raise IndexError(old_size)
    if old_size == 0:
        return ()
    return tuple(_subproof(hashes, old_size, known=True))


def proves_consistency(
    old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]
) -> bool:
    """Say whether the tree of `size` with `root` only added leaves to the old one."""
    if old_size in {0, size}:
        return not proof and old_root == (root if old_size else EMPTY_ROOT)
    if not 0 < old_size < size or not proof:
        return False
    index, last = old_size - 1, size - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    # A complete subtree is its own start: the old root is known, so the proof omits it.
    start, *path = list(proof) if index else [old_root, *proof]
    sides = _sides(index, last)
    if len(path) != len(sides):
        return False
    old = new = start
    for sibling, is_left in zip(path, sides, strict=True):
        if is_left:
            old = _node(sibling, old)
        new = _node(sibling, new) if is_left else _node(new, sibling)
    return old == old_root and new == root


def _sides(index: int, last: int) -> list[bool]:
    """Say for each step from node `index` to the root whether its sibling stands on the left.

    `last` is the index of the last node on the same level.
    """
    sides = []
    while last:
        is_left = bool(index & 1) or index == last
        if is_left:
            while not index & 1:  # promoted without a sibling
                index, last = index >> 1, last >> 1
        sides.append(is_left)
        index, last = index >> 1, last >> 1
    return sides


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def _parents(level: list[bytes]) -> list[bytes]:
    # An odd last node is promoted unchanged, which is RFC 6962's split at a power of two.
    nodes = iter(level)
    pairs = zip(nodes, nodes, strict=False)
    parents = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
    if len(level) & 1:
        parents.append(level[-1])
    return parents


def _root(level: list[bytes]) -> bytes:
    if not level:
        return EMPTY_ROOT
    while len(level) > 1:
        level = _parents(level)
    return level[0]


def _subproof(hashes: list[bytes], old_size: int, *, known: bool) -> list[bytes]:
    size = len(hashes)
    if old_size == size:
        return [] if known else [_root(hashes)]
    split = 1 << (size - 1).bit_length() - 1
    if old_size <= split:
        return [*_subproof(hashes[:split], old_size, known=known), _root(hashes[split:])]
    rest = _subproof(hashes[split:], old_size - split, known=False)
    return [*rest, _root(hashes[:split])]
