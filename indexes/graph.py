"""Writes the embedded model as an ONNX graph: 8-bit encoder, 4-bit word table, mean pooling, unit length.

The weights of the encoder are held to 7 bits (±63): on a processor without VNNI the sum of two
products of 8-bit numbers is kept in 16 bits, and 2 × 255 × 63 is the most that fits.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from indexes.weights import BLOCK, Weights

MICROSOFT = "com.microsoft"  # the domain of onnxruntime's own operators
LEVELS = 63


def build_graph(weights: Weights, kept: list[int]) -> onnx.ModelProto:
    """Return the model; inputs ``input_ids`` and ``attention_mask`` ``(b, s)`` int64, output
    ``sentence_embedding`` ``(b, hidden)`` float32 with rows of length 1.
    """
    return _Graph(weights).build(kept)


class _Graph:
    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def build(self, kept: list[int]) -> onnx.ModelProto:
        state = self._embed(kept)
        self._add("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)
        hidden = self.weights.hidden
        self._constant("thirds", np.array([hidden] * 3, np.int64))
        for layer in range(self.weights.layers):
            state = self._layer(f"l{layer}", state)
        self._pool(state)
        pair = [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["b", "s"])
            for name in ("input_ids", "attention_mask")
        ]
        out = [helper.make_tensor_value_info("sentence_embedding", TensorProto.FLOAT, ["b", hidden])]
        graph = helper.make_graph(self.nodes, "e5", pair, out, self.constants)
        imports = [helper.make_opsetid("", 18), helper.make_opsetid(MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=imports, ir_version=9)

    def _constant(self, name: str, value: np.ndarray[Any, Any]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def _add(self, kind: str, inputs: Sequence[str], output: str, domain: str = "", **fields: Any) -> str:
        self.nodes.append(helper.make_node(kind, list(inputs), [output], domain=domain, **fields))
        return output

    def _embed(self, kept: list[int]) -> str:
        weights = self.weights
        scales, values = weights.blocks("emb.word", weights.rows, weights.hidden)
        values = values[kept]
        table = self._constant("word", (values[:, 0::2] | (values[:, 1::2] << 4)).astype(np.uint8))
        scale = self._constant("word_scale", scales[kept])
        block = {"gather_axis": 0, "quantize_axis": 1, "block_size": BLOCK, "bits": 4}
        self._add("GatherBlockQuantized", [table, "input_ids", scale], "words", MICROSOFT, **block)
        types = weights.floats("emb.type", 1, weights.hidden)  # the first of two; e5 uses no other
        places = weights.floats("emb.pos", weights.positions, weights.hidden) + types[0]
        self._constant("places", places)
        self._constant("zero", np.array([0], np.int64))
        self._add("Shape", ["input_ids"], "length", start=1, end=2)
        self._add("Slice", ["places", "zero", "length", "zero"], "place")
        self._add("Add", ["words", "place"], "placed")
        scale_shift = self._norm("emb.ln")
        return self._add(
            "LayerNormalization", ["placed", *scale_shift], "x", axis=-1, epsilon=weights.epsilon
        )

    def _norm(self, name: str) -> list[str]:
        size = self.weights.hidden
        return [self._constant(name + part, self.weights.floats(name + part, size)) for part in (".w", ".b")]

    def _linear(self, state: str, names: Sequence[str], rows: int, columns: int, output: str) -> str:
        """Add one quantised product; several ``names`` are stacked along the output."""
        weights = self.weights
        matrix = np.concatenate([weights.matrix(name + ".w", rows, columns) for name in names])
        bias = np.concatenate([weights.floats(name + ".b", rows) for name in names])
        scale = np.maximum(np.abs(matrix).max(axis=1), 1e-12) / LEVELS
        whole = np.clip(np.round(matrix / scale[:, None]), -LEVELS, LEVELS).astype(np.int8)
        inputs = [
            state,
            self._constant(output + "_q", whole.T),
            self._constant(output + "_s", scale.astype(np.float32)),
            self._constant(output + "_z", np.zeros(len(scale), np.int8)),
            self._constant(output + "_b", bias),
        ]
        return self._add("DynamicQuantizeMatMul", inputs, output, MICROSOFT)

    def _layer(self, name: str, state: str) -> str:
        hidden, wide = self.weights.hidden, self.weights.wide
        joined = self._linear(state, [f"{name}.{part}" for part in "qkv"], hidden, hidden, name + "_qkv")
        parts = [f"{name}_{part}" for part in "qkv"]
        self.nodes.append(helper.make_node("Split", [joined, "thirds"], parts, axis=-1))
        heads = {"num_heads": self.weights.heads}
        seen = self._add("MultiHeadAttention", [*parts, "", "mask"], name + "_seen", MICROSOFT, **heads)
        seen = self._linear(seen, [name + ".ao"], hidden, hidden, name + "_ao")
        state = self._residual(seen, state, name + ".aln", name + "_1")
        inner = self._linear(state, [name + ".fi"], wide, hidden, name + "_fi")
        inner = self._add("Gelu", [inner], name + "_gelu", MICROSOFT)
        inner = self._linear(inner, [name + ".fo"], hidden, wide, name + "_fo")
        return self._residual(inner, state, name + ".oln", name + "_2")

    def _residual(self, change: str, state: str, norm: str, output: str) -> str:
        inputs = [change, state, *self._norm(norm)]
        fields = {"epsilon": self.weights.epsilon}
        return self._add("SkipLayerNormalization", inputs, output, MICROSOFT, **fields)

    def _pool(self, state: str) -> None:
        self._constant("last", np.array([-1], np.int64))
        self._constant("tokens", np.array([1], np.int64))
        self._add("Cast", ["attention_mask"], "weight", to=TensorProto.FLOAT)
        self._add("Unsqueeze", ["weight", "last"], "weights")
        self._add("Mul", [state, "weights"], "weighted")
        self._add("ReduceSum", ["weighted", "tokens"], "sum", keepdims=0)
        self._add("LpNormalization", ["sum"], "sentence_embedding", axis=-1, p=2)
