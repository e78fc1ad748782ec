"""The making of the built-in writer: its examples, its training step and its adapter file."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest

from ragdesk.services.prompt import NOT_THERE, RULES

gguf = pytest.importorskip("gguf")
torch = pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("sklearn")

from assets.models.writer import data, make, train  # noqa: E402
from ragdesk.adapters import writer_lora as lora  # noqa: E402
from ragdesk.adapters.writer_file import write_adapter  # noqa: E402

MARKER = re.compile(r"\[(\d)\]")
TEMPLATE = (
    "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content']"
    " + '<|im_end|>' + '\n'}}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
# peft 0.21 asks transformers 5.23 for something by a name that is going away.
OLD_NAME = "ignore:`is_gradient_checkpointing` is deprecated:FutureWarning"
WIDTH, BLOCKS, HEADS, KEY_HEADS, INNER = 64, 2, 4, 2, 96


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data of our own in the shape of the open data: fifty towns, each with its well."""
    folder = tmp_path_factory.mktemp("data")
    rows = []
    for number in range(50):
        town, depth = f"Town{number}", f"{number + 13} metres"
        text = (
            f"{town} lies on a hill above the river. The well of {town} is {depth} deep. "
            f"Its market is held on the green behind the church, and it is a busy one."
        )
        rows.append(
            {
                "id": f"w{number}",
                "title": town,
                "context": text,
                "question": f"how deep is the well of {town}",
                "answer": depth,
                "evidence": f"The well of {town} is {depth} deep.",
                "kind": "span",
                "lang": "en",
            }
        )
        rows.append(
            rows[-1]
            | {
                "id": f"y{number}",
                "question": f"does {town} lie above a river",
                "answer": "Yes",
                "evidence": f"{town} lies on a hill above the river.",
                "kind": "yesno",
            }
        )
        rows.append(
            rows[-1]
            | {
                "id": f"n{number}",
                "question": f"who is the mayor of {town}",
                "answer": None,
                "evidence": None,
                "kind": "unanswerable",
            }
        )
    for source in data.reader.SHARES:
        lines = rows if source == "nq_qed" else []
        with gzip.open(folder / f"{source}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(line) + "\n" for line in lines)
    return folder


@pytest.fixture(scope="module")
def sheets(folder: Path) -> list[data.Sheet]:
    lines, near = data.load(folder, 1)
    return [sheet for seed in range(8) for sheet in data.Sheets(lines, near, seed).round()]


def of_towns(sheets: list[data.Sheet]) -> list[data.Sheet]:
    return [sheet for sheet in sheets if sheet.passages[0][0].startswith("Town")]


def test_marks_name_the_passage_that_says_so(sheets: list[data.Sheet]) -> None:
    seen = 0
    for sheet in of_towns(sheets):
        for asked in sheet.asked:
            town = re.search(r"Town\d+", asked.question)
            assert town is not None
            numbers = [int(number) for number in MARKER.findall(asked.answer)]
            for number in numbers:
                assert sheet.passages[number - 1][0] == town.group()
            if "how deep" in asked.question and len(numbers) == 1:
                assert asked.answer.split(" [")[0] in sheet.passages[numbers[0] - 1][1]
                seen += 1
    assert seen > 50


def test_answers_keep_to_the_rules(sheets: list[data.Sheet]) -> None:
    answers = [asked.answer for sheet in sheets for asked in sheet.asked]
    for answer in answers:
        assert answer == NOT_THERE or re.search(r"\[[123]\]$", answer)
    yes = [answer for answer in answers if answer.startswith("Yes. Town")]
    assert yes
    assert all("above the river." in answer for answer in yes)
    refused = sum(answer == NOT_THERE for answer in answers) / len(answers)
    assert 0.1 < refused < 0.5


def test_passages_that_differ_are_both_told(sheets: list[data.Sheet]) -> None:
    differing = [
        (sheet, asked)
        for sheet in of_towns(sheets)
        for asked in sheet.asked
        if ", but " in asked.answer
    ]
    assert differing
    for sheet, asked in differing:
        one, other = (int(number) for number in MARKER.findall(asked.answer))
        assert one < other
        for value, number in zip(asked.answer.split(", but "), (one, other), strict=True):
            assert value.split(" [")[0] in sheet.passages[number - 1][1]


def test_what_is_refused_stands_in_no_passage(sheets: list[data.Sheet]) -> None:
    for sheet in of_towns(sheets):
        shown = " ".join(text for _, text in sheet.passages)
        for asked in sheet.asked:
            depth = re.search(
                r"how deep is the well of (Town\d+)$", asked.question.rstrip("?").lower()
            )
            if asked.answer == NOT_THERE and depth:
                assert f"well of {depth.group(1).capitalize()} is" not in shown


def test_business_papers_hold_what_is_asked_of_them() -> None:
    import random

    from assets.models.writer.business import papers

    for seed in range(200):
        for paper in papers(random.Random(seed), 2):
            for _, short, sentence in paper.asked:
                assert (sentence or short).rstrip(".").lower() in paper.text.lower()
            if paper.twin is not None:
                assert paper.twin.value in paper.text
                assert paper.twin.other in paper.twin.text


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of the llama family with random weights and a letter a token, as a GGUF file."""
    import numpy as np
    from transformers.convert_slow_tokenizer import bytes_to_unicode

    file = tmp_path_factory.mktemp("base") / "tiny.gguf"
    letters = list(bytes_to_unicode().values())
    letters.append(letters[0] + letters[1])  # llama.cpp wants at least one that is merged
    marks = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    writer = gguf.GGUFWriter(file, "llama")
    writer.add_context_length(4096)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(BLOCKS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KEY_HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_freq_base(10_000.0)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_vocab_size(len(marks) + len(letters))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(marks + letters)
    writer.add_token_types([3] * len(marks) + [1] * len(letters))
    writer.add_token_merges([f"{letters[0]} {letters[1]}"])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)
    random = np.random.default_rng(5)

    def add(name: str, *shape: int) -> None:
        scale = 1.0 if len(shape) == 1 else shape[-1] ** -0.5
        writer.add_tensor(name, (random.standard_normal(shape) * scale).astype(np.float32))

    add("token_embd.weight", len(marks) + len(letters), WIDTH)
    add("output_norm.weight", WIDTH)
    kept = WIDTH * KEY_HEADS // HEADS
    for number in range(BLOCKS):
        block = f"blk.{number}"
        add(f"{block}.attn_norm.weight", WIDTH)
        add(f"{block}.ffn_norm.weight", WIDTH)
        add(f"{block}.attn_q.weight", WIDTH, WIDTH)
        add(f"{block}.attn_k.weight", kept, WIDTH)
        add(f"{block}.attn_v.weight", kept, WIDTH)
        add(f"{block}.attn_output.weight", WIDTH, WIDTH)
        add(f"{block}.ffn_gate.weight", INNER, WIDTH)
        add(f"{block}.ffn_up.weight", INNER, WIDTH)
        add(f"{block}.ffn_down.weight", WIDTH, INNER)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return file


def changed(model: Any) -> dict[str, Any]:
    """An adapter that changes something."""
    trained = lora.add_adapter(model, 4, 8.0)
    for name, matrix in trained.items():
        if name.endswith("lora_B"):
            torch.nn.init.normal_(matrix, std=0.05, generator=torch.manual_seed(len(name)))
    return trained


@pytest.mark.filterwarnings(OLD_NAME)
def test_many_questions_read_at_once_equal_a_prompt_each(
    base: Path, sheets: list[data.Sheet]
) -> None:
    """The scores and the gradients, those of the plain way being peft's."""
    from peft import LoraConfig, get_peft_model

    model, tokenizer = train.base_model(base)
    writing = train.Writing(tokenizer)
    chosen = [sheet for sheet in sheets if len(sheet.passages) == 2][:2]
    written = [writing.written(sheet) for sheet in chosen]
    assert tokenizer.decode(written[0][0][0]).startswith(f"<|im_start|>system\n{RULES}<|im_end|>")
    trained = changed(model)
    tree = lora.pack(written, writing.rules)
    scores = lora.logits(model, tree)
    (scores * tree.weights[:, None]).square().sum().backward()

    plain_model, _ = train.base_model(base)
    given = LoraConfig(r=4, lora_alpha=8, target_modules=list(lora.NAMES), task_type="CAUSAL_LM")
    peft_model = get_peft_model(plain_model, given).eval()
    own = dict(peft_model.named_parameters())
    for name, matrix in trained.items():
        own[f"base_model.model.{name}.default.weight"].data.copy_(matrix.data)
    plain = []
    for prompt, answer in (one for sheet in written for one in sheet):
        told = peft_model(torch.tensor([prompt + answer])).logits[0]
        plain.append(told[len(prompt) - 1 : len(prompt) + len(answer) - 1])
    expected = torch.cat(plain)
    (expected * tree.weights[:, None]).square().sum().backward()
    assert torch.allclose(scores, expected, atol=1e-3)
    for name, matrix in trained.items():
        theirs = own[f"base_model.model.{name}.default.weight"].grad
        assert matrix.grad is not None
        assert torch.allclose(matrix.grad, theirs, rtol=1e-3, atol=1e-4 * float(theirs.abs().max()))


def test_training_that_was_stopped_goes_on_as_if_it_had_not_been(
    base: Path, sheets: list[data.Sheet], tmp_path: Path
) -> None:
    def run() -> train.Run:
        torch.manual_seed(3)
        model, tokenizer = train.base_model(base)
        writing = train.Writing(tokenizer)
        trees = list(writing.trees([s for s in sheets if len(s.passages) == 1][:40], 3000))
        trained = lora.add_adapter(model, 4, 8.0)
        stepper = torch.optim.AdamW(trained.values())
        return train.Run(model, trained, stepper, writing, trees[:6])

    first, second = run(), run()
    train.train(first, iter(first.held), tmp_path / "first.pt", 2, float("inf"))
    second.load(tmp_path / "first.pt")
    assert second.step == 2
    assert any(bool(m.any()) for name, m in second.trained.items() if name.endswith("lora_B"))
    for number in (2, 3):
        first.learn(first.held[number], 1e-3)
        second.learn(second.held[number], 1e-3)
    for name, matrix in first.trained.items():
        assert torch.equal(matrix, second.trained[name])


@pytest.mark.filterwarnings(OLD_NAME)
def test_llama_cpp_writes_what_transformers_and_peft_write(base: Path, tmp_path: Path) -> None:
    pytest.importorskip("xllamacpp")
    model, tokenizer = train.base_model(base)
    trained = changed(model)
    matrices = {name: matrix.detach().numpy() for name, matrix in trained.items()}
    adapter = tmp_path / "adapter.gguf"
    write_adapter(adapter, matrices, heads=HEADS, key_heads=KEY_HEADS, alpha=8.0)
    idle = {name: 0 * matrix for name, matrix in matrices.items()}
    nothing = tmp_path / "nothing.gguf"
    write_adapter(nothing, idle, heads=HEADS, key_heads=KEY_HEADS, alpha=8.0)
    writing = train.Writing(tokenizer)
    prompts = [writing.prompt(f"How deep is well {n}?", [("Wells", "Deep.")]) for n in range(3)]
    plain, _ = train.base_model(base)
    # transformers go on after the ends that llama.cpp knows by their names.
    ends = tokenizer.convert_tokens_to_ids(["<|endoftext|>", train.END])
    expected = [
        made[: next((at + 1 for at, token in enumerate(made) if token in ends), len(made))]
        for made in make.by_peft(plain, matrices, 8.0, prompts)
    ]
    assert make.by_llama(base, adapter, prompts) == expected
    assert make.by_llama(base, nothing, prompts) != expected
