"""A reader that can be tuned: made as the shipped one is, of two narrow layers, and untrained."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from ragdesk.adapters.onnx_graph import Feed
from ragdesk.adapters.reader_graph import exact_graph, rounded_graph, write_folder
from ragdesk.adapters.reader_model import ReaderModel, Size

MAX_TOKENS, QUESTION_TOKENS = 192, 16
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
WIDTH, HEADS, LAYERS = 32, 2, 4


def small_tokenizer() -> Tokenizer:
    """Words are letters, so that it reads any text."""
    letters = [
        f"{before}{a}" for a in "abcdefghijklmnopqrstuvwxyz0123456789" for before in ("", "##")
    ]
    words = {word: n for n, word in enumerate((*SPECIAL, *letters, *".,:;!?()%\"'-"))}
    tokenizer = Tokenizer(models.WordPiece(words, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.add_special_tokens(list(SPECIAL))
    return tokenizer


def make_small_reader(folder: Path, *, exact: bool = False, seed: int = 5) -> Path:
    """Writes the three files, in 8 bits or exact; gives the folder."""
    tokenizer = small_tokenizer()
    count = tokenizer.get_vocab_size()
    size = Size(count, MAX_TOKENS, LAYERS, HEADS, WIDTH, 2 * WIDTH)
    chance = np.random.default_rng(seed)
    weights = {
        name: chance.normal(0, 0.15, value.shape).astype(np.float32)
        + np.float32("LayerNorm.weight" in name)
        for name, value in ReaderModel(size).published().items()
    }
    feeds: list[Feed] = [
        {
            "input_ids": chance.integers(0, count, (1, 40)).astype(np.int32),
            "token_kinds": (np.arange(40)[None] > 9).astype(np.int32),
        }
        for _ in range(20)
    ]
    if exact:
        graph = exact_graph(weights, MAX_TOKENS, HEADS)
    else:
        graph = rounded_graph(weights, feeds, MAX_TOKENS, HEADS)
    write_folder(
        folder,
        graph,
        tokenizer.to_str().encode(),
        name="small-reader-1",
        max_tokens=MAX_TOKENS,
        question_tokens=QUESTION_TOKENS,
    )
    return folder
