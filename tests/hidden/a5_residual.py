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


def large(rng, gradient):
    """A gradient whose examples are between 10 and 1e4."""
    return 10.0 ** rng.uniform(1, 4, (len(gradient), 1)) * np.where(gradient > 0, 1.0, -1.0) * (1 + np.abs(gradient))


def a_loud_projection(rng, *, out=True):
    """A block whose inputs are in the hundreds, and a gradient that may be as large as 1e4."""
    block = a_wider_block(rng, examples=(2, 6), widths=(1, 5), out=out)
    return {**block, "x": rng.uniform(-900, 900, block["x"].shape), "dy": large(rng, block["dy"])}


def a_loud_block(rng):
    return a_loud_projection(rng, out=None)


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


@hidden("residual_forward", **together(a_loud_block, *BLOCK))
@edge(announced="Inputs may be in the hundreds")
def takes_large_inputs(x, W1, b1, W2, b2):
    """Inputs in the hundreds go through whole: nothing is cut off."""
    return evaluate(residual, x, W1, b1, W2, b2)


@hidden("residual_backward", **together(a_loud_block, "dy", *BLOCK))
@edge(announced="gradients as large as 1e4")
def takes_large_gradients(dy, x, W1, b1, W2, b2):
    """Gradients as large as 1e4 come back whole: nothing is clipped."""
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


@hidden("projection_forward", **together(a_loud_projection, *BLOCK, "Ws"))
@edge(announced="Inputs may be in the hundreds")
def takes_large_inputs(x, W1, b1, W2, b2, Ws):
    """Inputs in the hundreds go through whole: nothing is cut off."""
    return evaluate(projected, x, W1, b1, W2, b2, Ws)


@hidden("projection_backward", **together(a_loud_projection, "dy", *BLOCK, "Ws"))
@edge(announced="gradients as large as 1e4")
def takes_large_gradients(dy, x, W1, b1, W2, b2, Ws):
    """Gradients as large as 1e4 come back whole: nothing is clipped."""
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


@hidden("post_activation_forward", **together(a_loud_block, *BLOCK))
@edge(announced="Inputs may be in the hundreds")
def takes_large_inputs(x, W1, b1, W2, b2):
    """Inputs in the hundreds go through whole: nothing is cut off."""
    return evaluate(activated, x, W1, b1, W2, b2)


@hidden("post_activation_backward", **together(a_loud_block, "dy", *BLOCK))
@edge(announced="gradients as large as 1e4")
def takes_large_gradients(dy, x, W1, b1, W2, b2):
    """Gradients as large as 1e4 come back whole: nothing is clipped."""
    return gradients(activated, dy, x, W1, b1, W2, b2)


# residual_stack_backward


def a_taller_stack(rng, *, blocks=(2, 6), examples=(2, 7), widths=(1, 5), scale=0.7):
    """Several blocks, one behind the other, after their forward pass, and a gradient that comes back."""
    N, D = rng.integers(*examples), rng.integers(*widths)
    found = []
    for _ in range(rng.integers(*blocks)):
        H = rng.choice([D, rng.integers(*widths)])
        W1, W2 = scale * rng.normal(size=(D, H)), scale * rng.normal(size=(H, D))
        found.append((W1, rng.normal(size=H), W2, rng.normal(size=D)))
    xs = [rng.normal(size=(N, D))]
    for block in found[:-1]:
        xs.append(evaluate(residual, xs[-1], *block))
    return {"dy": rng.normal(size=(N, D)), "xs": xs, "blocks": found}


def a_deep_stack(rng):
    """A dozen blocks."""
    return a_taller_stack(rng, blocks=(12, 13), examples=(1, 4), widths=(2, 4), scale=0.4)


def a_loud_stack(rng):
    """A stack to which a gradient as large as 1e4 comes back."""
    stack = a_taller_stack(rng, examples=(2, 5), widths=(1, 4))
    return {**stack, "dy": large(rng, stack["dy"])}


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


@hidden("residual_stack_backward", **together(a_loud_stack, "dy", "xs", "blocks"))
@edge(announced="gradients as large as 1e4")
def takes_large_gradients(dy, xs, blocks):
    """Gradients as large as 1e4 come back whole: nothing is clipped."""
    return stack_gradients(dy, xs, blocks)
