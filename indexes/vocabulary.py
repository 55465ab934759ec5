"""The tokenizer of the embedded model: the part of its vocabulary that Chinese, English and Japanese use.

Leaving out the pieces of other scripts more than halves the table of word vectors. A character
without a piece becomes ``<unk>``, which has a vector of its own, so any text can be embedded.
"""

from __future__ import annotations

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

from indexes.weights import Weights

BLANK = "\u2581"  # how a SentencePiece vocabulary writes a space
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
SCRIPTS = (
    (0x0000, 0x00C0),  # ASCII, Latin-1 signs; letters with accents would bring in other languages
    (0x0370, 0x0400),  # Greek, for formulas
    (0x2000, 0x2C00),  # punctuation, units, arrows, operators, enclosed numbers, box drawing
    (0x2E80, 0xA000),  # radicals, kana, CJK symbols and ideographs
    (0xF900, 0xFB00),  # compatibility ideographs
    (0xFE30, 0xFE50),  # vertical forms
    (0xFF00, 0xFFF0),  # full-width forms
    (0x1F000, 0x110000),  # pictographs, ideographs of the higher planes
)


def kept_pieces(weights: Weights) -> list[int]:
    """Return the row numbers of the pieces to keep; the special ones keep their order."""

    def usable(piece: str) -> bool:
        return all(any(low <= ord(sign) < high for low, high in SCRIPTS) for sign in piece)

    return [i for i, piece in enumerate(weights.pieces) if piece in SPECIAL or usable(piece)]


def build_tokenizer(weights: Weights, kept: list[int]) -> Tokenizer:
    """Return a tokenizer that gives positions in ``kept`` as ids, at most ``weights.positions`` of them."""
    pieces = [(weights.pieces[i], weights.scores[i]) for i in kept]
    names = [piece for piece, _ in pieces]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=names.index("<unk>")))
    dropped = [sign for sign, to in weights.replacements.items() if not to]
    blanks = [sign for sign, to in weights.replacements.items() if to == " "]
    tokenizer.normalizer = normalizers.Sequence(  # type: ignore[assignment, unused-ignore]
        [
            normalizers.Replace(Regex(_any_of(dropped)), ""),
            normalizers.Replace(Regex(_any_of(blanks)), " "),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement=BLANK, prepend_scheme="always")  # type: ignore[assignment, unused-ignore]
    tokenizer.decoder = decoders.Metaspace(replacement=BLANK, prepend_scheme="always")  # type: ignore[assignment, unused-ignore]
    ends = [(name, names.index(name)) for name in ("<s>", "</s>")]
    tokenizer.post_processor = processors.TemplateProcessing(  # type: ignore[assignment, unused-ignore]
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=ends
    )
    tokenizer.add_special_tokens([name for name in SPECIAL if name in names])
    tokenizer.enable_truncation(weights.positions)
    tokenizer.no_padding()
    return tokenizer


def _any_of(signs: list[str]) -> str:
    return "[" + "".join(f"\\x{{{ord(sign):x}}}" for sign in signs) + "]"
