"""Makes `small-mixture.gguf`, the mixture-of-experts model of the tests, and says what it can do.

    nice python tests/data/moe/make.py FOLDER [FILE]

Needs torch, transformers, tokenizers, gguf and xllamacpp. FOLDER holds the checkpoint, from which a
run that was stopped goes on. Writes FILE, by default `small-mixture.gguf` beside this script.
"""

from __future__ import annotations

import json
import random
import sys
import urllib.request
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent.parent)]

import gguf  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402
from facts import Case, case  # noqa: E402
from tokenizers import Tokenizer  # noqa: E402
from train import END, EOT, SEED, STAGES, START, prompt, train, vocabulary  # noqa: E402
from transformers import Lfm2MoeForCausalLM  # noqa: E402

# The rules are left out: so small a model was never taught to follow any. A short system message is
# let through: with one llama.cpp tries whether a template takes any, and else puts the rules, too,
# in front of what the user says.
TEMPLATE = (
    "{%- for message in messages %}{%- if message.role != 'system' or message.content|length < 80 %}"
    "{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}"
    "{%- endif %}{%- endfor %}"
    "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}"
)
_SIGMOID = 2  # how llama.cpp numbers the router's function
CASES, WORDS = 25, 40  # asked at the end, and the most tokens of an answer


def cases(count: int = CASES) -> list[Case]:
    """Questions that training never saw, of the shapes of its last stage in turn."""
    chance = random.Random(SEED - 1)
    shapes = STAGES[-1].shapes
    return [case(chance, *shapes[number % len(shapes)]) for number in range(count)]


def write(model: Lfm2MoeForCausalLM, tokenizer: Tokenizer, path: Path) -> None:
    """Matrices in 8 bits; norms, the router and the convolution as they are."""
    config = model.config
    out = gguf.GGUFWriter(path, "lfm2moe")
    out.add_name("RagDesk small mixture, for tests")
    out.add_license("Apache-2.0")
    out.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)
    out.add_vocab_size(config.vocab_size)
    out.add_context_length(config.max_position_embeddings)
    out.add_embedding_length(config.hidden_size)
    out.add_block_count(config.num_hidden_layers)
    out.add_feed_forward_length(config.intermediate_size)
    out.add_head_count(config.num_attention_heads)
    attention = [kind == "full_attention" for kind in config.layer_types]
    out.add_head_count_kv([config.num_key_value_heads if one else 0 for one in attention])
    out.add_layer_norm_rms_eps(config.norm_eps)
    out.add_rope_freq_base(config.rope_parameters["rope_theta"])
    out.add_shortconv_l_cache(config.conv_L_cache)
    out.add_expert_count(config.num_experts)
    out.add_expert_used_count(config.num_experts_per_tok)
    out.add_expert_feed_forward_length(config.moe_intermediate_size)
    out.add_leading_dense_block_count(config.num_dense_layers)
    out.add_expert_gating_func(gguf.ExpertGatingFuncType(_SIGMOID))
    _add_vocabulary(out, tokenizer)
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.LFM2MOE, config.num_hidden_layers)
    for name, tensor in _tensors(model):
        written = names.get_name(name, try_suffixes=(".weight", ".bias"))
        if written is None:
            raise KeyError(name)
        _add_tensor(out, written, tensor)
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()


def _add_vocabulary(out: gguf.GGUFWriter, tokenizer: Tokenizer) -> None:
    kept = json.loads(tokenizer.to_str())["model"]
    tokens = sorted(kept["vocab"], key=kept["vocab"].__getitem__)
    special = {EOT, START, END}
    out.add_tokenizer_model("gpt2")
    out.add_tokenizer_pre("gpt-2")
    out.add_token_list(tokens)
    out.add_token_types(
        [gguf.TokenType.CONTROL if one in special else gguf.TokenType.NORMAL for one in tokens]
    )
    out.add_token_merges([" ".join(pair) for pair in kept["merges"]])
    out.add_bos_token_id(tokens.index(EOT))
    out.add_eos_token_id(tokens.index(END))
    out.add_pad_token_id(tokens.index(EOT))
    out.add_add_bos_token(False)
    out.add_chat_template(TEMPLATE)


def _tensors(model: Lfm2MoeForCausalLM) -> list[tuple[str, torch.Tensor]]:
    """Names and tensors as llama.cpp has them: experts' two upper matrices apart."""
    found = []
    for name, tensor in model.state_dict().items():
        if name.startswith("lm_head"):
            continue  # the same as the embedding
        if name.endswith("gate_up_proj"):
            gate, up = tensor.chunk(2, dim=1)
            base = name.removesuffix("gate_up_proj")
            found += [(f"{base}w1.weight", gate), (f"{base}w3.weight", up)]
        elif name.endswith("experts.down_proj"):
            found.append((name.replace("down_proj", "w2.weight"), tensor))
        elif name.endswith("expert_bias"):
            found.append((f"{name}.bias", tensor))
        else:
            found.append((name, tensor.squeeze(1) if "conv.conv" in name else tensor))
    # The map knows experts under the names of an older release, which had no "model." before them.
    return [(n.removeprefix("model.") if ".experts." in n else n, t) for n, t in found]


def _add_tensor(out: gguf.GGUFWriter, name: str, tensor: torch.Tensor) -> None:
    values = np.ascontiguousarray(tensor.float().numpy())
    plain = values.ndim == 1 or "ffn_gate_inp" in name or "shortconv.conv" in name
    if plain:
        out.add_tensor(name, values)
        return
    kind = gguf.GGMLQuantizationType.Q8_0
    out.add_tensor(name, gguf.quants.quantize(values, kind), raw_dtype=kind)


def greedy(model: Lfm2MoeForCausalLM, ids: list[int], end: int) -> list[int]:
    """The most likely tokens after `ids`, without `end`, by transformers."""
    given: list[int] = []
    with torch.no_grad():
        while len(given) < WORDS:
            token = int(model(input_ids=torch.tensor([ids + given])).logits[0, -1].argmax())
            if token == end:
                break
            given.append(token)
    return given


def served(path: Path, prompts: list[list[int]]) -> list[list[int]]:
    """The same by llama.cpp's server."""
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(path)
    parameters.n_ctx, parameters.n_parallel, parameters.warmup = 2048, 1, False
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 1
    parameters.hostnames, parameters.port, parameters.api_keys = ["127.0.0.1"], 0, ["key"]
    parameters.fit_params, parameters.verbosity = False, 1
    server = xllamacpp.Server(parameters)
    answers = []
    for ids in prompts:
        body = {"prompt": ids, "n_predict": WORDS, "temperature": 0, "return_tokens": True}
        request = urllib.request.Request(
            f"{server.listening_address}/completion",
            json.dumps(body).encode(),
            {"Content-Type": "application/json", "Authorization": "Bearer key"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            answers.append([token for token in json.load(answer)["tokens"] if token != 2])
    del server
    return answers


def figures(model: Lfm2MoeForCausalLM, tokenizer: Tokenizer, path: Path) -> dict[str, Any]:
    """What the model can do, by both engines; `cases` have answers and refusals among them."""
    asked = cases()
    prompts = [tokenizer.encode(prompt(one)).ids for one in asked]
    ours = [greedy(model, ids, tokenizer.token_to_id(END)) for ids in prompts]
    theirs = served(path, prompts)
    said = [tokenizer.decode(tokens) for tokens in theirs]
    return {
        "asked": len(asked),
        "right": sum(one.answer == text for one, text in zip(asked, said, strict=True)),
        "the same greedy tokens": sum(a == b for a, b in zip(ours, theirs, strict=True)),
        "bytes": path.stat().st_size,
        "parameters": sum(p.numel() for p in model.parameters()),
    }


def main(folder: str, out: str = str(HERE / "small-mixture.gguf")) -> None:
    torch.set_num_threads(1)
    model, tokenizer = train(Path(folder) / "small-mixture.pt"), vocabulary()
    write(model, tokenizer, Path(out))
    print(json.dumps(figures(model, tokenizer, Path(out))))


if __name__ == "__main__":
    main(*sys.argv[1:])
