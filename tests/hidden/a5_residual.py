"""Hidden properties of a5: these never ship. A student learns the claim of one that fails, never its inputs."""

import numpy as np
from htilde import edge, hidden
from htilde.oracle import evaluate, gradients
from htilde.strategies import together
from shared.a5_residual import BLOCK, activated, projected, residual, stack_gradients


def a_wider_block(rng, *, examples=(2, 13), widths=(1, 7), out=None):
    """A batch that meets a residual block, and a gradient that comes back. In a third of them D equals H."""
    N, (D, H) = rng.integers(*examples), rng.integers(*widths, 2)
    H = rng.choice([D, H, H])
    out = D if out is None else rng.choice([D, rng.integers(*widths)])
    return {
        "x": rng.normal(size=(N, D)),
        "W1": rng.normal(size=(D, H)),
        "b1": rng.normal(size=H),
        "W2": rng.normal(size=(H, out)),
        "b2": rng.normal(size=out),
        "Ws": rng.normal(size=(D, out)),
        "dy": rng.normal(size=(N, out)),
    }


def a_wider_projection(rng):
    return a_wider_block(rng, out=True)


def one_example(rng):
    return a_wider_block(rng, examples=(1, 2), out=True)


def one_plain_example(rng):
    return a_wider_block(rng, examples=(1, 2))


def of_any_size(rng, *, out=True):
    """A block with large inputs, weights and gradients, one with large biases, or one with all but the weights tiny."""
    block = a_wider_block(rng, examples=(2, 6), widths=(1, 5), out=out)
    which = rng.integers(3)
    if which == 0:
        tiny = {name: 10.0 ** rng.uniform(-20, -7) * block[name] for name in ("x", "dy")}
        return {**block, **tiny, "b1": 0 * block["b1"], "b2": 0 * block["b2"]}
    wide = ("b1", "b2", "x") if which == 1 else ("W1", "b1", "W2", "b2", "Ws")
    block |= {name: rng.uniform(-20, 20, block[name].shape) for name in wide}
    x = block["x"] if which == 1 else rng.uniform(-900, 900, block["x"].shape)
    return {**block, "x": x, "dy": large(rng, block["dy"])}


def a_plain_one_of_any_size(rng):
    return of_any_size(rng, out=None)


def large(rng, gradient):
    """A gradient of the same signs, between 10 and 1e4."""
    return 10.0 ** rng.uniform(1, 4, gradient.shape) * np.where(gradient > 0, 1.0, -1.0)


def at_the_kinks(rng):
    """Whole numbers, so that many pre-activations, and sums of input and branch, are exactly 0."""
    N, D, H = rng.integers(1, 5, 3)
    return {
        "x": rng.integers(-1, 2, (N, D)).astype(float),
        "W1": rng.integers(-1, 2, (D, H)).astype(float),
        "b1": rng.integers(-1, 2, H).astype(float),
        "W2": rng.integers(-1, 2, (H, D)).astype(float),
        "b2": rng.integers(-1, 2, D).astype(float),
        "Ws": rng.integers(-1, 2, (D, D)).astype(float),
        "dy": rng.integers(-2, 3, (N, D)).astype(float),
    }


# residual_forward, residual_backward


@hidden("residual_forward", **together(a_wider_block, *BLOCK))
def matches_torch_on_other_blocks(x, W1, b1, W2, b2):
    """The output equals torch's for blocks that you haven't seen."""
    return evaluate(residual, x, W1, b1, W2, b2)


@hidden("residual_backward", **together(a_wider_block, "dy", *BLOCK))
def matches_autograd_on_other_blocks(dy, x, W1, b1, W2, b2):
    """All gradients equal torch autograd's for blocks that you haven't seen."""
    return gradients(residual, dy, x, W1, b1, W2, b2)


@hidden("residual_backward", **together(one_plain_example, "dy", *BLOCK))
@edge(announced="N and all widths are at least 1")
def takes_a_batch_of_one(dy, x, W1, b1, W2, b2):
    """A batch of one example is a batch like any other."""
    return gradients(residual, dy, x, W1, b1, W2, b2)


@hidden("residual_backward", **together(at_the_kinks, "dy", *BLOCK))
@edge(announced="ReLU's derivative is 0 at exactly 0")
def passes_nothing_back_at_the_kink(dy, x, W1, b1, W2, b2):
    """Where a pre-activation is exactly 0, ReLU's derivative is 0 by agreement, as in torch."""
    return gradients(residual, dy, x, W1, b1, W2, b2)


@hidden("residual_forward", **together(a_plain_one_of_any_size, *BLOCK))
@edge(announced="Inputs may be as large as 1000 and as small as 1e-20")
def takes_inputs_of_any_size(x, W1, b1, W2, b2):
    """Inputs in the hundreds and inputs of 1e-20 come through whole: nothing is cut off, or taken for 0."""
    return evaluate(residual, x, W1, b1, W2, b2)


@hidden("residual_backward", **together(a_plain_one_of_any_size, "dy", *BLOCK))
@edge(announced="gradients as large as 1e4 and as small")
def takes_gradients_of_any_size(dy, x, W1, b1, W2, b2):
    """Gradients of 1e4 and gradients of 1e-20 come back whole: nothing is clipped, or taken for 0."""
    return gradients(residual, dy, x, W1, b1, W2, b2)


# projection_forward, projection_backward


@hidden("projection_forward", **together(a_wider_projection, *BLOCK, "Ws"))
def matches_torch_on_other_blocks(x, W1, b1, W2, b2, Ws):
    """The output equals torch's for blocks that you haven't seen."""
    return evaluate(projected, x, W1, b1, W2, b2, Ws)


@hidden("projection_backward", **together(a_wider_projection, "dy", *BLOCK, "Ws"))
def matches_autograd_on_other_blocks(dy, x, W1, b1, W2, b2, Ws):
    """All gradients equal torch autograd's for blocks that you haven't seen."""
    return gradients(projected, dy, x, W1, b1, W2, b2, Ws)


@hidden("projection_backward", **together(one_example, "dy", *BLOCK, "Ws"))
@edge(announced="N and all widths are at least 1")
def takes_a_batch_of_one(dy, x, W1, b1, W2, b2, Ws):
    """A batch of one example is a batch like any other."""
    return gradients(projected, dy, x, W1, b1, W2, b2, Ws)


@hidden("projection_backward", **together(at_the_kinks, "dy", *BLOCK, "Ws"))
@edge(announced="ReLU's derivative is 0 at exactly 0")
def passes_nothing_back_at_the_kink(dy, x, W1, b1, W2, b2, Ws):
    """Where a pre-activation is exactly 0, ReLU's derivative is 0 by agreement, as in torch."""
    return gradients(projected, dy, x, W1, b1, W2, b2, Ws)


@hidden("projection_forward", **together(of_any_size, *BLOCK, "Ws"))
@edge(announced="Inputs may be as large as 1000 and as small as 1e-20")
def takes_inputs_of_any_size(x, W1, b1, W2, b2, Ws):
    """Inputs in the hundreds and inputs of 1e-20 come through whole: nothing is cut off, or taken for 0."""
    return evaluate(projected, x, W1, b1, W2, b2, Ws)


@hidden("projection_backward", **together(of_any_size, "dy", *BLOCK, "Ws"))
@edge(announced="gradients as large as 1e4 and as small")
def takes_gradients_of_any_size(dy, x, W1, b1, W2, b2, Ws):
    """Gradients of 1e4 and gradients of 1e-20 come back whole: nothing is clipped, or taken for 0."""
    return gradients(projected, dy, x, W1, b1, W2, b2, Ws)


# post_activation_forward, post_activation_backward


@hidden("post_activation_forward", **together(a_wider_block, *BLOCK))
def matches_torch_on_other_blocks(x, W1, b1, W2, b2):
    """The output equals torch's for blocks that you haven't seen."""
    return evaluate(activated, x, W1, b1, W2, b2)


@hidden("post_activation_backward", **together(a_wider_block, "dy", *BLOCK))
def matches_autograd_on_other_blocks(dy, x, W1, b1, W2, b2):
    """All gradients equal torch autograd's for blocks that you haven't seen."""
    return gradients(activated, dy, x, W1, b1, W2, b2)


@hidden("post_activation_backward", **together(at_the_kinks, "dy", *BLOCK))
@edge(announced="Both ReLUs have the derivative 0 at exactly 0")
def passes_nothing_back_at_either_kink(dy, x, W1, b1, W2, b2):
    """Where what comes in at one of the two ReLUs is exactly 0, its derivative is 0 by agreement, as in torch."""
    return gradients(activated, dy, x, W1, b1, W2, b2)


@hidden("post_activation_forward", **together(a_plain_one_of_any_size, *BLOCK))
@edge(announced="Inputs may be as large as 1000 and as small as 1e-20")
def takes_inputs_of_any_size(x, W1, b1, W2, b2):
    """Inputs in the hundreds and inputs of 1e-20 come through whole: nothing is cut off, or taken for 0."""
    return evaluate(activated, x, W1, b1, W2, b2)


@hidden("post_activation_backward", **together(a_plain_one_of_any_size, "dy", *BLOCK))
@edge(announced="gradients as large as 1e4 and as small")
def takes_gradients_of_any_size(dy, x, W1, b1, W2, b2):
    """Gradients of 1e4 and gradients of 1e-20 come back whole: nothing is clipped, or taken for 0."""
    return gradients(activated, dy, x, W1, b1, W2, b2)


# residual_stack_backward


def a_taller_stack(rng, *, blocks=(2, 6), examples=(2, 7), widths=(1, 5), scale=0.7, others=1.0, size=1.0):
    """Several blocks, one behind the other, after their forward pass, and a gradient that comes back.

    ``scale`` is the size of the weights, ``others`` that of the biases, and ``size`` that of the input.
    """
    N, D = rng.integers(*examples), rng.integers(*widths)
    found = []
    for _ in range(rng.integers(*blocks)):
        H = rng.choice([D, rng.integers(*widths)])
        W1, W2 = scale * rng.normal(size=(D, H)), scale * rng.normal(size=(H, D))
        found.append((W1, others * rng.normal(size=H), W2, others * rng.normal(size=D)))
    xs = [size * rng.normal(size=(N, D))]
    for block in found[:-1]:
        xs.append(evaluate(residual, xs[-1], *block))
    return {"dy": rng.normal(size=(N, D)), "xs": xs, "blocks": found}


def a_deep_stack(rng):
    """A dozen blocks."""
    return a_taller_stack(rng, blocks=(12, 13), examples=(1, 4), widths=(2, 4), scale=0.4)


def a_stack_of_any_size(rng):
    """A stack with weights and biases up to some 20 and a large gradient, or with a tiny input and gradient."""
    few = {"blocks": (2, 4), "examples": (2, 5), "widths": (1, 4)}
    if rng.random() < 0.5:
        stack = a_taller_stack(rng, **few, scale=8.0, others=8.0)
        return {**stack, "dy": large(rng, stack["dy"])}
    stack = a_taller_stack(rng, **few, others=0.0, size=10.0 ** rng.uniform(-20, -7))
    return {**stack, "dy": 10.0 ** rng.uniform(-20, -7) * stack["dy"]}


def a_stack_at_the_kinks(rng):
    """Two blocks of whole numbers, one behind the other."""
    first = at_the_kinks(rng)
    W1, W2 = first["W1"], first["W2"]
    H = W1.shape[1]
    second = (W1[:, ::-1], rng.integers(-1, 2, H).astype(float), W2[::-1], first["b2"])
    blocks = [(W1, first["b1"], W2, first["b2"]), second]
    return {"dy": first["dy"], "xs": [first["x"], evaluate(residual, first["x"], *blocks[0])], "blocks": blocks}


@hidden("residual_stack_backward", **together(a_taller_stack, "dy", "xs", "blocks"))
def matches_autograd_on_other_stacks(dy, xs, blocks):
    """The gradients of every block equal torch autograd's for stacks that you haven't seen."""
    return stack_gradients(dy, xs, blocks)


@hidden("residual_stack_backward", **together(a_deep_stack, "dy", "xs", "blocks"))
@edge(announced="one or a dozen")
def goes_all_the_way_back(dy, xs, blocks):
    """Through a dozen blocks the gradient reaches the first, as large or as small as it must be there."""
    return stack_gradients(dy, xs, blocks)


@hidden("residual_stack_backward", **together(a_stack_at_the_kinks, "dy", "xs", "blocks"))
@edge(announced="ReLU's derivative is 0 at exactly 0")
def passes_nothing_back_at_the_kink(dy, xs, blocks):
    """Where a pre-activation is exactly 0, ReLU's derivative is 0 by agreement, as in torch."""
    return stack_gradients(dy, xs, blocks)


@hidden("residual_stack_backward", **together(a_stack_of_any_size, "dy", "xs", "blocks"))
@edge(announced="gradients as large as 1e4 and as small")
def takes_gradients_of_any_size(dy, xs, blocks):
    """Gradients of 1e4 and gradients of 1e-20 come back whole: nothing is clipped, or taken for 0."""
    return stack_gradients(dy, xs, blocks)
