"""The reader as a torch module: the shipped search model's six layers with three small heads.

Texts of a batch lie one behind the other without padding; only attention sees them side by side.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

LAYERS, HEADS, WIDTH, INNER = 6, 12, 384, 1536
POSITIONS = 512
EPSILON = 1e-12
VERDICTS = ("span", "yes", "no")


class Layer(nn.Module):
    """One BERT layer over packed tokens."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value, self.mixed = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.norm1, self.norm2 = (nn.LayerNorm(WIDTH, EPSILON) for _ in range(2))
        self.wide, self.narrow = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)

    def forward(self, x: Tensor, slots: Tensor, shape: tuple[int, int], mask: Tensor) -> Tensor:
        """x: (tokens, WIDTH); slots: each token's place in the (texts, longest) rectangle."""

        def spread(values: Tensor) -> Tensor:
            room = values.new_zeros(shape[0] * shape[1], WIDTH).index_copy(0, slots, values)
            return room.view(*shape, HEADS, WIDTH // HEADS).transpose(1, 2)

        mixed = functional.scaled_dot_product_attention(
            spread(self.query(x)), spread(self.key(x)), spread(self.value(x)), attn_mask=mask
        )
        packed = mixed.transpose(1, 2).reshape(-1, WIDTH).index_select(0, slots)
        x = self.norm1(x + self.mixed(packed))
        return self.norm2(x + self.narrow(functional.gelu(self.wide(x))))


class ReaderModel(nn.Module):
    """Question and passage in; where the answer starts and ends, whether it is there, yes or no."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(30522, WIDTH)
        self.places, self.kinds = nn.Embedding(POSITIONS, WIDTH), nn.Embedding(2, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.ends = nn.Linear(WIDTH, 2)
        self.pooled = nn.Linear(WIDTH, WIDTH)
        self.verdict = nn.Linear(WIDTH, 1 + len(VERDICTS))  # there at all, then VERDICTS
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

    def load_bert(self, weights: Mapping[str, np.ndarray]) -> None:
        """Takes over the weights of a BERT under their published names."""
        state = self.state_dict()
        names = bert_names().items()
        state |= {mine: torch.from_numpy(weights[theirs].copy()) for mine, theirs in names}
        self.load_state_dict(state)


def bert_names() -> dict[str, str]:
    """The published name of each weight that a BERT has too, by its name here."""
    names = {"words": "word", "places": "position", "kinds": "token_type"}
    own = {
        f"{mine}.weight": f"embeddings.{theirs}_embeddings.weight" for mine, theirs in names.items()
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
        for n in range(LAYERS):
            for mine, theirs in parts.items():
                own[f"layers.{n}.{mine}.{end}"] = f"encoder.layer.{n}.{theirs}.{end}"
    return own
