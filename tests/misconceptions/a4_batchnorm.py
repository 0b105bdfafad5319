"""Known wrong answers to a4. Each docstring is the hint: it names the mistake and leaves the answer to the student."""

import numpy as np
from htilde import misconception, probes

SQUARE = np.array([[0.5, -1.25, 2.0], [1.5, 0.75, -0.5], [-2.0, 1.0, 3.5]])
WIDE = np.array([[1.0, -0.5], [2.25, 3.0], [-1.5, 0.25], [0.75, -2.0]])
UPSTREAM = np.array([[1.5, 0.25, -1.0], [-0.75, 2.0, 0.5], [0.4, -1.3, 1.75]])
WIDE_UPSTREAM = np.array([[0.5, -1.5], [1.25, 0.75], [-2.0, 1.0], [0.3, 1.75]])
THREE = {"gamma": np.array([1.5, -0.75, 2.25]), "running_mean": np.array([0.6, -1.4, 2.1])}
THREE["running_var"] = np.array([2.5, 0.4, 3.2])
TWO = {"gamma": np.array([-1.25, 2.5]), "running_mean": np.array([-0.8, 1.7]), "running_var": np.array([0.3, 4.5])}
BETA_3, BETA_2 = np.array([0.4, -1.1, 0.9]), np.array([1.3, -0.6])

# Square, so that a missing axis or keepdims goes through, too; then of unequal sides.
probes("batchnorm_train", x=SQUARE, beta=BETA_3, momentum=0.2, eps=0.15, **THREE)
probes("batchnorm_train", x=WIDE, beta=BETA_2, momentum=0.7, eps=0.12, **TWO)
probes("batchnorm_eval", x=SQUARE, beta=BETA_3, eps=0.15, **THREE)
probes("batchnorm_eval", x=WIDE, beta=BETA_2, eps=0.12, **TWO)
probes("batchnorm_backward", dy=UPSTREAM, x=SQUARE, gamma=THREE["gamma"], eps=0.15)
probes("batchnorm_backward", dy=WIDE_UPSTREAM, x=WIDE, gamma=TWO["gamma"], eps=0.12)
probes("batchnorm_eval_backward", dy=UPSTREAM, x=SQUARE, eps=0.15, **THREE)
probes("batchnorm_eval_backward", dy=WIDE_UPSTREAM, x=WIDE, eps=0.12, **TWO)


def moved(running_mean, running_var, mean, unbiased, momentum):
    return (1 - momentum) * running_mean + momentum * mean, (1 - momentum) * running_var + momentum * unbiased


def right_statistics(x, running_mean, running_var, momentum):
    return moved(running_mean, running_var, x.mean(axis=0), x.var(axis=0, ddof=1), momentum)


def normalized(x, mean, root):
    return (x - mean) / root


def normalized_by_batch(x, eps):
    return normalized(x, x.mean(axis=0), np.sqrt(x.var(axis=0) + eps))


def right_output(x, gamma, beta, eps):
    return gamma * normalized_by_batch(x, eps) + beta


# batchnorm_train: y


@misconception("batchnorm_train")
def forgets_eps(x, gamma, beta, running_mean, running_var, momentum, eps):
    """The eps that was given is missing under the root: where a unit hardly varies, y explodes, and where it is constant, 0 is divided by 0."""
    y = gamma * normalized_by_batch(x, 0) + beta
    return y, *right_statistics(x, running_mean, running_var, momentum)


@misconception("batchnorm_train")
def adds_eps_outside_the_root(x, gamma, beta, running_mean, running_var, momentum, eps):
    """eps is added to the standard deviation. In the formula it stands with the variance, inside the root."""
    y = gamma * normalized(x, x.mean(axis=0), x.std(axis=0) + eps) + beta
    return y, *right_statistics(x, running_mean, running_var, momentum)


@misconception("batchnorm_train")
def has_an_eps_of_its_own(x, gamma, beta, running_mean, running_var, momentum, eps):
    """eps is always 1e-5 here, whatever was given. Use the argument."""
    return right_output(x, gamma, beta, 1e-5), *right_statistics(x, running_mean, running_var, momentum)


@misconception("batchnorm_train")
def normalizes_with_the_unbiased_variance(x, gamma, beta, running_mean, running_var, momentum, eps):
    """y is made with the variance over N - 1. In the forward pass the variance is that of the batch itself: over N."""
    y = gamma * normalized(x, x.mean(axis=0), np.sqrt(x.var(axis=0, ddof=1) + eps)) + beta
    return y, *right_statistics(x, running_mean, running_var, momentum)


@misconception("batchnorm_train")
def divides_by_the_variance(x, gamma, beta, running_mean, running_var, momentum, eps):
    """The root is missing: x is divided by the variance, which has the square of its unit."""
    y = gamma * normalized(x, x.mean(axis=0), x.var(axis=0) + eps) + beta
    return y, *right_statistics(x, running_mean, running_var, momentum)


@misconception("batchnorm_train")
def misses_the_parentheses(x, gamma, beta, running_mean, running_var, momentum, eps):
    """Only the mean is divided, because division binds tighter than subtraction: the whole difference belongs above the root."""
    y = gamma * (x - x.mean(axis=0) / np.sqrt(x.var(axis=0) + eps)) + beta
    return y, *right_statistics(x, running_mean, running_var, momentum)


@misconception("batchnorm_train")
def forgets_the_mean(x, gamma, beta, running_mean, running_var, momentum, eps):
    """x is divided, but its mean was never taken away: what comes out isn't centred at beta."""
    y = gamma * x / np.sqrt(x.var(axis=0) + eps) + beta
    return y, *right_statistics(x, running_mean, running_var, momentum)


@misconception("batchnorm_train")
def forgets_gamma_and_beta(x, gamma, beta, running_mean, running_var, momentum, eps):
    """This is x_hat, normalized and no more. gamma and beta, which the network learns, still have to scale and shift it."""
    return normalized_by_batch(x, eps), *right_statistics(x, running_mean, running_var, momentum)


@misconception("batchnorm_train")
def forgets_beta(x, gamma, beta, running_mean, running_var, momentum, eps):
    """y is scaled by gamma and never shifted: beta is missing."""
    return gamma * normalized_by_batch(x, eps), *right_statistics(x, running_mean, running_var, momentum)


@misconception("batchnorm_train")
def forgets_gamma(x, gamma, beta, running_mean, running_var, momentum, eps):
    """y is shifted by beta and never scaled: gamma is missing."""
    return normalized_by_batch(x, eps) + beta, *right_statistics(x, running_mean, running_var, momentum)


@misconception("batchnorm_train")
def swaps_gamma_and_beta(x, gamma, beta, running_mean, running_var, momentum, eps):
    """gamma and beta have changed places: the one multiplies, the other is added."""
    return right_output(x, beta, gamma, eps), *right_statistics(x, running_mean, running_var, momentum)


@misconception("batchnorm_train")
def scales_after_shifting(x, gamma, beta, running_mean, running_var, momentum, eps):
    """beta is scaled by gamma as well. It is added last."""
    y = gamma * (normalized_by_batch(x, eps) + beta)
    return y, *right_statistics(x, running_mean, running_var, momentum)


@misconception("batchnorm_train")
def normalizes_with_the_running_statistics(x, gamma, beta, running_mean, running_var, momentum, eps):
    """y is made with the running statistics. Those are kept for evaluation; in training the batch normalizes itself."""
    y = gamma * normalized(x, running_mean, np.sqrt(running_var + eps)) + beta
    return y, *right_statistics(x, running_mean, running_var, momentum)


@misconception("batchnorm_train")
def normalizes_with_the_updated_statistics(x, gamma, beta, running_mean, running_var, momentum, eps):
    """y is made with the running statistics just updated. Those are kept for evaluation; in training the batch normalizes itself."""
    mean, variance = right_statistics(x, running_mean, running_var, momentum)
    return gamma * normalized(x, mean, np.sqrt(variance + eps)) + beta, mean, variance


# batchnorm_train: what mean and variance are taken over


@misconception("batchnorm_train")
def normalizes_each_example(x, gamma, beta, running_mean, running_var, momentum, eps):
    """Mean and variance run over the units of each example, axis 1. That is another normalization (of layers); this one runs over the batch."""
    mean, variance = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    y = gamma * normalized(x, mean, np.sqrt(variance + eps)) + beta
    return y, *moved(running_mean, running_var, mean, variance, momentum)


@misconception("batchnorm_train")
def averages_along_axis_1(x, gamma, beta, running_mean, running_var, momentum, eps):
    """Mean and variance run along axis 1, over the units. That there is one of each for every unit means: over axis 0, the batch."""
    mean, variance = x.mean(axis=1), x.var(axis=1)
    y = gamma * normalized(x, mean, np.sqrt(variance + eps)) + beta
    return y, *moved(running_mean, running_var, mean, variance, momentum)


@misconception("batchnorm_train")
def takes_one_mean_for_all_units(x, gamma, beta, running_mean, running_var, momentum, eps):
    """There is a single mean and a single variance for the whole array. Every unit, every column, has its own."""
    y = gamma * normalized(x, x.mean(), np.sqrt(x.var() + eps)) + beta
    return y, *moved(running_mean, running_var, x.mean(), x.var(ddof=1), momentum)


@misconception("batchnorm_train")
def divides_by_the_number_of_units(x, gamma, beta, running_mean, running_var, momentum, eps):
    """The sums over the batch are divided by the number of units, x.shape[1]. They have as many terms as there are examples."""
    examples, units = x.shape
    mean = x.sum(axis=0) / units
    variance = ((x - mean) ** 2).sum(axis=0) / units
    y = gamma * normalized(x, mean, np.sqrt(variance + eps)) + beta
    return y, *moved(running_mean, running_var, mean, variance * examples / (examples - 1), momentum)


@misconception("batchnorm_train")
def forgets_to_average_the_squares(x, gamma, beta, running_mean, running_var, momentum, eps):
    """The squared deviations are never averaged: each entry is divided by its own, so that y knows hardly more than a sign."""
    squares = (x - x.mean(axis=0)) ** 2
    y = gamma * normalized(x, x.mean(axis=0), np.sqrt(squares + eps)) + beta
    return y, *moved(running_mean, running_var, x.mean(axis=0), squares, momentum)


@misconception("batchnorm_train")
def sums_the_squares(x, gamma, beta, running_mean, running_var, momentum, eps):
    """The squared deviations are added up and not divided by their number: a variance is a mean."""
    squares = ((x - x.mean(axis=0)) ** 2).sum(axis=0)
    y = gamma * normalized(x, x.mean(axis=0), np.sqrt(squares + eps)) + beta
    return y, *moved(running_mean, running_var, x.mean(axis=0), squares, momentum)


# batchnorm_train: the running statistics


@misconception("batchnorm_train")
def never_updates(x, gamma, beta, running_mean, running_var, momentum, eps):
    """The running statistics come back as they came in: this batch has to move them."""
    return right_output(x, gamma, beta, eps), running_mean * 1.0, running_var * 1.0


@misconception("batchnorm_train")
def inverts_the_momentum(x, gamma, beta, running_mean, running_var, momentum, eps):
    """momentum weighs the old statistics here. In this notebook, as in torch, it is the weight of the new ones."""
    return right_output(x, gamma, beta, eps), *right_statistics(x, running_mean, running_var, 1 - momentum)


@misconception("batchnorm_train")
def keeps_the_biased_variance(x, gamma, beta, running_mean, running_var, momentum, eps):
    """running_var is moved by the variance over N. It estimates the variance of all examples from one batch: look at what that divides by."""
    y = right_output(x, gamma, beta, eps)
    return y, *moved(running_mean, running_var, x.mean(axis=0), x.var(axis=0), momentum)


@misconception("batchnorm_train")
def weighs_the_old_and_keeps_the_biased(x, gamma, beta, running_mean, running_var, momentum, eps):
    """momentum weighs the old statistics, and running_var is moved by the variance over N: both are conventions of other courses. Here they are torch's."""
    y = right_output(x, gamma, beta, eps)
    return y, *moved(running_mean, running_var, x.mean(axis=0), x.var(axis=0), 1 - momentum)


@misconception("batchnorm_train")
def forgets_the_momentum(x, gamma, beta, running_mean, running_var, momentum, eps):
    """The batch's mean and variance replace the running ones. They should only move them a little: a share of momentum."""
    return right_output(x, gamma, beta, eps), x.mean(axis=0), x.var(axis=0, ddof=1)


@misconception("batchnorm_train")
def returns_the_statistics_of_the_batch(x, gamma, beta, running_mean, running_var, momentum, eps):
    """These are the mean and the variance that y was made with. Asked are the running ones, moved towards this batch."""
    return right_output(x, gamma, beta, eps), x.mean(axis=0), x.var(axis=0)


@misconception("batchnorm_train")
def adds_without_forgetting(x, gamma, beta, running_mean, running_var, momentum, eps):
    """The new statistics are added and the old ones keep their full weight, so both only grow. The two weights add up to 1."""
    y = right_output(x, gamma, beta, eps)
    return y, running_mean + momentum * x.mean(axis=0), running_var + momentum * x.var(axis=0, ddof=1)


@misconception("batchnorm_train")
def stores_the_variance_with_eps(x, gamma, beta, running_mean, running_var, momentum, eps):
    """eps found its way into running_var. It only keeps a root from being 0; the variance itself goes without."""
    y = right_output(x, gamma, beta, eps)
    return y, *moved(running_mean, running_var, x.mean(axis=0), x.var(axis=0, ddof=1) + eps, momentum)


@misconception("batchnorm_train")
def stores_the_biased_variance_with_eps(x, gamma, beta, running_mean, running_var, momentum, eps):
    """running_var is moved by what stands under the root: with eps, and over N. It takes neither eps nor the variance over N."""
    y = right_output(x, gamma, beta, eps)
    return y, *moved(running_mean, running_var, x.mean(axis=0), x.var(axis=0) + eps, momentum)


@misconception("batchnorm_train")
def stores_the_standard_deviation(x, gamma, beta, running_mean, running_var, momentum, eps):
    """running_var is moved by a standard deviation. As its name says it keeps a variance: the root is taken when it is used."""
    y = right_output(x, gamma, beta, eps)
    return y, *moved(running_mean, running_var, x.mean(axis=0), x.std(axis=0), momentum)


@misconception("batchnorm_train")
def stores_the_root_with_eps(x, gamma, beta, running_mean, running_var, momentum, eps):
    """running_var is moved by the root that x was divided by. As its name says it keeps a variance: without root, and without eps."""
    y = right_output(x, gamma, beta, eps)
    return y, *moved(running_mean, running_var, x.mean(axis=0), np.sqrt(x.var(axis=0) + eps), momentum)


@misconception("batchnorm_train")
def returns_the_statistics_in_the_wrong_order(x, gamma, beta, running_mean, running_var, momentum, eps):
    """The running statistics have changed places: the mean is returned before the variance."""
    mean, variance = right_statistics(x, running_mean, running_var, momentum)
    return right_output(x, gamma, beta, eps), variance, mean


# batchnorm_eval


@misconception("batchnorm_eval")
def normalizes_with_the_batch(x, gamma, beta, running_mean, running_var, eps):
    """The batch normalizes itself, as in training. In evaluation an example's answer depends on no other example: the running statistics are there for that."""
    return right_output(x, gamma, beta, eps)


@misconception("batchnorm_eval")
def forgets_eps(x, gamma, beta, running_mean, running_var, eps):
    """The eps that was given is missing under the root. The network was trained with it, so it belongs into evaluation, too."""
    return gamma * normalized(x, running_mean, np.sqrt(running_var)) + beta


@misconception("batchnorm_eval")
def adds_eps_outside_the_root(x, gamma, beta, running_mean, running_var, eps):
    """eps is added to the standard deviation. In the formula it stands with the variance, inside the root."""
    return gamma * normalized(x, running_mean, np.sqrt(running_var) + eps) + beta


@misconception("batchnorm_eval")
def has_an_eps_of_its_own(x, gamma, beta, running_mean, running_var, eps):
    """eps is always 1e-5 here, whatever was given. Use the argument."""
    return gamma * normalized(x, running_mean, np.sqrt(running_var + 1e-5)) + beta


@misconception("batchnorm_eval")
def divides_by_the_variance(x, gamma, beta, running_mean, running_var, eps):
    """The root is missing: running_var is a variance, and x is divided by a standard deviation."""
    return gamma * normalized(x, running_mean, running_var + eps) + beta


@misconception("batchnorm_eval")
def takes_the_variance_for_a_deviation(x, gamma, beta, running_mean, running_var, eps):
    """x is divided by running_var as it is. It is a variance: what stands below the fraction is a root, with eps inside."""
    return gamma * normalized(x, running_mean, running_var) + beta


@misconception("batchnorm_eval")
def misses_the_parentheses(x, gamma, beta, running_mean, running_var, eps):
    """Only the mean is divided, because division binds tighter than subtraction: the whole difference belongs above the root."""
    return gamma * (x - running_mean / np.sqrt(running_var + eps)) + beta


@misconception("batchnorm_eval")
def forgets_the_mean(x, gamma, beta, running_mean, running_var, eps):
    """x is divided, but the running mean was never taken away."""
    return gamma * x / np.sqrt(running_var + eps) + beta


@misconception("batchnorm_eval")
def centres_with_the_batch(x, gamma, beta, running_mean, running_var, eps):
    """The mean is that of this batch, only the variance is the running one. In evaluation both are the running ones."""
    return gamma * normalized(x, x.mean(axis=0), np.sqrt(running_var + eps)) + beta


@misconception("batchnorm_eval")
def scales_with_the_batch(x, gamma, beta, running_mean, running_var, eps):
    """The variance is that of this batch, only the mean is the running one. In evaluation both are the running ones."""
    return gamma * normalized(x, running_mean, np.sqrt(x.var(axis=0) + eps)) + beta


@misconception("batchnorm_eval")
def corrects_the_variance_again(x, gamma, beta, running_mean, running_var, eps):
    """running_var is multiplied by (N - 1)/N. It goes into the formula as it is, whatever the size of this batch."""
    return gamma * normalized(x, running_mean, np.sqrt(running_var * (len(x) - 1) / len(x) + eps)) + beta


@misconception("batchnorm_eval")
def forgets_gamma_and_beta(x, gamma, beta, running_mean, running_var, eps):
    """This is x_hat, normalized and no more. What the network learned, gamma and beta, holds in evaluation as well."""
    return normalized(x, running_mean, np.sqrt(running_var + eps))


@misconception("batchnorm_eval")
def forgets_beta(x, gamma, beta, running_mean, running_var, eps):
    """y is scaled by gamma and never shifted: beta is missing."""
    return gamma * normalized(x, running_mean, np.sqrt(running_var + eps))


@misconception("batchnorm_eval")
def forgets_gamma(x, gamma, beta, running_mean, running_var, eps):
    """y is shifted by beta and never scaled: gamma is missing."""
    return normalized(x, running_mean, np.sqrt(running_var + eps)) + beta


@misconception("batchnorm_eval")
def swaps_gamma_and_beta(x, gamma, beta, running_mean, running_var, eps):
    """gamma and beta have changed places: the one multiplies, the other is added."""
    return beta * normalized(x, running_mean, np.sqrt(running_var + eps)) + gamma


@misconception("batchnorm_eval")
def scales_after_shifting(x, gamma, beta, running_mean, running_var, eps):
    """beta is scaled by gamma as well. It is added last."""
    return gamma * (normalized(x, running_mean, np.sqrt(running_var + eps)) + beta)


@misconception("batchnorm_eval")
def swaps_the_statistics(x, gamma, beta, running_mean, running_var, eps):
    """running_mean and running_var have changed places: the mean is subtracted, the variance goes under the root."""
    return gamma * normalized(x, running_var, np.sqrt(running_mean + eps)) + beta


# batchnorm_backward


def pieces(dy, x, gamma, eps):
    """x_hat, one over the root, and the gradients of gamma and beta."""
    x_hat = normalized_by_batch(x, eps)
    return x_hat, 1 / np.sqrt(x.var(axis=0) + eps), (dy * x_hat).sum(axis=0), dy.sum(axis=0)


def through_the_batch(dy, x_hat, inverse, gamma):
    return gamma * inverse * (dy - dy.mean(axis=0) - x_hat * (dy * x_hat).mean(axis=0))


def right_dx(dy, x, gamma, eps):
    x_hat, inverse, _, _ = pieces(dy, x, gamma, eps)
    return through_the_batch(dy, x_hat, inverse, gamma)


@misconception("batchnorm_backward")
def takes_the_statistics_for_constants(dy, x, gamma, eps):
    """Mean and variance are treated as constants. They are made of this very batch, so x reaches y by way of them, too."""
    _, inverse, dgamma, dbeta = pieces(dy, x, gamma, eps)
    return gamma * inverse * dy, dgamma, dbeta


@misconception("batchnorm_backward")
def forgets_the_path_through_the_variance(dy, x, gamma, eps):
    """The path through the variance is missing: when one x moves, the root moves for the whole batch."""
    _, inverse, dgamma, dbeta = pieces(dy, x, gamma, eps)
    return gamma * inverse * (dy - dy.mean(axis=0)), dgamma, dbeta


@misconception("batchnorm_backward")
def forgets_the_path_through_the_mean(dy, x, gamma, eps):
    """The path through the mean is missing: when one x moves, the mean moves for the whole batch."""
    x_hat, inverse, dgamma, dbeta = pieces(dy, x, gamma, eps)
    return gamma * inverse * (dy - x_hat * (dy * x_hat).mean(axis=0)), dgamma, dbeta


@misconception("batchnorm_backward")
def keeps_only_the_diagonal(dy, x, gamma, eps):
    """Only what an example does to its own y is counted. By way of mean and variance it reaches every other y of the batch as well."""
    x_hat, inverse, dgamma, dbeta = pieces(dy, x, gamma, eps)
    return gamma * inverse * dy * (1 - 1 / len(x) - x_hat**2 / len(x)), dgamma, dbeta


@misconception("batchnorm_backward")
def forgets_to_sum_the_gradient_of_the_variance(dy, x, gamma, eps):
    """The gradient of the variance isn't summed over the batch. One variance serves all examples, so it collects from all of them."""
    x_hat, inverse, dgamma, dbeta = pieces(dy, x, gamma, eps)
    dvariance = -0.5 * gamma * dy * x_hat * inverse**2
    return gamma * inverse * (dy - dy.mean(axis=0)) + dvariance * 2 * x_hat / inverse / len(x), dgamma, dbeta


@misconception("batchnorm_backward")
def forgets_to_sum_the_gradient_of_the_mean(dy, x, gamma, eps):
    """The gradient of the mean isn't summed over the batch. One mean serves all examples, so it collects from all of them."""
    x_hat, inverse, dgamma, dbeta = pieces(dy, x, gamma, eps)
    return gamma * inverse * (dy - dy / len(x) - x_hat * (dy * x_hat).mean(axis=0)), dgamma, dbeta


@misconception("batchnorm_backward")
def sums_instead_of_averaging(dy, x, gamma, eps):
    """The two terms that are taken off have a factor 1/N, from the mean and the variance: here they are sums."""
    x_hat, inverse, dgamma, dbeta = pieces(dy, x, gamma, eps)
    return gamma * inverse * (dy - dbeta - x_hat * dgamma), dgamma, dbeta


@misconception("batchnorm_backward")
def divides_by_the_number_of_units(dy, x, gamma, eps):
    """The two terms that are taken off are divided by the number of units, x.shape[1]. Mean and variance run over the examples."""
    x_hat, inverse, dgamma, dbeta = pieces(dy, x, gamma, eps)
    return gamma * inverse * (dy - dbeta / x.shape[1] - x_hat * dgamma / x.shape[1]), dgamma, dbeta


@misconception("batchnorm_backward")
def drops_x_hat_outside_the_mean(dy, x, gamma, eps):
    """In the term of the variance x_hat stands twice: within the mean, and in front of it. The one in front is missing."""
    x_hat, inverse, dgamma, dbeta = pieces(dy, x, gamma, eps)
    return gamma * inverse * (dy - dy.mean(axis=0) - (dy * x_hat).mean(axis=0)), dgamma, dbeta


@misconception("batchnorm_backward")
def drops_x_hat_inside_the_mean(dy, x, gamma, eps):
    """In the term of the variance x_hat stands twice: in front of the mean, and within it. The one within is missing."""
    x_hat, inverse, dgamma, dbeta = pieces(dy, x, gamma, eps)
    return gamma * inverse * (dy - dy.mean(axis=0) - x_hat * dy.mean(axis=0)), dgamma, dbeta


@misconception("batchnorm_backward")
def pulls_x_hat_into_the_mean(dy, x, gamma, eps):
    """Both x_hat of the term of the variance stand within the mean. One of them belongs to the example whose dx this is: in front."""
    x_hat, inverse, dgamma, dbeta = pieces(dy, x, gamma, eps)
    return gamma * inverse * (dy - dy.mean(axis=0) - (dy * x_hat**2).mean(axis=0)), dgamma, dbeta


@misconception("batchnorm_backward")
def takes_deviations_for_x_hat(dy, x, gamma, eps):
    """The term of the variance is made with x minus its mean, which nobody has divided by the root yet."""
    x_hat, inverse, dgamma, dbeta = pieces(dy, x, gamma, eps)
    deviation = x_hat / inverse
    return gamma * inverse * (dy - dy.mean(axis=0) - deviation * (dy * deviation).mean(axis=0)), dgamma, dbeta


@misconception("batchnorm_backward")
def misses_the_parentheses(dy, x, gamma, eps):
    """gamma and the root reach only the first of three terms: parentheses are missing around all three."""
    x_hat, inverse, dgamma, dbeta = pieces(dy, x, gamma, eps)
    return gamma * inverse * dy - dy.mean(axis=0) - x_hat * (dy * x_hat).mean(axis=0), dgamma, dbeta


@misconception("batchnorm_backward")
def adds_the_paths(dy, x, gamma, eps):
    """The paths through mean and variance are added. Both take away: when all x rise together, y doesn't move."""
    x_hat, inverse, dgamma, dbeta = pieces(dy, x, gamma, eps)
    return gamma * inverse * (dy + dy.mean(axis=0) + x_hat * (dy * x_hat).mean(axis=0)), dgamma, dbeta


@misconception("batchnorm_backward")
def forgets_gamma(dy, x, gamma, eps):
    """gamma is missing from dx: it multiplies x_hat on the way forward, and so the gradient on the way back."""
    _, _, dgamma, dbeta = pieces(dy, x, gamma, eps)
    return right_dx(dy, x, 1.0, eps), dgamma, dbeta


@misconception("batchnorm_backward")
def divides_by_the_variance(dy, x, gamma, eps):
    """dx is divided by the variance. What x was divided by is its root."""
    x_hat, inverse, dgamma, dbeta = pieces(dy, x, gamma, eps)
    return through_the_batch(dy, x_hat, inverse**2, gamma), dgamma, dbeta


@misconception("batchnorm_backward")
def forgets_the_root(dy, x, gamma, eps):
    """dx isn't divided by the root. y changes the less with x the larger the spread that x is divided by."""
    x_hat, _, dgamma, dbeta = pieces(dy, x, gamma, eps)
    return through_the_batch(dy, x_hat, 1.0, gamma), dgamma, dbeta


@misconception("batchnorm_backward")
def forgets_eps(dy, x, gamma, eps):
    """The eps that was given plays no part here, but it does in the forward pass whose derivative this is."""
    _, _, dgamma, dbeta = pieces(dy, x, gamma, 0)
    return right_dx(dy, x, gamma, 0), dgamma, dbeta


@misconception("batchnorm_backward")
def has_an_eps_of_its_own(dy, x, gamma, eps):
    """eps is always 1e-5 here, whatever was given. The gradient is that of a forward pass with the same eps."""
    _, _, dgamma, dbeta = pieces(dy, x, gamma, 1e-5)
    return right_dx(dy, x, gamma, 1e-5), dgamma, dbeta


@misconception("batchnorm_backward")
def adds_eps_outside_the_root(dy, x, gamma, eps):
    """eps is added to the standard deviation. In the forward pass, whose derivative this is, it stands inside the root."""
    inverse = 1 / (x.std(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) * inverse
    return through_the_batch(dy, x_hat, inverse, gamma), (dy * x_hat).sum(axis=0), dy.sum(axis=0)


@misconception("batchnorm_backward")
def uses_eps_in_x_hat_only(dy, x, gamma, eps):
    """x_hat knows eps, but the root that dx is divided by doesn't: it is the same root in both places."""
    x_hat, _, dgamma, dbeta = pieces(dy, x, gamma, eps)
    return through_the_batch(dy, x_hat, 1 / x.std(axis=0), gamma), dgamma, dbeta


@misconception("batchnorm_backward")
def uses_the_unbiased_variance(dy, x, gamma, eps):
    """The variance is over N - 1. The forward pass, whose derivative this is, divides by N."""
    inverse = 1 / np.sqrt(x.var(axis=0, ddof=1) + eps)
    x_hat = (x - x.mean(axis=0)) * inverse
    return through_the_batch(dy, x_hat, inverse, gamma), (dy * x_hat).sum(axis=0), dy.sum(axis=0)


@misconception("batchnorm_backward")
def forgets_the_upstream_gradient(dy, x, gamma, eps):
    """dy plays no part: these are the gradients for an upstream gradient of ones. What arrives from behind is a factor of each."""
    ones = np.ones_like(dy)
    _, _, dgamma, dbeta = pieces(ones, x, gamma, eps)
    return right_dx(ones, x, gamma, eps), dgamma, dbeta


@misconception("batchnorm_backward")
def swaps_dgamma_and_dbeta(dy, x, gamma, eps):
    """dgamma and dbeta have changed places: gamma multiplies x_hat, and beta nothing."""
    _, _, dgamma, dbeta = pieces(dy, x, gamma, eps)
    return right_dx(dy, x, gamma, eps), dbeta, dgamma


@misconception("batchnorm_backward")
def returns_dx_last(dy, x, gamma, eps):
    """The three gradients are there in another order: dx comes first, then dgamma, then dbeta."""
    _, _, dgamma, dbeta = pieces(dy, x, gamma, eps)
    return dgamma, dbeta, right_dx(dy, x, gamma, eps)


@misconception("batchnorm_backward")
def multiplies_by_x_for_dgamma(dy, x, gamma, eps):
    """dgamma is made with x. What gamma multiplies in the forward pass is x_hat."""
    return right_dx(dy, x, gamma, eps), (dy * x).sum(axis=0), dy.sum(axis=0)


@misconception("batchnorm_backward")
def multiplies_by_deviations_for_dgamma(dy, x, gamma, eps):
    """dgamma is made with x minus its mean. What gamma multiplies in the forward pass is divided by the root, too."""
    return right_dx(dy, x, gamma, eps), (dy * (x - x.mean(axis=0))).sum(axis=0), dy.sum(axis=0)


@misconception("batchnorm_backward")
def sums_x_for_dbeta(dy, x, gamma, eps):
    """dbeta is a sum of x. beta is added to each y, so what it collects is dy."""
    _, _, dgamma, _ = pieces(dy, x, gamma, eps)
    return right_dx(dy, x, gamma, eps), dgamma, x.sum(axis=0)


@misconception("batchnorm_backward")
def lets_gamma_into_dgamma_and_dbeta(dy, x, gamma, eps):
    """dgamma and dbeta are multiplied by gamma. The derivative of gamma times x_hat plus beta by either has no gamma in it."""
    _, _, dgamma, dbeta = pieces(dy, x, gamma, eps)
    return right_dx(dy, x, gamma, eps), gamma * dgamma, gamma * dbeta


@misconception("batchnorm_backward")
def forgets_to_sum_over_the_batch(dy, x, gamma, eps):
    """dgamma and dbeta have a row for each example. One gamma and one beta serve the whole batch, so they collect from all of it."""
    x_hat, _, _, _ = pieces(dy, x, gamma, eps)
    return right_dx(dy, x, gamma, eps), dy * x_hat, dy


@misconception("batchnorm_backward")
def averages_over_the_batch(dy, x, gamma, eps):
    """dgamma and dbeta are averages over the batch. They are sums: averaging, if any, belongs to the loss and is in dy already."""
    x_hat, _, _, _ = pieces(dy, x, gamma, eps)
    return right_dx(dy, x, gamma, eps), (dy * x_hat).mean(axis=0), dy.mean(axis=0)


@misconception("batchnorm_backward")
def sums_along_axis_1(dy, x, gamma, eps):
    """dgamma and dbeta are summed along axis 1, over the units. Each unit has its own: the batch, axis 0, goes."""
    x_hat, _, _, _ = pieces(dy, x, gamma, eps)
    return right_dx(dy, x, gamma, eps), (dy * x_hat).sum(axis=1), dy.sum(axis=1)


# batchnorm_eval_backward


def pieces_in_evaluation(dy, x, gamma, running_mean, running_var, eps):
    """x_hat, one over the root, and the gradients of gamma and beta."""
    inverse = 1 / np.sqrt(running_var + eps)
    x_hat = (x - running_mean) * inverse
    return x_hat, inverse, (dy * x_hat).sum(axis=0), dy.sum(axis=0)


@misconception("batchnorm_eval_backward")
def goes_back_as_in_training(dy, x, gamma, running_mean, running_var, eps):
    """This is the way back in training, through mean and variance of the batch. In evaluation the batch made neither of them."""
    _, _, dgamma, dbeta = pieces(dy, x, gamma, eps)
    return right_dx(dy, x, gamma, eps), dgamma, dbeta


@misconception("batchnorm_eval_backward")
def uses_the_statistics_of_the_batch(dy, x, gamma, running_mean, running_var, eps):
    """Mean and variance are taken from the batch. In evaluation y was made with the running ones, and so is its gradient."""
    _, inverse, dgamma, dbeta = pieces(dy, x, gamma, eps)
    return gamma * inverse * dy, dgamma, dbeta


@misconception("batchnorm_eval_backward")
def goes_through_statistics_that_are_constant(dy, x, gamma, running_mean, running_var, eps):
    """Two terms are taken off dy, as if x reached y by way of mean and variance. The running statistics don't depend on x."""
    x_hat, inverse, dgamma, dbeta = pieces_in_evaluation(dy, x, gamma, running_mean, running_var, eps)
    return through_the_batch(dy, x_hat, inverse, gamma), dgamma, dbeta


@misconception("batchnorm_eval_backward")
def centres_the_gradient(dy, x, gamma, running_mean, running_var, eps):
    """The mean of dy is taken off, as if the mean depended on x. The running mean doesn't."""
    _, inverse, dgamma, dbeta = pieces_in_evaluation(dy, x, gamma, running_mean, running_var, eps)
    return gamma * inverse * (dy - dy.mean(axis=0)), dgamma, dbeta


@misconception("batchnorm_eval_backward")
def forgets_gamma(dy, x, gamma, running_mean, running_var, eps):
    """gamma is missing from dx: it multiplies x_hat on the way forward, and so the gradient on the way back."""
    _, inverse, dgamma, dbeta = pieces_in_evaluation(dy, x, gamma, running_mean, running_var, eps)
    return inverse * dy, dgamma, dbeta


@misconception("batchnorm_eval_backward")
def forgets_the_root(dy, x, gamma, running_mean, running_var, eps):
    """dx isn't divided by the root. y changes the less with x the larger the spread that x is divided by."""
    _, _, dgamma, dbeta = pieces_in_evaluation(dy, x, gamma, running_mean, running_var, eps)
    return gamma * dy, dgamma, dbeta


@misconception("batchnorm_eval_backward")
def divides_by_the_variance(dy, x, gamma, running_mean, running_var, eps):
    """dx is divided by the variance. What x was divided by is its root."""
    _, inverse, dgamma, dbeta = pieces_in_evaluation(dy, x, gamma, running_mean, running_var, eps)
    return gamma * inverse**2 * dy, dgamma, dbeta


@misconception("batchnorm_eval_backward")
def passes_the_upstream_gradient_on(dy, x, gamma, running_mean, running_var, eps):
    """dx is dy, as if the layer weren't there. In evaluation it is a straight line: what is its slope?"""
    _, _, dgamma, dbeta = pieces_in_evaluation(dy, x, gamma, running_mean, running_var, eps)
    return dy, dgamma, dbeta


@misconception("batchnorm_eval_backward")
def forgets_eps(dy, x, gamma, running_mean, running_var, eps):
    """The eps that was given plays no part here, but it does in the forward pass whose derivative this is."""
    _, inverse, dgamma, dbeta = pieces_in_evaluation(dy, x, gamma, running_mean, running_var, 0)
    return gamma * inverse * dy, dgamma, dbeta


@misconception("batchnorm_eval_backward")
def has_an_eps_of_its_own(dy, x, gamma, running_mean, running_var, eps):
    """eps is always 1e-5 here, whatever was given. The gradient is that of a forward pass with the same eps."""
    _, inverse, dgamma, dbeta = pieces_in_evaluation(dy, x, gamma, running_mean, running_var, 1e-5)
    return gamma * inverse * dy, dgamma, dbeta


@misconception("batchnorm_eval_backward")
def adds_eps_outside_the_root(dy, x, gamma, running_mean, running_var, eps):
    """eps is added to the standard deviation. In the forward pass, whose derivative this is, it stands inside the root."""
    inverse = 1 / (np.sqrt(running_var) + eps)
    return gamma * inverse * dy, (dy * (x - running_mean) * inverse).sum(axis=0), dy.sum(axis=0)


@misconception("batchnorm_eval_backward")
def forgets_the_upstream_gradient(dy, x, gamma, running_mean, running_var, eps):
    """dy plays no part: these are the gradients for an upstream gradient of ones. What arrives from behind is a factor of each."""
    ones = np.ones_like(dy)
    _, inverse, dgamma, dbeta = pieces_in_evaluation(ones, x, gamma, running_mean, running_var, eps)
    return gamma * inverse * ones, dgamma, dbeta


@misconception("batchnorm_eval_backward")
def swaps_dgamma_and_dbeta(dy, x, gamma, running_mean, running_var, eps):
    """dgamma and dbeta have changed places: gamma multiplies x_hat, and beta nothing."""
    _, inverse, dgamma, dbeta = pieces_in_evaluation(dy, x, gamma, running_mean, running_var, eps)
    return gamma * inverse * dy, dbeta, dgamma


@misconception("batchnorm_eval_backward")
def returns_dx_last(dy, x, gamma, running_mean, running_var, eps):
    """The three gradients are there in another order: dx comes first, then dgamma, then dbeta."""
    _, inverse, dgamma, dbeta = pieces_in_evaluation(dy, x, gamma, running_mean, running_var, eps)
    return dgamma, dbeta, gamma * inverse * dy


@misconception("batchnorm_eval_backward")
def multiplies_by_x_for_dgamma(dy, x, gamma, running_mean, running_var, eps):
    """dgamma is made with x. What gamma multiplies in the forward pass is x_hat."""
    _, inverse, _, dbeta = pieces_in_evaluation(dy, x, gamma, running_mean, running_var, eps)
    return gamma * inverse * dy, (dy * x).sum(axis=0), dbeta


@misconception("batchnorm_eval_backward")
def multiplies_by_deviations_for_dgamma(dy, x, gamma, running_mean, running_var, eps):
    """dgamma is made with x minus its mean. What gamma multiplies in the forward pass is divided by the root, too."""
    _, inverse, _, dbeta = pieces_in_evaluation(dy, x, gamma, running_mean, running_var, eps)
    return gamma * inverse * dy, (dy * (x - running_mean)).sum(axis=0), dbeta


@misconception("batchnorm_eval_backward")
def normalizes_with_the_batch_for_dgamma(dy, x, gamma, running_mean, running_var, eps):
    """The x_hat of dgamma was made with mean and variance of the batch. In evaluation it is made with the running ones."""
    _, inverse, _, dbeta = pieces_in_evaluation(dy, x, gamma, running_mean, running_var, eps)
    return gamma * inverse * dy, (dy * normalized_by_batch(x, eps)).sum(axis=0), dbeta


@misconception("batchnorm_eval_backward")
def gives_no_gradient_to_gamma_and_beta(dy, x, gamma, running_mean, running_var, eps):
    """dgamma and dbeta are 0. What is fixed in evaluation are the statistics; gamma and beta are still parameters."""
    _, inverse, _, _ = pieces_in_evaluation(dy, x, gamma, running_mean, running_var, eps)
    return gamma * inverse * dy, np.zeros_like(gamma), np.zeros_like(gamma)


@misconception("batchnorm_eval_backward")
def lets_gamma_into_dgamma_and_dbeta(dy, x, gamma, running_mean, running_var, eps):
    """dgamma and dbeta are multiplied by gamma. The derivative of gamma times x_hat plus beta by either has no gamma in it."""
    _, inverse, dgamma, dbeta = pieces_in_evaluation(dy, x, gamma, running_mean, running_var, eps)
    return gamma * inverse * dy, gamma * dgamma, gamma * dbeta


@misconception("batchnorm_eval_backward")
def forgets_to_sum_over_the_batch(dy, x, gamma, running_mean, running_var, eps):
    """dgamma and dbeta have a row for each example. One gamma and one beta serve the whole batch, so they collect from all of it."""
    x_hat, inverse, _, _ = pieces_in_evaluation(dy, x, gamma, running_mean, running_var, eps)
    return gamma * inverse * dy, dy * x_hat, dy


@misconception("batchnorm_eval_backward")
def averages_over_the_batch(dy, x, gamma, running_mean, running_var, eps):
    """dgamma and dbeta are averages over the batch. They are sums: averaging, if any, belongs to the loss and is in dy already."""
    x_hat, inverse, _, _ = pieces_in_evaluation(dy, x, gamma, running_mean, running_var, eps)
    return gamma * inverse * dy, (dy * x_hat).mean(axis=0), dy.mean(axis=0)


@misconception("batchnorm_eval_backward")
def sums_along_axis_1(dy, x, gamma, running_mean, running_var, eps):
    """dgamma and dbeta are summed along axis 1, over the units. Each unit has its own: the batch, axis 0, goes."""
    x_hat, inverse, _, _ = pieces_in_evaluation(dy, x, gamma, running_mean, running_var, eps)
    return gamma * inverse * dy, (dy * x_hat).sum(axis=1), dy.sum(axis=1)
