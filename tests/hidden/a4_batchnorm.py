"""Hidden properties of a4: these never ship. A student learns the claim of one that fails, never its inputs."""

from functools import partial

from htilde import edge, hidden
from htilde.strategies import together
from shared.a4_batchnorm import (
    BACKWARD,
    EVAL,
    EVAL_BACKWARD,
    TRAIN,
    backward_in_evaluation,
    backward_in_training,
    evaluated,
    trained,
)


def a_large_batch(rng, examples=(3, 41), eps=None, spread=(0.3, 3.0), momentum=None, dtype="float64"):
    """A batch of up to forty, skewed, each unit with a mean and a spread of its own."""
    shape = (int(rng.integers(*examples)), int(rng.integers(1, 9)))
    units = shape[1]
    arrays = {
        "dy": rng.normal(size=shape),
        "x": rng.normal(0, 2, units) + rng.uniform(*spread, units) * rng.exponential(size=shape),
        "gamma": rng.normal(size=units),
        "beta": rng.normal(size=units),
        "running_mean": rng.normal(0, 2, units),
        "running_var": rng.uniform(0.1, 6, units),
    }
    numbers = {
        "momentum": float(rng.uniform(0.02, 0.35)) if momentum is None else float(rng.choice(momentum)),
        "eps": float(rng.uniform(0.05, 0.3)) if eps is None else eps,
    }
    return {name: array.astype(dtype) for name, array in arrays.items()} | numbers


flat = partial(a_large_batch, eps=1e-5, spread=(0.01, 0.5))
never_or_at_once = partial(a_large_batch, momentum=(0.0, 1.0))
single = partial(a_large_batch, dtype="float32")
nobody = partial(a_large_batch, examples=(0, 1))


# batchnorm_train


@hidden("batchnorm_train", **together(a_large_batch, *TRAIN))
def matches_torch_on_other_batches(x, gamma, beta, running_mean, running_var, momentum, eps):
    """y and both running statistics equal torch's on batches, of up to forty examples, that you haven't seen."""
    return trained(x, gamma, beta, running_mean, running_var, momentum, eps)


@hidden("batchnorm_train", **together(never_or_at_once, *TRAIN))
@edge
def keeps_or_replaces_the_statistics(x, gamma, beta, running_mean, running_var, momentum, eps):
    """A momentum of 0 leaves the running statistics as they were, one of 1 replaces them by those of the batch."""
    return trained(x, gamma, beta, running_mean, running_var, momentum, eps)


@hidden("batchnorm_train", **together(flat, *TRAIN))
@edge
def takes_the_usual_eps(x, gamma, beta, running_mean, running_var, momentum, eps):
    """With an eps of 1e-5, units that hardly vary come out as torch's do."""
    return trained(x, gamma, beta, running_mean, running_var, momentum, eps)


@hidden("batchnorm_train", **together(single, *TRAIN))
@edge
def keeps_single_precision(x, gamma, beta, running_mean, running_var, momentum, eps):
    """float32 arrays give the same result up to the precision of float32."""
    return trained(x, gamma, beta, running_mean, running_var, momentum, eps)


# batchnorm_eval


@hidden("batchnorm_eval", **together(a_large_batch, *EVAL))
def matches_torch_on_other_batches(x, gamma, beta, running_mean, running_var, eps):
    """y equals torch's on batches, of up to forty examples, that you haven't seen."""
    return evaluated(x, gamma, beta, running_mean, running_var, eps)


@hidden("batchnorm_eval", **together(nobody, *EVAL))
@edge
def answers_nobody(x, gamma, beta, running_mean, running_var, eps):
    """A batch of no examples gives an array of no rows."""
    return evaluated(x, gamma, beta, running_mean, running_var, eps)


# batchnorm_backward


@hidden("batchnorm_backward", **together(a_large_batch, *BACKWARD))
def matches_autograd_on_other_batches(dy, x, gamma, eps):
    """dx, dgamma and dbeta equal torch autograd's on batches, of up to forty examples, that you haven't seen."""
    return backward_in_training(dy, x, gamma, eps)


@hidden("batchnorm_backward", **together(flat, *BACKWARD))
@edge
def takes_the_usual_eps(dy, x, gamma, eps):
    """With an eps of 1e-5, units that hardly vary have the gradients of torch autograd."""
    return backward_in_training(dy, x, gamma, eps)


@hidden("batchnorm_backward", **together(single, *BACKWARD))
@edge
def keeps_single_precision(dy, x, gamma, eps):
    """float32 arrays give the same result up to the precision of float32."""
    return backward_in_training(dy, x, gamma, eps)


# batchnorm_eval_backward


@hidden("batchnorm_eval_backward", **together(a_large_batch, *EVAL_BACKWARD))
def matches_autograd_on_other_batches(dy, x, gamma, running_mean, running_var, eps):
    """dx, dgamma and dbeta equal torch autograd's on batches, of up to forty examples, that you haven't seen."""
    return backward_in_evaluation(dy, x, gamma, running_mean, running_var, eps)


@hidden("batchnorm_eval_backward", **together(nobody, *EVAL_BACKWARD))
@edge
def answers_nobody(dy, x, gamma, running_mean, running_var, eps):
    """A batch of no examples gives a dx of no rows, and zeros for gamma and beta."""
    return backward_in_evaluation(dy, x, gamma, running_mean, running_var, eps)
