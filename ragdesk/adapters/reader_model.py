"""The reader as a torch module: a BERT (all-MiniLM-L6-v2) with three small heads.

Texts of a batch lie one behind the other without padding; only attention sees them side by side.
Loaded where a reader is trained or tuned alone: it stands on torch (extra `tuning`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional

if TYPE_CHECKING:
    from .rounding import Floats

EPSILON = 1e-12
VERDICTS = ("span", "yes", "no")


@dataclass(frozen=True)
class Size:
    """How large a reader is; unless told otherwise as the shipped one, in the shape it trains in."""

    words: int = 30522
    positions: int = 512
    layers: int = 6
    heads: int = 12
    width: int = 384
    inner: int = 1536


class Layer(nn.Module):  # type: ignore[misc]  # torch is not looked through
    """One BERT layer over packed tokens."""

    def __init__(self, size: Size) -> None:
        super().__init__()
        width = size.width
        self.heads = size.heads
        self.query, self.key, self.value, self.mixed = (nn.Linear(width, width) for _ in range(4))
        self.norm1, self.norm2 = (nn.LayerNorm(width, EPSILON) for _ in range(2))
        self.wide, self.narrow = nn.Linear(width, size.inner), nn.Linear(size.inner, width)

    def forward(self, x: Tensor, slots: Tensor, shape: tuple[int, int], mask: Tensor) -> Tensor:
        """x: (tokens, width); slots: each token's place in the (texts, longest) rectangle."""
        width = x.shape[1]

        def spread(values: Tensor) -> Tensor:
            room = values.new_zeros(shape[0] * shape[1], width).index_copy(0, slots, values)
            return room.view(*shape, self.heads, width // self.heads).transpose(1, 2)

        mixed = functional.scaled_dot_product_attention(
            spread(self.query(x)), spread(self.key(x)), spread(self.value(x)), attn_mask=mask
        )
        packed = mixed.transpose(1, 2).reshape(-1, width).index_select(0, slots)
        x = self.norm1(x + self.mixed(packed))
        return self.norm2(x + self.narrow(functional.gelu(self.wide(x))))


class ReaderModel(nn.Module):  # type: ignore[misc]
    """Question and passage in; where the answer starts and ends, whether it is there, yes or no."""

    def __init__(self, size: Size = Size()) -> None:
        super().__init__()
        width = size.width
        self.words = nn.Embedding(size.words, width)
        self.places, self.kinds = nn.Embedding(size.positions, width), nn.Embedding(2, width)
        self.norm = nn.LayerNorm(width, EPSILON)
        self.layers = nn.ModuleList(Layer(size) for _ in range(size.layers))
        self.ends = nn.Linear(width, 2)
        self.pooled = nn.Linear(width, width)
        self.verdict = nn.Linear(width, 1 + len(VERDICTS))  # there at all, then VERDICTS
        self.words.weight.requires_grad_(False)

    def forward(self, ids: Tensor, kinds: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """(tokens, 2) start and end scores, (texts, 4) verdict scores.

        ids, kinds (0 question, 1 passage): (tokens,) of all texts; lengths: (texts,).
        """
        longest = int(lengths.max())
        inside = torch.arange(longest)[None, :] < lengths[:, None]
        places = torch.arange(longest).expand_as(inside)[inside]
        slots = inside.flatten().nonzero().squeeze(1)
        x = self.norm(self.words(ids) + self.places(places) + self.kinds(kinds))
        for layer in self.layers:
            x = layer(x, slots, (len(lengths), longest), inside[:, None, None, :])
        first = torch.cat([lengths.new_zeros(1), lengths.cumsum(0)[:-1]])
        return self.ends(x), self.verdict(torch.tanh(self.pooled(x[first])))

    def load_bert(self, weights: Mapping[str, Floats]) -> None:
        """Takes over the weights of a BERT under their published names, heads left as they are."""
        self._take({mine: weights[theirs] for mine, theirs in self._bert_names().items()})

    def load_published(self, weights: Mapping[str, Floats]) -> None:
        """Takes over what `published` gave, all of it."""
        names = self._bert_names()
        self._take({mine: weights[names.get(mine, mine)] for mine in self.state_dict()})

    def published(self) -> dict[str, Floats]:
        """float32: what a BERT has under its published names, the heads under ours."""
        names = self._bert_names()
        return {names.get(name, name): value.numpy() for name, value in self.state_dict().items()}

    def _take(self, weights: Mapping[str, Floats]) -> None:
        taken = {name: torch.tensor(values) for name, values in weights.items()}
        self.load_state_dict(self.state_dict() | taken)

    def _bert_names(self) -> dict[str, str]:
        """The published name of each weight that a BERT has too, by its name here."""
        names = {"words": "word", "places": "position", "kinds": "token_type"}
        own = {
            f"{mine}.weight": f"embeddings.{theirs}_embeddings.weight"
            for mine, theirs in names.items()
        }
        parts = {
            "query": "attention.self.query",
            "key": "attention.self.key",
            "value": "attention.self.value",
            "mixed": "attention.output.dense",
            "norm1": "attention.output.LayerNorm",
            "wide": "intermediate.dense",
            "narrow": "output.dense",
            "norm2": "output.LayerNorm",
        }
        for end in ("weight", "bias"):
            own[f"norm.{end}"] = f"embeddings.LayerNorm.{end}"
            for n in range(len(self.layers)):
                for mine, theirs in parts.items():
                    own[f"layers.{n}.{mine}.{end}"] = f"encoder.layer.{n}.{theirs}.{end}"
        return own
