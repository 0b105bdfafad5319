"""Public properties of a5: students may read these, and their examples ship with the assignment."""

import numpy as np
from htilde import edge, example, parts, public
from htilde.oracle import evaluate, gradients
from htilde.strategies import together
from shared.a5_residual import BLOCK, activated, projected, residual, stack_gradients

parts("residual_backward", "dx", "dW1", "db1", "dW2", "db2")
parts("projection_backward", "dx", "dW1", "db1", "dW2", "db2", "dWs")
parts("post_activation_backward", "dx", "dW1", "db1", "dW2", "db2")
parts(
    "residual_stack_backward",
    *("dW1", "db1", "dW2", "db2"),
    along="block",
    backward=True,
    order=("dW2", "db2", "dW1", "db1"),
    each=True,
)


def a_block(rng, *, examples=(2, 5), widths=(1, 5), out=None):
    """A batch that meets a residual block, and a gradient that comes back. In a third of them D equals H."""
    N, (D, H) = rng.integers(*examples), rng.integers(*widths, 2)
    H = rng.choice([D, H, H])
    out = D if out is None else rng.choice([D, rng.integers(*widths)])
    return {
        "x": rng.uniform(-2, 2, (N, D)),
        "W1": rng.uniform(-1.5, 1.5, (D, H)),
        "b1": rng.uniform(-1, 1, H),
        "W2": rng.uniform(-1.5, 1.5, (H, out)),
        "b2": rng.uniform(-1, 1, out),
        "Ws": rng.uniform(-1.5, 1.5, (D, out)),
        "dy": rng.uniform(-2, 2, (N, out)),
    }


def a_projection(rng):
    """A block whose output may have another width than its input."""
    return a_block(rng, out=True)


def a_dead_branch(rng):
    """A block in which every unit of the branch is off for the whole batch."""
    block = a_block(rng)
    return {**block, "b1": -10.0 - block["b1"]}


def a_cancelling_branch(rng):
    """A block whose branch is exactly -x for positive x: W1 is a diagonal, W2 minus its inverse."""
    N, D = rng.integers(1, 4, 2)
    powers = 2.0 ** rng.integers(-1, 3, D)
    return {
        "x": rng.integers(1, 9, (N, D)) / 4,
        "W1": np.diag(powers),
        "b1": np.zeros(D),
        "W2": -np.diag(1 / powers),
        "b2": np.zeros(D),
        "dy": rng.integers(-8, 9, (N, D)) / 4,
    }


x, dy = np.array([[1.0, -2.0], [0.5, 3.0]]), np.array([[1.0, 2.0], [-1.0, 0.5]])
W1, b1 = np.array([[1.0, -1.0, 0.5], [0.5, 1.0, -2.0]]), np.array([0.25, 0.5, 1.0])
W2, b2 = np.array([[2.0, -1.0], [0.5, 1.0], [-1.0, 0.25]]), np.array([0.5, -0.5])
small = {"x": x, "W1": W1, "b1": b1, "W2": W2, "b2": b2}


# residual_forward, residual_backward


@public("residual_forward", **together(a_block, *BLOCK))
@example(**small)
def matches_torch(x, W1, b1, W2, b2):
    """The output equals torch's: the input, and the branch added to it."""
    return evaluate(residual, x, W1, b1, W2, b2)


@public("residual_forward", **together(a_dead_branch, *BLOCK))
@edge(announced="all units of a branch may be off")
def lets_the_input_through_where_the_branch_is_dead(x, W1, b1, W2, b2):
    """Where no unit of the branch is on, the output is the input plus b2."""
    return evaluate(residual, x, W1, b1, W2, b2)


@public("residual_backward", **together(a_block, "dy", *BLOCK))
@example(dy=dy, **small)
def matches_autograd(dy, x, W1, b1, W2, b2):
    """All five gradients equal torch autograd's for a random upstream gradient dy."""
    return gradients(residual, dy, x, W1, b1, W2, b2)


@public("residual_backward", **together(a_dead_branch, "dy", *BLOCK))
@edge(announced="all units of a branch may be off")
def passes_the_gradient_on_where_the_branch_is_dead(dy, x, W1, b1, W2, b2):
    """Where no unit of the branch is on, dx is dy itself: the shortcut is still there."""
    return gradients(residual, dy, x, W1, b1, W2, b2)


@public("residual_backward", **together(a_cancelling_branch, "dy", *BLOCK))
@edge(announced="one that makes it 0")
def can_be_cancelled(dy, x, W1, b1, W2, b2):
    """A branch that computes -x cancels the shortcut, and dx is 0: a shortcut promises no gradient of at least 1."""
    return gradients(residual, dy, x, W1, b1, W2, b2)


# projection_forward, projection_backward


@public("projection_forward", **together(a_projection, *BLOCK, "Ws"))
@example(**small, Ws=np.array([[1.0, 2.0], [0.5, -1.0]]))
def matches_torch(x, W1, b1, W2, b2, Ws):
    """The output equals torch's: the input times Ws, and the branch added to it."""
    return evaluate(projected, x, W1, b1, W2, b2, Ws)


@public("projection_backward", **together(a_projection, "dy", *BLOCK, "Ws"))
@example(dy=dy, **small, Ws=np.array([[1.0, 2.0], [0.5, -1.0]]))
def matches_autograd(dy, x, W1, b1, W2, b2, Ws):
    """All six gradients equal torch autograd's for a random upstream gradient dy."""
    return gradients(projected, dy, x, W1, b1, W2, b2, Ws)


def an_identity(rng):
    """A shortcut whose projection changes nothing."""
    block = a_block(rng)
    return {**block, "Ws": np.eye(len(block["b2"]))}


@public("projection_forward", **together(an_identity, *BLOCK, "Ws"))
@edge(announced="Ws may be the identity")
def is_the_plain_block_without_a_projection(x, W1, b1, W2, b2, Ws):
    """With the identity as Ws it is the residual block from above."""
    return evaluate(residual, x, W1, b1, W2, b2)


@public("projection_backward", **together(an_identity, "dy", *BLOCK, "Ws"))
@edge(announced="Ws may be the identity")
def knows_what_the_identity_would_like_to_become(dy, x, W1, b1, W2, b2, Ws):
    """With the identity as Ws the first five are those of the residual block, and Ws has a gradient all the same."""
    return gradients(projected, dy, x, W1, b1, W2, b2, Ws)


# post_activation_forward, post_activation_backward


@public("post_activation_forward", **together(a_block, *BLOCK))
@example(**small)
def matches_torch(x, W1, b1, W2, b2):
    """The output equals torch's: ReLU of the sum of input and branch."""
    return evaluate(activated, x, W1, b1, W2, b2)


@public("post_activation_forward", **together(a_dead_branch, *BLOCK))
@edge(announced="all units of a branch may be off")
def activates_the_shortcut_where_the_branch_is_dead(x, W1, b1, W2, b2):
    """Where no unit of the branch is on, the output is ReLU of the input plus b2."""
    return evaluate(activated, x, W1, b1, W2, b2)


@public("post_activation_backward", **together(a_block, "dy", *BLOCK))
@example(dy=dy, **small)
def matches_autograd(dy, x, W1, b1, W2, b2):
    """All five gradients equal torch autograd's for a random upstream gradient dy."""
    return gradients(activated, dy, x, W1, b1, W2, b2)


def everything_off(rng):
    """A block whose sum is negative for each unit: the last ReLU lets nothing through."""
    block = a_block(rng)
    return {**block, "b2": block["b2"] - 50.0}


@public("post_activation_backward", **together(everything_off, "dy", *BLOCK))
@edge(announced="the last one may be off for all units")
def stops_at_the_last_activation(dy, x, W1, b1, W2, b2):
    """Where the sum is negative the last ReLU lets nothing back, by the shortcut no more than by the branch."""
    return gradients(activated, dy, x, W1, b1, W2, b2)


# residual_stack_backward


def a_stack(rng, *, blocks=(2, 5), examples=(2, 4), widths=(1, 4)):
    """Several blocks, one behind the other, after their forward pass, and a gradient that comes back."""
    N, D = rng.integers(*examples), rng.integers(*widths)
    found = []
    for _ in range(rng.integers(*blocks)):
        H = rng.choice([D, rng.integers(*widths)])
        W1, b1 = rng.uniform(-1, 1, (D, H)), rng.uniform(-0.5, 1, H)
        found.append((W1, b1, rng.uniform(-1, 1, (H, D)), rng.uniform(-1, 1, D)))
    return a_pass(rng.uniform(-2, 2, (N, D)), found, rng.uniform(-2, 2, (N, D)))


def a_pass(x, blocks, dy):
    xs = [x]
    for block in blocks[:-1]:
        xs.append(evaluate(residual, xs[-1], *block))
    return {"dy": dy, "xs": xs, "blocks": blocks}


def one_block(rng):
    return a_stack(rng, blocks=(1, 2))


@public("residual_stack_backward", **together(a_stack, "dy", "xs", "blocks"))
@example(**a_pass(x, [(W1, b1, W2, b2), (W1[:, :1], b1[:1], W2[:1], b2)], dy))
def matches_autograd(dy, xs, blocks):
    """The gradients of every block equal torch autograd's through the whole stack."""
    return stack_gradients(dy, xs, blocks)


@public("residual_stack_backward", **together(one_block, "dy", "xs", "blocks"))
@edge(announced="one or a dozen")
def knows_a_stack_of_one(dy, xs, blocks):
    """A single block is a stack, too: a list with one tuple."""
    return stack_gradients(dy, xs, blocks)
