"""Writes the embedded model as an ONNX graph: 8-bit encoder, 4-bit word table, mean pooling, unit length.

The weights of the encoder are held to 7 bits (±63): on a processor without VNNI the sum of two
products of 8-bit numbers is kept in 16 bits, and 2 × 255 × 63 is the most that fits.

All texts of a call have one length, so no mask is needed. Layer normalisation is written as the normalisation of
instances, one a token, which onnxruntime computes five times as fast; what it adds at the end (``shift``) is carried
on by the biases of what comes next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from indexes.weights import BLOCK, Floats, Weights

MICROSOFT = "com.microsoft"  # the domain of onnxruntime's own operators
LEVELS = 63


def build_graph(weights: Weights, kept: list[int]) -> onnx.ModelProto:
    """Return the model; input ``input_ids`` ``(b, s)`` int64, all of ``s`` tokens, output ``sentence_embedding``
    ``(b, hidden)`` float32 with rows of length 1.
    """
    return _Graph(weights).build(kept)


@dataclass(frozen=True, slots=True)
class _State:
    """What a normalisation gives: the tensor ``name``, to which ``shift`` has still to be added."""

    name: str
    shift: Floats


class _Graph:
    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def build(self, kept: list[int]) -> onnx.ModelProto:
        state = self._embed(kept)
        hidden = self.weights.hidden
        self._constant("thirds", np.array([hidden] * 3, np.int64))
        for layer in range(self.weights.layers):
            state = self._layer(f"l{layer}", state)
        self._pool(state)
        ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["b", "s"])
        out = helper.make_tensor_value_info("sentence_embedding", TensorProto.FLOAT, ["b", hidden])
        graph = helper.make_graph(self.nodes, "e5", [ids], [out], self.constants)
        imports = [helper.make_opsetid("", 18), helper.make_opsetid(MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=imports, ir_version=9)

    def _constant(self, name: str, value: np.ndarray[Any, Any]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def _add(self, kind: str, inputs: Sequence[str], output: str, domain: str = "", **fields: Any) -> str:
        self.nodes.append(helper.make_node(kind, list(inputs), [output], domain=domain, **fields))
        return output

    def _embed(self, kept: list[int]) -> _State:
        weights = self.weights
        scales, values = weights.blocks("emb.word", weights.rows, weights.hidden)
        values = values[kept]
        table = self._constant("word", (values[:, 0::2] | (values[:, 1::2] << 4)).astype(np.uint8))
        scale = self._constant("word_scale", scales[kept])
        block = {"gather_axis": 0, "quantize_axis": 1, "block_size": BLOCK, "bits": 4}
        self._add("GatherBlockQuantized", [table, "input_ids", scale], "words", MICROSOFT, **block)
        types = weights.floats("emb.type", 1, weights.hidden)  # the first of two; e5 uses no other
        places = weights.floats("emb.pos", weights.positions, weights.hidden) + types[0]
        self._constant("zero", np.array([0], np.int64))
        self._add("Shape", ["input_ids"], "length", start=1, end=2)
        for name, rows in (
            ("place", places),
            ("one_each", np.ones(weights.positions, np.float32)),
            ("zero_each", np.zeros(weights.positions, np.float32)),
        ):
            self._add("Slice", [self._constant(name + "s", rows), "zero", "length", "zero"], name)
        self._add("Add", ["words", "place"], "placed")
        return self._norm("placed", "emb.ln", "x")

    def _norm(self, summed: str, name: str, output: str) -> _State:
        """Normalise each token; ``InstanceNormalization`` takes tokens for channels, whose number is not fixed."""
        weights = self.weights
        each = [summed, "one_each", "zero_each"]
        self._add("InstanceNormalization", each, output + "_even", epsilon=weights.epsilon)
        weight = self._constant(name + ".w", weights.floats(name + ".w", weights.hidden))
        self._add("Mul", [output + "_even", weight], output)
        return _State(output, weights.floats(name + ".b", weights.hidden))

    def _linear(
        self,
        state: str,
        names: Sequence[str],
        rows: int,
        columns: int,
        output: str,
        before: Floats | None = None,
        after: Floats | None = None,
    ) -> str:
        """Add one quantised product; several ``names`` are stacked along the output.

        ``before`` is a vector that belongs to the input, ``after`` one that is to be added to the output.
        """
        weights = self.weights
        matrix = np.concatenate([weights.matrix(name + ".w", rows, columns) for name in names])
        bias = np.concatenate([weights.floats(name + ".b", rows) for name in names])
        scale = np.maximum(np.abs(matrix).max(axis=1), 1e-12) / LEVELS
        whole = np.clip(np.round(matrix / scale[:, None]), -LEVELS, LEVELS).astype(np.int8)
        if before is not None:
            bias = bias + (whole * scale[:, None]) @ before
        if after is not None:
            bias = bias + after
        inputs = [
            state,
            self._constant(output + "_q", whole.T),
            self._constant(output + "_s", scale.astype(np.float32)),
            self._constant(output + "_z", np.zeros(len(scale), np.int8)),
            self._constant(output + "_b", bias.astype(np.float32)),
        ]
        return self._add("DynamicQuantizeMatMul", inputs, output, MICROSOFT)

    def _layer(self, name: str, state: _State) -> _State:
        hidden, wide = self.weights.hidden, self.weights.wide
        joined = self._linear(
            state.name, [f"{name}.{part}" for part in "qkv"], hidden, hidden, name + "_qkv", state.shift
        )
        parts = [f"{name}_{part}" for part in "qkv"]
        self.nodes.append(helper.make_node("Split", [joined, "thirds"], parts, axis=-1))
        heads = {"num_heads": self.weights.heads}
        seen = self._add("MultiHeadAttention", parts, name + "_seen", MICROSOFT, **heads)
        seen = self._linear(seen, [name + ".ao"], hidden, hidden, name + "_ao", after=state.shift)
        self._add("Add", [seen, state.name], name + "_1_sum")
        state = self._norm(name + "_1_sum", name + ".aln", name + "_1")
        inner = self._linear(state.name, [name + ".fi"], wide, hidden, name + "_fi", state.shift)
        inner = self._add("Gelu", [inner], name + "_gelu", MICROSOFT)
        inner = self._linear(inner, [name + ".fo"], hidden, wide, name + "_fo", after=state.shift)
        self._add("Add", [inner, state.name], name + "_2_sum")
        return self._norm(name + "_2_sum", name + ".oln", name + "_2")

    def _pool(self, state: _State) -> None:
        self._constant("tokens", np.array([1], np.int64))
        self._add("ReduceMean", [state.name, "tokens"], "mean", keepdims=0)
        self._add("Add", ["mean", self._constant("last_shift", state.shift)], "pooled")
        self._add("LpNormalization", ["pooled"], "sentence_embedding", axis=-1, p=2)
