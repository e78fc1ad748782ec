"""The language models of this computer: listed, fetched, tried out, recommended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from ..domain.catalogue import FITS, CatalogueModel, Computer
from ..domain.chat import ServedModel
from ..domain.entrance import Entrance
from ..domain.job import Job
from ..domain.protocols import ModelServer
from ..messages import ModelsListed
from ..services.entrance import in_words, layout, sit, verdict
from ..services.recommend import catalogue, recommend
from ..settings import BUILT_IN
from ..store.entrances import Entrances
from ..store.jobs import Jobs
from .runner import JobSteps
from .serving import Serving, split_name

NOT_EXAMINED = "not examined yet: trying it out takes about five minutes"
WORD_TOKENS = 4 / 3  # tokens of an English word


class Models:
    """What can be known and done about models, over the servers that have them.

    `look` is the check-up: what the computer has, given the servers that run.
    """

    def __init__(
        self,
        serving: Serving,
        entrances: Entrances,
        jobs: Jobs,
        look: Callable[[Sequence[ModelServer]], Computer],
        emit: Callable[[ModelsListed], None],
    ) -> None:
        self._serving = serving
        self._entrances = entrances
        self._jobs = jobs
        self._look = look
        self._emit = emit

    def tell(self) -> None:
        """Sends the list; a server may take its time to answer."""
        self._emit(self.listed())

    def listed(self) -> ModelsListed:
        """What is here, how it did in its exam, and what would suit this computer."""
        found = self._serving.listed()
        models = [ServedModel(**model) for model in found.models]
        results = [self._entrance(model) for model in models]
        running = [str(server["name"]) for server in found.servers if server["running"]]
        known = catalogue()
        computer = self._computer(running, known, models, results)
        here = {(model.server, model.name) for model in models}
        # The built-in model is ready once it was fetched, Ollama's can be fetched by it.
        ready = [name for name in running if name != BUILT_IN or (BUILT_IN, BUILT_IN) in here]
        advice = recommend(known, computer, ready)
        offers: list[dict[str, Any]] = [
            {
                "name": f"{offer.model.server}/{offer.model.name}",
                "title": offer.model.title,
                "words": offer.words,
                "bytes": offer.model.download_bytes,
                "fits": offer.fit == FITS,
                "ready": offer.model.server in running,
            }
            for offer in advice.offers
            if (offer.model.server, offer.model.name) not in here
        ]
        exams = tuple(map(_exam, results))
        return replace(found, exams=exams, recommended=advice.words, offers=tuple(offers))

    def exam(self) -> str:
        """How the chosen model did in its exam, as `Answer.exam` says it."""
        _, model = split_name(self._serving.chosen)
        result = self._entrances.get(model, self._serving.digest(), layout())
        return "none" if result is None else verdict(result)

    def fetch(self, job: Job, steps: JobSteps) -> None:
        """Handler of the queue: gets a model."""
        self._serving.pull(self._jobs.payload(job.id)["model"], steps)
        self.tell()

    def examine(self, job: Job, steps: JobSteps) -> None:
        """Handler of the queue: has a model sit its exam. A stopped one keeps no result."""
        name = self._jobs.payload(job.id)["model"]
        model = self._serving.chat(name)
        digest = self._serving.digest(name)
        result = sit(model, digest, stopped=steps.stopped, on_progress=steps.progress)
        if result.ended != "stopped":
            self._entrances.save(result)
        self.tell()

    def delete(self, name: str) -> None:
        """Takes a model off this computer, with what its exam showed. Raises `ModelMissing`."""
        self._serving.delete(name)
        self._entrances.remove(split_name(name)[1])

    def _entrance(self, model: ServedModel) -> Entrance | None:
        return self._entrances.get(model.name, self._serving.digest_of(model), layout())

    def _computer(
        self,
        running: Sequence[str],
        known: Sequence[CatalogueModel],
        models: Sequence[ServedModel],
        results: Sequence[Entrance | None],
    ) -> Computer:
        """What the computer has, and how fast one model of the catalogue was seen to write here."""
        computer = self._look([self._serving.server(name) for name in running])
        listed = {(one.server, one.name) for one in known}
        for model, result in zip(models, results, strict=True):
            if result is None or not result.words_a_second:
                continue
            if (model.server, model.name) in listed:
                rate = result.words_a_second * WORD_TOKENS
                return replace(computer, rate=rate, rated=model.name)
        return computer


def _exam(result: Entrance | None) -> dict[str, str]:
    if result is None:
        return {"verdict": "", "words": NOT_EXAMINED}
    return {"verdict": verdict(result), "words": in_words(result)}
