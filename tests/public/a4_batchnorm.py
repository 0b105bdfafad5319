"""Public properties of a4: students may read these, and their examples ship with the assignment."""

from functools import partial

import numpy as np
from htilde import edge, example, parts, public
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

parts("batchnorm_train", "y", "running_mean", "running_var")
parts("batchnorm_backward", "dx", "dgamma", "dbeta")
parts("batchnorm_eval_backward", "dx", "dgamma", "dbeta")


def a_batch(rng, examples=(3, 7), eps=(0.1, 0.2), mean=0.0):
    """A batch in readable numbers, with everything that goes with it; all units differ in all respects."""
    shape = (int(rng.integers(*examples)), int(rng.integers(1, 5)))
    units = shape[1]
    spread = rng.uniform(0.5, 2.0, units)
    sign = rng.choice([-1.0, 1.0], units)
    return {
        "dy": rng.uniform(-2, 2, shape).round(2),
        "x": (mean + rng.uniform(-2, 2, units) + spread * rng.uniform(-1.7, 1.7, shape)).round(2),
        "gamma": (sign * rng.uniform(0.4, 2.5, units)).round(2),
        "beta": rng.uniform(-2, 2, units).round(2),
        "running_mean": (mean + rng.uniform(-3, 3, units)).round(2),
        "running_var": rng.uniform(0.2, 5, units).round(2),
        "momentum": float(rng.choice([0.05, 0.1, 0.2, 0.3, 0.7, 0.8, 0.95])),
        "eps": float(np.round(rng.uniform(*eps), 3)) if isinstance(eps, tuple) else eps,
    }


def one_of_few(make, few=5):
    """The same, but only a few different ones: enough for an edge."""
    return lambda rng: make(np.random.default_rng(int(rng.integers(few))))


pairs = one_of_few(partial(a_batch, examples=(2, 3)))
pairs_of_usual_eps = one_of_few(partial(a_batch, examples=(2, 3), eps=1e-5))
usual = one_of_few(partial(a_batch, eps=1e-5))
far = one_of_few(partial(a_batch, mean=1e3))
single = one_of_few(partial(a_batch, examples=(1, 2)))


@one_of_few
def constant(rng):
    """A batch in which the first unit is the same for each example."""
    case = a_batch(rng, eps=1e-5)
    case["x"][:, 0] = case["x"][0, 0]
    return case


# Three examples of one unit, to be computed by hand: mean 2, variance 2 (unbiased 3), and 2 + eps is 1.5 squared.
X = np.array([[1.0], [1.0], [4.0]])
DY = np.array([[1.0], [0.0], [-1.0]])
GAMMA, BETA = np.array([3.0]), np.array([1.0])


# batchnorm_train


@public("batchnorm_train", **together(a_batch, *TRAIN))
@example(
    x=X, gamma=GAMMA, beta=BETA, running_mean=np.array([1.0]), running_var=np.array([5.0]), momentum=0.25, eps=0.25
)
def matches_torch(x, gamma, beta, running_mean, running_var, momentum, eps):
    """In training mode y and both running statistics equal those of torch's batch_norm."""
    return trained(x, gamma, beta, running_mean, running_var, momentum, eps)


@public("batchnorm_train", **together(pairs, *TRAIN))
@edge
def knows_both_variances_of_two_examples(x, gamma, beta, running_mean, running_var, momentum, eps):
    """In a batch of two the unbiased variance is twice the biased one: y takes the one, running_var the other."""
    return trained(x, gamma, beta, running_mean, running_var, momentum, eps)


@public("batchnorm_train", **together(constant, *TRAIN))
@edge
def gives_beta_for_a_constant_unit(x, gamma, beta, running_mean, running_var, momentum, eps):
    """A unit that is the same for each example has variance 0; it comes out as beta, and never as NaN."""
    return trained(x, gamma, beta, running_mean, running_var, momentum, eps)


@public("batchnorm_train", **together(far, *TRAIN))
@edge
def stands_a_large_mean(x, gamma, beta, running_mean, running_var, momentum, eps):
    """Pre-activations around 1000 are normalized like any others."""
    return trained(x, gamma, beta, running_mean, running_var, momentum, eps)


# batchnorm_eval


@public("batchnorm_eval", **together(a_batch, *EVAL))
@example(
    x=np.array([[1.0], [4.0]]),
    gamma=GAMMA,
    beta=BETA,
    running_mean=np.array([2.5]),
    running_var=np.array([2.0]),
    eps=0.25,
)
def matches_torch(x, gamma, beta, running_mean, running_var, eps):
    """In evaluation mode y equals that of torch's batch_norm."""
    return evaluated(x, gamma, beta, running_mean, running_var, eps)


@public("batchnorm_eval", **together(single, *EVAL))
@edge
def answers_a_single_example(x, gamma, beta, running_mean, running_var, eps):
    """One example alone gets the answer that it would get in any company."""
    return evaluated(x, gamma, beta, running_mean, running_var, eps)


@public("batchnorm_eval", **together(far, *EVAL))
@edge
def stands_a_large_mean(x, gamma, beta, running_mean, running_var, eps):
    """Pre-activations around 1000 are normalized like any others."""
    return evaluated(x, gamma, beta, running_mean, running_var, eps)


# batchnorm_backward


@public("batchnorm_backward", **together(a_batch, *BACKWARD))
@example(dy=DY, x=X, gamma=GAMMA, eps=0.25)
def matches_autograd(dy, x, gamma, eps):
    """dx, dgamma and dbeta equal torch autograd's for a random upstream gradient, in training mode."""
    return backward_in_training(dy, x, gamma, eps)


@public("batchnorm_backward", **together(pairs_of_usual_eps, *BACKWARD))
@edge
def passes_next_to_nothing_back_to_two_examples(dy, x, gamma, eps):
    """In a batch of two only eps keeps y from being ±gamma + beta whatever x is: next to nothing is left of dx."""
    return backward_in_training(dy, x, gamma, eps)


@public("batchnorm_backward", **together(constant, *BACKWARD))
@edge
def is_finite_for_a_constant_unit(dy, x, gamma, eps):
    """A unit that is the same for each example has variance 0; its gradients equal torch autograd's, and aren't NaN."""
    return backward_in_training(dy, x, gamma, eps)


@public("batchnorm_backward", **together(far, *BACKWARD))
@edge
def stands_a_large_mean(dy, x, gamma, eps):
    """Pre-activations around 1000 have gradients like any others."""
    return backward_in_training(dy, x, gamma, eps)


# batchnorm_eval_backward


@public("batchnorm_eval_backward", **together(a_batch, *EVAL_BACKWARD))
@example(dy=DY, x=X, gamma=GAMMA, running_mean=np.array([2.5]), running_var=np.array([2.0]), eps=0.25)
def matches_autograd(dy, x, gamma, running_mean, running_var, eps):
    """dx, dgamma and dbeta equal torch autograd's for a random upstream gradient, in evaluation mode."""
    return backward_in_evaluation(dy, x, gamma, running_mean, running_var, eps)


@public("batchnorm_eval_backward", **together(single, *EVAL_BACKWARD))
@edge
def answers_a_single_example(dy, x, gamma, running_mean, running_var, eps):
    """One example alone gets the gradient that it would get in any company."""
    return backward_in_evaluation(dy, x, gamma, running_mean, running_var, eps)


@public("batchnorm_eval_backward", **together(far, *EVAL_BACKWARD))
@edge
def stands_a_large_mean(dy, x, gamma, running_mean, running_var, eps):
    """Pre-activations around 1000 have gradients like any others."""
    return backward_in_evaluation(dy, x, gamma, running_mean, running_var, eps)
