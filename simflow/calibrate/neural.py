"""A neural posterior estimate (sbi), the cross-check of the regression.

It needs the extra ``simflow[calibration]``: sbi with PyTorch, of which the build for CPUs is
enough and far smaller. Nothing of it is loaded before it is asked for.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import redirect_stdout
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from simflow.calibrate.regression import Fit
from simflow.errors import UsageError

Floats = NDArray[np.float64]
_BATCH: Final = 500


class Neural:
    """A masked autoregressive flow from summaries to unknowns in z-space, trained once.

    Parameters
    ----------
    z : array, shape (runs, coordinates)
        Unknowns of the runs; standard normal under the prior.
    summaries : array, shape (runs, summaries)
        Summaries of the runs, the error of observation included.
    seed : int
        Seed of the training and of draws.

    Raises
    ------
    UsageError
        When sbi is not installed.
    """

    def __init__(self, z: Floats, summaries: Floats, seed: int) -> None:
        torch, inference = _libraries()
        torch.manual_seed(seed)
        torch.set_num_threads(1)  # the same sums in the same order on any machine
        self._torch, self._seed = torch, seed
        self._centre, self._spread = summaries.mean(axis=0), summaries.std(axis=0)
        self._spread[self._spread == 0] = 1.0
        width = z.shape[1]
        prior = torch.distributions.MultivariateNormal(torch.zeros(width), torch.eye(width))
        engine = inference.NPE(
            prior=prior, density_estimator="maf", show_progress_bars=False, tracker=_Silent()
        )
        engine.append_simulations(self._tensor(z), self._tensor(self._scaled(summaries)))
        with redirect_stdout(io.StringIO()):  # it reports to stdout, which is for results
            engine.train(training_batch_size=min(_BATCH, len(z) // 4))
        self._posterior = engine.build_posterior()

    def draw(self, observed: Floats, draws: int, seed: int | None = None) -> Fit:
        """Draws of the posterior given observed summaries."""
        self._torch.manual_seed(self._seed if seed is None else seed)
        found = self._posterior.sample(
            (draws,), x=self._tensor(self._scaled(observed)), show_progress_bars=False
        )
        return Fit(np.asarray(found.numpy(), float), float(draws))

    def _scaled(self, summaries: Floats) -> Floats:
        return np.asarray((summaries - self._centre) / self._spread, float)

    def _tensor(self, values: Floats) -> Any:
        return self._torch.as_tensor(np.asarray(values), dtype=self._torch.float32)


class _Silent:
    """A tracker that keeps nothing: sbi's own leaves a folder wherever simflow is started."""

    log_dir = None

    def flush(self, *_: object, **__: object) -> None:
        """Keep nothing."""

    log_metric = log_metrics = log_params = add_figure = flush


def _libraries() -> Sequence[Any]:
    try:
        import torch
        from sbi import inference
    except ImportError as error:
        raise UsageError(
            f"--method npe needs sbi and PyTorch ({error.name} is missing); install "
            "simflow[calibration], with the build of torch for CPUs where there is no GPU (see "
            "README), or leave --method out"
        ) from None
    return torch, inference
