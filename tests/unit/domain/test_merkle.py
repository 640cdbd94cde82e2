"""Merkle trees agree with RFC 6962, and only true proofs convince."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalsys.domain.merkle import (
    EMPTY_ROOT,
    consistency_proof,
    inclusion_proof,
    merkle_root,
    proves_consistency,
    proves_inclusion,
)

VECTORS = json.loads((Path(__file__).parents[2] / "data/rfc6962_merkle.json").read_text())
INPUTS = [bytes.fromhex(one) for one in VECTORS["inputs_hex"]]
LEAVES = st.lists(st.binary(max_size=3), min_size=1, max_size=40, unique=True)


def test_roots_are_those_of_the_reference_vectors() -> None:
    assert EMPTY_ROOT.hex() == merkle_root([]).hex() == VECTORS["root_of_empty_tree"]
    roots = [merkle_root(INPUTS[:n]).hex() for n in range(1, 9)]
    assert roots == VECTORS["roots_of_first_1_to_8"]


@pytest.mark.parametrize("proof", VECTORS["inclusion_proofs"])
def test_inclusion_proofs_are_those_of_the_reference_vectors(proof: dict[str, object]) -> None:
    index = proof["leaf_index"]
    assert isinstance(index, int)
    assert [step.hex() for step in inclusion_proof(INPUTS, index)] == proof["path"]


@given(LEAVES, st.data())
def test_a_leaf_is_proven_at_its_own_place_and_nowhere_else(
    leaves: list[bytes], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    other = data.draw(st.integers(-1, len(leaves)))
    path, root = inclusion_proof(leaves, index), merkle_root(leaves)
    assert proves_inclusion(leaves[index], index, len(leaves), path, root)
    assert not proves_inclusion(leaves[index] + b"x", index, len(leaves), path, root)
    assert not proves_inclusion(leaves[index], index, len(leaves), (*path, root), root)
    if other != index:
        assert not proves_inclusion(leaves[index], other, len(leaves), path, root)
    if path:
        assert not proves_inclusion(leaves[index], index, len(leaves), path[:-1], root)


@given(LEAVES, st.data())
def test_growth_is_proven_and_rewriting_is_not(leaves: list[bytes], data: st.DataObject) -> None:
    size = len(leaves)
    old = data.draw(st.integers(0, size))
    root, old_root = merkle_root(leaves), merkle_root(leaves[:old])
    proof = consistency_proof(leaves, old)
    assert proves_consistency(old, old_root, size, root, proof)
    rewritten = merkle_root([b"another", *leaves[1:]])
    if 0 < old < size:
        assert not proves_consistency(old, old_root, size, rewritten, proof)
        assert not proves_consistency(old, rewritten, size, root, proof)
        assert not proves_consistency(old, old_root, size, root, ())
        assert not proves_consistency(old, old_root, size, root, (*proof, root))
        assert not proves_consistency(size, root, old, old_root, proof)


def test_there_is_no_proof_for_a_leaf_or_a_size_that_does_not_exist() -> None:
    with pytest.raises(IndexError):
        inclusion_proof(INPUTS, 8)
    with pytest.raises(IndexError):
        consistency_proof(INPUTS, 9)
