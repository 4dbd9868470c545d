"""SmoothGrad: the gradient averaged over noisy copies of the picture."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from visualizer.runtime.attribution.gradient import gradients, strongest_channel, together
from visualizer.runtime.attribution.method import Attribution, Partial, Question

COPIES = 24
NOISE = 0.15  # standard deviation, as a share of the input's range; the paper: 10 to 20 %
SEED = 0


def smoothgrad(question: Question) -> Iterator[Partial]:
    """Average the gradient over copies with Gaussian noise, then as saliency: (H, W), >= 0.

    The noise comes from one seed: a picture always gets the same map.

    Source: Smilkov et al., arXiv:1706.03825, section 3.1.
    """
    picture = question.batch
    rng = np.random.default_rng(SEED)
    deviation = NOISE * float(picture.max() - picture.min())
    total = np.zeros(picture.shape)
    size = together(question, most=4)
    for start in range(0, COPIES, size):
        count = min(size, COPIES - start)
        noise = rng.standard_normal((count, *picture.shape[1:]), dtype=np.float32)
        _, gradient = gradients(question, picture + np.float32(deviation) * noise)
        total += gradient.sum(axis=0, dtype=np.float64)
        done = start + count
        yield Partial(done, COPIES, strongest_channel((total / done).astype(np.float32)))


METHOD = Attribution(
    id="smoothgrad",
    title="SmoothGrad",
    run=smoothgrad,
    sentence=(
        "The gradient averaged over 24 copies of the picture with random noise: what flickers "
        "from copy to copy cancels."
    ),
    formula="M(i,j) = max over c of |mean over n of ∂y(x + noise(n)) / ∂x(c,i,j)|",
    paper="Smilkov et al., arXiv:1706.03825, section 3.1",
    long=True,
)
