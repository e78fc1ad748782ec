"""The writer's lessons as tokens, and in which order they are learned.

Lessons that follow each other and begin alike (the same rules and passages, another question) are
read together, so that passages are paid for once.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..domain.chat import Message
from ..domain.training import WriterLesson
from .llama_chat import plain

if TYPE_CHECKING:
    from transformers import PreTrainedModel

    from .writer_lora import Written

LONGEST = 1_400  # tokens of what is read together; lessons longer than that are left out
TOKENS = 900  # of a step, about: less than half a minute on one core that others share
ALIKE = 0.7  # of a prompt's tokens: then the one before it is read together with it


def base_model(gguf: Path) -> tuple[PreTrainedModel, Any]:
    """The model in a GGUF file with its weights made float32, and its tokenizer."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    where: dict[str, Any] = {"gguf_file": gguf.name, "local_files_only": True}
    tokenizer = AutoTokenizer.from_pretrained(gguf.parent, **where)
    model = AutoModelForCausalLM.from_pretrained(gguf.parent, dtype=torch.float32, **where)
    return model, tokenizer


def prompt_tokens(tokenizer: Any, messages: Sequence[Message], marks: Sequence[str]) -> list[int]:
    """What a model is told, by its own template, up to where its answer begins.

    marks: the model's own, which must not be read as such in what is told.
    """
    text = tokenizer.apply_chat_template(
        plain(messages, marks), tokenize=False, add_generation_prompt=True
    )
    ids: list[int] = tokenizer(text, add_special_tokens=False).input_ids
    return ids


def written(tokenizer: Any, lesson: WriterLesson, marks: Sequence[str]) -> Written:
    """A lesson's tokens: what is told, and the answer with its end."""
    answer = f"{lesson.answer}{tokenizer.eos_token}"
    return (
        prompt_tokens(tokenizer, lesson.messages, marks),
        tokenizer(answer, add_special_tokens=False).input_ids,
    )


def sheets_of(lessons: Sequence[Written]) -> list[list[Written]]:
    """Lessons that are read together, in their order; those that are too long are left out."""
    from .writer_lora import shared

    found: list[list[Written]] = []
    for lesson in lessons:
        if length([lesson]) > LONGEST:
            continue
        last = found[-1] if found else None
        alike = last and shared([last[0][0], lesson[0]]) >= ALIKE * len(lesson[0])
        if last and alike and length([*last, lesson]) <= TOKENS:
            last.append(lesson)
        else:
            found.append([lesson])
    return found


def length(sheet: Sequence[Written]) -> int:
    """How many tokens are read for lessons that are read together."""
    from .writer_lora import shared

    stem = shared([prompt for prompt, _ in sheet])
    return stem + sum(len(prompt) + len(answer) - stem for prompt, answer in sheet)


def order(lengths: Sequence[int], rules: int, steps: int, seed: int) -> list[list[int]]:
    """The numbers of the sheets of each step, about `TOKENS` tokens in all.

    All are read before one is read again. lengths: of each sheet; rules: tokens that all begin with.
    """
    found: list[list[int]] = []
    around = 0
    while len(found) < steps:
        found += _round(lengths, rules, seed, around)
        around += 1
    return found[:steps]


def round_steps(lengths: Sequence[int], rules: int, seed: int) -> int:
    """In how many steps all sheets are read once."""
    return len(_round(lengths, rules, seed, 0))


def _round(lengths: Sequence[int], rules: int, seed: int, around: int) -> list[list[int]]:
    numbers = list(range(len(lengths)))
    random.Random(f"{seed}:{around}").shuffle(numbers)  # noqa: S311
    found: list[list[int]] = []
    count = TOKENS
    for number in numbers:
        more = lengths[number] - rules
        if count + more > TOKENS:
            found.append([])
            count = rules
        found[-1].append(number)
        count += more
    return found
