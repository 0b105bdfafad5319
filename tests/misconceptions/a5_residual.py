"""Known wrong answers to a5. Each docstring is the hint: it names the mistake and leaves the answer to the student."""

import numpy as np
from htilde import misconception, probes


def relu(h_tilde):
    return np.maximum(h_tilde, 0)


def mask(h_tilde):
    return (h_tilde > 0).astype(float)


def branch(x, W1, b1, W2, b2):
    return relu(x @ W1 + b1) @ W2 + b2


def branch_backward(dy, x, W1, b1, W2, b2):
    """The right gradients of the branch alone: dx, dW1, db1, dW2, db2."""
    h_tilde = x @ W1 + b1
    dh_tilde = dy @ W2.T * mask(h_tilde)
    return dh_tilde @ W1.T, x.T @ dh_tilde, dh_tilde.sum(axis=0), relu(h_tilde).T @ dy, dy.sum(axis=0)


def residual_backward(dy, x, W1, b1, W2, b2):
    dx, *others = branch_backward(dy, x, W1, b1, W2, b2)
    return dx + dy, *others


def a_block(seed, N, D, H, out):
    """A block of these widths, and a batch."""
    rng = np.random.default_rng(seed)
    x, dy = rng.uniform(-1.5, 1.5, (N, D)), rng.uniform(-1.5, 1.5, (N, out))
    block = {"x": x, "W1": rng.uniform(-1.5, 1.5, (D, H)), "b1": rng.uniform(-0.5, 1, H)}
    block |= {"W2": rng.uniform(-1.5, 1.5, (H, out)), "b2": rng.uniform(-1, 1, out)}
    return block, dy, {"Ws": rng.uniform(-1.5, 1.5, (D, out))}


# Of one width, so that a transpose too many goes through, and of different ones.
BLOCKS = [a_block(3, 3, 3, 3, 3), a_block(4, 4, 3, 5, 3)]
PROJECTIONS = [*BLOCKS, a_block(5, 2, 3, 4, 2)]
KINK = {
    "x": np.array([[1.0, -1.0, 0.0], [0.0, 2.0, 1.0]]),
    "W1": np.array([[1.0, 0.0, 1.0], [1.0, 1.0, 0.0], [0.0, -1.0, 2.0]]),
    "b1": np.zeros(3),
    "W2": np.array([[1.0, 0.0, -1.0], [2.0, -1.0, 0.0], [0.0, 1.0, 1.0]]),
    "b2": np.array([-1.0, 0.0, 1.0]),
}
AT_THE_KINK = np.array([[0.5, 1.0, -2.0], [1.5, -1.0, 1.0]])


def a_stack(seed, N, D, *widths):
    rng = np.random.default_rng(seed)
    blocks = []
    for H in widths:
        W1, b1 = rng.uniform(-1, 1, (D, H)), rng.uniform(-0.5, 1, H)
        blocks.append((W1, b1, rng.uniform(-1, 1, (H, D)), rng.uniform(-1, 1, D)))
    xs = [rng.uniform(-1.5, 1.5, (N, D))]
    for block in blocks[:-1]:
        xs.append(xs[-1] + branch(xs[-1], *block))
    return {"dy": rng.uniform(-1.5, 1.5, (N, D)), "xs": xs, "blocks": blocks}


STACKS = [a_stack(6, 3, 3, 3, 3, 3), a_stack(7, 2, 3, 4, 2, 5, 3)]

for block, dy, _ in BLOCKS:
    probes("residual_forward", **block)
    probes("residual_backward", dy=dy, **block)
    probes("post_activation_forward", **block)
    probes("post_activation_backward", dy=dy, **block)
for block, dy, shortcut in PROJECTIONS:
    probes("projection_forward", **block, **shortcut)
    probes("projection_backward", dy=dy, **block, **shortcut)
for exercise in ("residual_backward", "post_activation_backward"):
    probes(exercise, dy=AT_THE_KINK, **KINK)
for stack in STACKS:
    probes("residual_stack_backward", **stack)


@misconception("residual_forward")
def forgets_the_shortcut(x, W1, b1, W2, b2):
    """The shortcut is missing: this is the branch alone. The input is added to it."""
    return branch(x, W1, b1, W2, b2)


@misconception("residual_forward")
def forgets_the_activation(x, W1, b1, W2, b2):
    """Between the two linear halves of the branch there is no ReLU. Without it they are a single linear one."""
    return x + (x @ W1 + b1) @ W2 + b2


@misconception("residual_forward")
def activates_the_sum(x, W1, b1, W2, b2):
    """A ReLU comes after the sum. In this block nothing stands on the shortcut, neither before nor after the plus; that variant comes later."""
    return relu(x + branch(x, W1, b1, W2, b2))


@misconception("residual_forward")
def activates_the_end_of_the_branch(x, W1, b1, W2, b2):
    """The branch ends in a ReLU, so it could only ever add to x. It ends with its second linear half."""
    return x + relu(branch(x, W1, b1, W2, b2))


@misconception("residual_forward")
def activates_the_input(x, W1, b1, W2, b2):
    """The branch begins with a ReLU, and there is none in its middle. It stands between the two linear halves."""
    return x + (relu(x) @ W1 + b1) @ W2 + b2


@misconception("residual_forward")
def activates_the_shortcut(x, W1, b1, W2, b2):
    """A ReLU stands on the shortcut. The input is added as it is."""
    return relu(x) + branch(x, W1, b1, W2, b2)


@misconception("residual_forward")
def forgets_the_first_bias(x, W1, b1, W2, b2):
    """b1 is missing."""
    return x + branch(x, W1, 0 * b1, W2, b2)


@misconception("residual_forward")
def forgets_the_second_bias(x, W1, b1, W2, b2):
    """b2 is missing."""
    return x + branch(x, W1, b1, W2, 0 * b2)


@misconception("residual_forward")
def subtracts_the_input(x, W1, b1, W2, b2):
    """The input is subtracted. F is what the block adds to its input, so the input itself has a plus."""
    return branch(x, W1, b1, W2, b2) - x


@misconception("residual_forward")
def multiplies_by_the_input(x, W1, b1, W2, b2):
    """The input is multiplied with the branch. It is added."""
    return x * branch(x, W1, b1, W2, b2)


@misconception("residual_forward")
def averages_the_two(x, W1, b1, W2, b2):
    """The mean of input and branch is taken. It is their sum: a shortcut of 1/2 would halve the gradient in every block."""
    return (x + branch(x, W1, b1, W2, b2)) / 2


@misconception("residual_forward")
def adds_the_hidden_units(x, W1, b1, W2, b2):
    """What is added to the branch is its own middle. The shortcut leads from the input, past the whole branch."""
    return relu(x @ W1 + b1) + branch(x, W1, b1, W2, b2)


@misconception("residual_backward")
def drops_the_shortcut(dy, x, W1, b1, W2, b2):
    """In dx the shortcut is missing. x was used twice, by the branch and by the shortcut, so it collects from both."""
    return branch_backward(dy, x, W1, b1, W2, b2)


@misconception("residual_backward")
def drops_the_branch(dy, x, W1, b1, W2, b2):
    """dx is dy alone, what comes by the shortcut. x was used by the branch, too, and collects from both."""
    _, *others = branch_backward(dy, x, W1, b1, W2, b2)
    return dy, *others


@misconception("residual_backward")
def adds_one_for_the_shortcut(dy, x, W1, b1, W2, b2):
    """For the shortcut 1 is added to dx. Its local gradient is 1, and the chain rule multiplies that by what comes in: dy."""
    dx, *others = branch_backward(dy, x, W1, b1, W2, b2)
    return dx + 1, *others


@misconception("residual_backward")
def multiplies_the_two_ways(dy, x, W1, b1, W2, b2):
    """The gradients of the two ways are multiplied. Where ways meet again on the way back, they add up."""
    dx, *others = branch_backward(dy, x, W1, b1, W2, b2)
    return dx * dy, *others


@misconception("residual_backward")
def sends_the_shortcut_through_the_branch(dy, x, W1, b1, W2, b2):
    """dx is twice what comes through the branch. What comes by the shortcut meets no weight and no ReLU."""
    dx, *others = branch_backward(dy, x, W1, b1, W2, b2)
    return 2 * dx, *others


@misconception("residual_backward")
def masks_the_shortcut(dy, x, W1, b1, W2, b2):
    """On the shortcut the gradient is masked by the sign of x. Nothing stands on the shortcut of this block."""
    dx, *others = branch_backward(dy, x, W1, b1, W2, b2)
    return dx + dy * mask(x), *others


@misconception("residual_backward")
def adds_the_input(dy, x, W1, b1, W2, b2):
    """x is added to dx, as on the way there. On the way back the shortcut passes on dy."""
    dx, *others = branch_backward(dy, x, W1, b1, W2, b2)
    return dx + x, *others


@misconception("residual_backward")
def subtracts_the_shortcut(dy, x, W1, b1, W2, b2):
    """dy is subtracted in dx. The shortcut has a plus, there and back."""
    dx, *others = branch_backward(dy, x, W1, b1, W2, b2)
    return dx - dy, *others


def other_mask(slopes, dy, x, W1, b1, W2, b2):
    """The way back with other local gradients of the branch's ReLU."""
    dh_tilde = dy @ W2.T * slopes
    h = relu(x @ W1 + b1)
    return dh_tilde @ W1.T + dy, x.T @ dh_tilde, dh_tilde.sum(axis=0), h.T @ dy, dy.sum(axis=0)


@misconception("residual_backward")
def forgets_the_activation(dy, x, W1, b1, W2, b2):
    """The ReLU inside the branch is missing on the way back. Where its pre-activation was negative, nothing comes through."""
    return other_mask(1.0, dy, x, W1, b1, W2, b2)


@misconception("residual_backward")
def masks_by_the_gradient(dy, x, W1, b1, W2, b2):
    """The ReLU's mask is taken from the gradient. What decides is the sign of the pre-activation."""
    return other_mask(mask(dy @ W2.T), dy, x, W1, b1, W2, b2)


@misconception("residual_backward")
def forgets_the_bias_in_the_mask(dy, x, W1, b1, W2, b2):
    """The pre-activation has been computed anew without b1, so the mask is another one."""
    return other_mask(mask(x @ W1), dy, x, W1, b1, W2, b2)


@misconception("residual_backward")
def lets_the_kink_through(dy, x, W1, b1, W2, b2):
    """At a pre-activation of exactly 0 something comes through the ReLU. By agreement its derivative is 0 there."""
    return other_mask((x @ W1 + b1 >= 0).astype(float), dy, x, W1, b1, W2, b2)


@misconception("residual_backward")
def multiplies_by_the_activation(dy, x, W1, b1, W2, b2):
    """The gradient meets the value of the ReLU, where the chain rule wants its slope, 0 or 1."""
    return other_mask(relu(x @ W1 + b1), dy, x, W1, b1, W2, b2)


@misconception("residual_backward")
def takes_dW2_from_the_pre_activation(dy, x, W1, b1, W2, b2):
    """dW2 is computed from h_tilde. What came in at W2 is what the ReLU had made of it."""
    dx, dW1, db1, _, db2 = residual_backward(dy, x, W1, b1, W2, b2)
    return dx, dW1, db1, (x @ W1 + b1).T @ dy, db2


@misconception("residual_backward")
def takes_dW1_from_dh(dy, x, W1, b1, W2, b2):
    """dW1 is computed from the gradient behind the ReLU. W1 stands in front of it."""
    dx, _, db1, dW2, db2 = residual_backward(dy, x, W1, b1, W2, b2)
    return dx, x.T @ (dy @ W2.T), db1, dW2, db2


@misconception("residual_backward")
def takes_db1_from_dh(dy, x, W1, b1, W2, b2):
    """db1 is computed from the gradient behind the ReLU. b1 stands in front of it."""
    dx, dW1, _, dW2, db2 = residual_backward(dy, x, W1, b1, W2, b2)
    return dx, dW1, (dy @ W2.T).sum(axis=0), dW2, db2


@misconception("residual_backward")
def takes_db2_from_dx(dy, x, W1, b1, W2, b2):
    """db2 is computed from dx. b2 is added at the very end, so what comes in there is dy."""
    dx, dW1, db1, dW2, _ = residual_backward(dy, x, W1, b1, W2, b2)
    return dx, dW1, db1, dW2, dx.sum(axis=0)


@misconception("residual_backward")
def takes_dW1_from_the_whole_gradient(dy, x, W1, b1, W2, b2):
    """dW1 collects the shortcut's gradient, too. The shortcut leads past W1: only what comes through the branch belongs to it."""
    dx, _dW1, db1, dW2, db2 = residual_backward(dy, x, W1, b1, W2, b2)
    return dx, x.T @ (dy @ W2.T * mask(x @ W1 + b1) + dy @ W1), db1, dW2, db2


@misconception("residual_backward")
def keeps_the_batch_in_the_biases(dy, x, W1, b1, W2, b2):
    """db1 and db2 still have a row for each example. One bias serves the whole batch, so it collects from all of them."""
    dx, dW1, _, dW2, _ = residual_backward(dy, x, W1, b1, W2, b2)
    return dx, dW1, dy @ W2.T * mask(x @ W1 + b1), dW2, dy


@misconception("residual_backward")
def averages_over_the_batch(dy, x, W1, b1, W2, b2):
    """The gradients of weights and biases are divided by the number of examples. Averaging, if any, is in dy already."""
    dx, *others = residual_backward(dy, x, W1, b1, W2, b2)
    return dx, *(part / len(x) for part in others)


@misconception("residual_backward")
def transposes_nothing(dy, x, W1, b1, W2, b2):
    """On the way back the weights aren't transposed. The gradient goes from the units behind to those in front."""
    dh_tilde = dy @ W2 * mask(x @ W1 + b1)
    h = relu(x @ W1 + b1)
    return dh_tilde @ W1 + dy, x.T @ dh_tilde, dh_tilde.sum(axis=0), h.T @ dy, dy.sum(axis=0)


@misconception("residual_backward")
def returns_dx_last(dy, x, W1, b1, W2, b2):
    """The order is dx, dW1, db1, dW2, db2; here dx comes last."""
    dx, *others = residual_backward(dy, x, W1, b1, W2, b2)
    return *others, dx


@misconception("residual_backward")
def returns_the_second_half_first(dy, x, W1, b1, W2, b2):
    """The order is dx, dW1, db1, dW2, db2; here dW2 and db2 come before dW1 and db1."""
    dx, dW1, db1, dW2, db2 = residual_backward(dy, x, W1, b1, W2, b2)
    return dx, dW2, db2, dW1, db1


@misconception("projection_forward")
def forgets_the_projection(x, W1, b1, W2, b2, Ws):
    """The input is added as it is. In this block the shortcut is a linear map, x Ws."""
    return x + branch(x, W1, b1, W2, b2)


@misconception("projection_forward")
def forgets_the_shortcut(x, W1, b1, W2, b2, Ws):
    """The shortcut is missing: this is the branch alone."""
    return branch(x, W1, b1, W2, b2)


@misconception("projection_forward")
def forgets_the_branch(x, W1, b1, W2, b2, Ws):
    """The branch is missing: this is the shortcut alone."""
    return x @ Ws


@misconception("projection_forward")
def keeps_the_input_besides(x, W1, b1, W2, b2, Ws):
    """The input is added twice, as it is and projected. The projection takes the place of the plain shortcut."""
    return x + x @ Ws + branch(x, W1, b1, W2, b2)


@misconception("projection_forward")
def transposes_the_projection(x, W1, b1, W2, b2, Ws):
    """Ws is transposed. It stands to the right of x as it is, like all weights here."""
    return x @ Ws.T + branch(x, W1, b1, W2, b2)


@misconception("projection_forward")
def projects_the_sum(x, W1, b1, W2, b2, Ws):
    """The sum of input and branch is projected. Ws stands on the shortcut alone."""
    return (x + branch(x, W1, b1, W2, b2)) @ Ws


@misconception("projection_forward")
def projects_first(x, W1, b1, W2, b2, Ws):
    """The branch receives the projected input. It gets x itself; only the shortcut is projected."""
    return x @ Ws + branch(x @ Ws, W1, b1, W2, b2)


@misconception("projection_forward")
def activates_the_projection(x, W1, b1, W2, b2, Ws):
    """A ReLU stands on the shortcut. A projection is linear."""
    return relu(x @ Ws) + branch(x, W1, b1, W2, b2)


@misconception("projection_forward")
def activates_the_sum(x, W1, b1, W2, b2, Ws):
    """A ReLU comes after the sum. In this block nothing comes after the plus."""
    return relu(x @ Ws + branch(x, W1, b1, W2, b2))


@misconception("projection_forward")
def forgets_the_activation(x, W1, b1, W2, b2, Ws):
    """Between the two linear halves of the branch there is no ReLU."""
    return x @ Ws + (x @ W1 + b1) @ W2 + b2


def projection_backward(dy, x, W1, b1, W2, b2, Ws):
    dx, *others = branch_backward(dy, x, W1, b1, W2, b2)
    return dx + dy @ Ws.T, *others, x.T @ dy


@misconception("projection_backward")
def forgets_the_projection(dy, x, W1, b1, W2, b2, Ws):
    """In dx the shortcut's gradient is dy itself. It has to go back through Ws first."""
    dx, *others = branch_backward(dy, x, W1, b1, W2, b2)
    return dx + dy, *others, x.T @ dy


@misconception("projection_backward")
def drops_the_shortcut(dy, x, W1, b1, W2, b2, Ws):
    """In dx the shortcut is missing. x was used twice, so it collects from both ways."""
    return *branch_backward(dy, x, W1, b1, W2, b2), x.T @ dy


@misconception("projection_backward")
def drops_the_branch(dy, x, W1, b1, W2, b2, Ws):
    """dx is only what comes by the shortcut. x was used by the branch, too, and collects from both."""
    _, *others = branch_backward(dy, x, W1, b1, W2, b2)
    return dy @ Ws.T, *others, x.T @ dy


@misconception("projection_backward")
def forgets_to_transpose_the_projection(dy, x, W1, b1, W2, b2, Ws):
    """In dx Ws isn't transposed. The gradient goes from the output's units back to the input's."""
    dx, *others = branch_backward(dy, x, W1, b1, W2, b2)
    return dx + dy @ Ws, *others, x.T @ dy


@misconception("projection_backward")
def never_trains_the_projection(dy, x, W1, b1, W2, b2, Ws):
    """dWs is 0: the projection would never learn. It is a linear map like the others, and x came in at it."""
    return *projection_backward(dy, x, W1, b1, W2, b2, Ws)[:-1], np.zeros_like(Ws)


@misconception("projection_backward")
def returns_no_dWs(dy, x, W1, b1, W2, b2, Ws):
    """dWs is missing. Ws was used, so it has a gradient; six are asked."""
    return projection_backward(dy, x, W1, b1, W2, b2, Ws)[:-1]


@misconception("projection_backward")
def returns_dWs_transposed(dy, x, W1, b1, W2, b2, Ws):
    """dWs has come out transposed. It has the shape of Ws."""
    return *projection_backward(dy, x, W1, b1, W2, b2, Ws)[:-1], dy.T @ x


@misconception("projection_backward")
def takes_dWs_from_the_hidden_units(dy, x, W1, b1, W2, b2, Ws):
    """dWs is computed from the branch's hidden units, as dW2 is. What came in at Ws is x."""
    return *projection_backward(dy, x, W1, b1, W2, b2, Ws)[:-1], relu(x @ W1 + b1).T @ dy


@misconception("projection_backward")
def takes_dWs_from_dx(dy, x, W1, b1, W2, b2, Ws):
    """dWs is computed from dx. What comes in at Ws is dy, unchanged: nothing but the plus stands behind it."""
    found = projection_backward(dy, x, W1, b1, W2, b2, Ws)
    return *found[:-1], x.T @ found[0]


@misconception("projection_backward")
def projects_the_gradient_of_the_branch(dy, x, W1, b1, W2, b2, Ws):
    """The branch's gradient went back through Ws, too. Ws stands on the shortcut alone."""
    dx, *others = branch_backward(dy, x, W1, b1, W2, b2)
    return (dx + dy) @ Ws.T, *others, x.T @ dy


@misconception("projection_backward")
def averages_dWs(dy, x, W1, b1, W2, b2, Ws):
    """dWs is divided by the number of examples. Averaging, if any, is in dy already."""
    return *projection_backward(dy, x, W1, b1, W2, b2, Ws)[:-1], x.T @ dy / len(x)


@misconception("projection_backward")
def forgets_the_activation(dy, x, W1, b1, W2, b2, Ws):
    """The ReLU inside the branch is missing on the way back. Where its pre-activation was negative, nothing comes through."""
    _, *others = other_mask(1.0, dy, x, W1, b1, W2, b2)
    return dy @ W2.T @ W1.T + dy @ Ws.T, *others, x.T @ dy


@misconception("projection_backward")
def returns_dWs_first(dy, x, W1, b1, W2, b2, Ws):
    """The order is dx, dW1, db1, dW2, db2, dWs; here dWs comes first."""
    *others, dWs = projection_backward(dy, x, W1, b1, W2, b2, Ws)
    return dWs, *others


@misconception("projection_backward")
def returns_dWs_second(dy, x, W1, b1, W2, b2, Ws):
    """The order is dx, dW1, db1, dW2, db2, dWs; here dWs comes right after dx."""
    dx, *others, dWs = projection_backward(dy, x, W1, b1, W2, b2, Ws)
    return dx, dWs, *others


@misconception("post_activation_forward")
def forgets_the_last_activation(x, W1, b1, W2, b2):
    """There is no ReLU after the sum. In this block one comes last."""
    return x + branch(x, W1, b1, W2, b2)


@misconception("post_activation_forward")
def activates_the_branch_alone(x, W1, b1, W2, b2):
    """The last ReLU stands before the plus. It comes after the sum, so that it is on the shortcut's way, too."""
    return x + relu(branch(x, W1, b1, W2, b2))


@misconception("post_activation_forward")
def activates_the_shortcut_alone(x, W1, b1, W2, b2):
    """The last ReLU stands on the shortcut, before the plus. It comes after the sum."""
    return relu(x) + branch(x, W1, b1, W2, b2)


@misconception("post_activation_forward")
def activates_both_before_the_sum(x, W1, b1, W2, b2):
    """There is a ReLU on each way and none after the sum. The sum is activated as a whole."""
    return relu(x) + relu(branch(x, W1, b1, W2, b2))


@misconception("post_activation_forward")
def forgets_the_shortcut(x, W1, b1, W2, b2):
    """The shortcut is missing: this is the ReLU of the branch alone."""
    return relu(branch(x, W1, b1, W2, b2))


@misconception("post_activation_forward")
def forgets_the_first_activation(x, W1, b1, W2, b2):
    """Between the two linear halves of the branch there is no ReLU. This block has two."""
    return relu(x + (x @ W1 + b1) @ W2 + b2)


def activated_backward(dy, x, W1, b1, W2, b2):
    dy = dy * mask(x + branch(x, W1, b1, W2, b2))
    return residual_backward(dy, x, W1, b1, W2, b2)


@misconception("post_activation_backward")
def forgets_the_last_activation(dy, x, W1, b1, W2, b2):
    """The last ReLU is missing on the way back, as if the sum came out unchanged. It is the first that the gradient meets."""
    return residual_backward(dy, x, W1, b1, W2, b2)


@misconception("post_activation_backward")
def leaves_the_shortcut_unmasked(dy, x, W1, b1, W2, b2):
    """The last ReLU's mask is applied for the branch only, and dy goes back by the shortcut as it came. The ReLU stands behind the plus, so it is on both ways."""
    masked = dy * mask(x + branch(x, W1, b1, W2, b2))
    dx, *others = branch_backward(masked, x, W1, b1, W2, b2)
    return dx + dy, *others


@misconception("post_activation_backward")
def masks_the_shortcut_alone(dy, x, W1, b1, W2, b2):
    """The last ReLU's mask is applied on the shortcut only. The ReLU stands behind the plus, so it is on both ways."""
    dx, *others = branch_backward(dy, x, W1, b1, W2, b2)
    return dx + dy * mask(x + branch(x, W1, b1, W2, b2)), *others


@misconception("post_activation_backward")
def masks_by_the_branch(dy, x, W1, b1, W2, b2):
    """The last mask is that of the branch's value. What came in at the last ReLU is the sum."""
    return residual_backward(dy * mask(branch(x, W1, b1, W2, b2)), x, W1, b1, W2, b2)


@misconception("post_activation_backward")
def masks_by_the_input(dy, x, W1, b1, W2, b2):
    """The last mask is that of x. What came in at the last ReLU is the sum."""
    return residual_backward(dy * mask(x), x, W1, b1, W2, b2)


@misconception("post_activation_backward")
def masks_by_the_gradient(dy, x, W1, b1, W2, b2):
    """The last mask is taken from dy. What decides is the sign of what came in at the ReLU, the sum."""
    return residual_backward(relu(dy), x, W1, b1, W2, b2)


@misconception("post_activation_backward")
def masks_dx_at_the_end(dy, x, W1, b1, W2, b2):
    """The last ReLU's mask is applied to dx, at the end. It is the last thing on the way there, and so the first on the way back."""
    dx, *others = residual_backward(dy, x, W1, b1, W2, b2)
    return dx * mask(x + branch(x, W1, b1, W2, b2)), *others


@misconception("post_activation_backward")
def drops_the_shortcut(dy, x, W1, b1, W2, b2):
    """In dx the shortcut is missing. x was used twice, by the branch and by the shortcut, so it collects from both."""
    return branch_backward(dy * mask(x + branch(x, W1, b1, W2, b2)), x, W1, b1, W2, b2)


@misconception("post_activation_backward")
def drops_the_branch(dy, x, W1, b1, W2, b2):
    """dx is only what comes by the shortcut. x was used by the branch, too, and collects from both."""
    masked = dy * mask(x + branch(x, W1, b1, W2, b2))
    _, *others = branch_backward(masked, x, W1, b1, W2, b2)
    return masked, *others


@misconception("post_activation_backward")
def forgets_the_first_activation(dy, x, W1, b1, W2, b2):
    """The ReLU inside the branch is missing on the way back. This block has two."""
    return other_mask(1.0, dy * mask(x + branch(x, W1, b1, W2, b2)), x, W1, b1, W2, b2)


@misconception("post_activation_backward")
def lets_the_last_kink_through(dy, x, W1, b1, W2, b2):
    """Where the sum is exactly 0 something comes through the last ReLU. By agreement its derivative is 0 there."""
    return residual_backward(dy * (x + branch(x, W1, b1, W2, b2) >= 0), x, W1, b1, W2, b2)


@misconception("post_activation_backward")
def multiplies_by_the_output(dy, x, W1, b1, W2, b2):
    """The gradient meets the output of the last ReLU, where the chain rule wants its slope, 0 or 1."""
    return residual_backward(dy * relu(x + branch(x, W1, b1, W2, b2)), x, W1, b1, W2, b2)


def stack_backward(dy, xs, blocks, back=residual_backward):
    """The right way back through a stack, or with another way through a block."""
    found = []
    for x, block in zip(reversed(xs), reversed(blocks)):
        dy, *others = back(dy, x, *block)
        found.insert(0, tuple(others))
    return found


@misconception("residual_stack_backward")
def drops_the_shortcuts(dy, xs, blocks):
    """Between the blocks the gradient goes through the branches only. The shortcuts pass it on, too, and the two add up."""
    return stack_backward(dy, xs, blocks, branch_backward)


@misconception("residual_stack_backward")
def drops_the_branches(dy, xs, blocks):
    """Every block gets the gradient of the output, as if there were only shortcuts between the blocks. What goes back through the branches comes on top of it."""
    return [tuple(branch_backward(dy, x, *block)[1:]) for x, block in zip(xs, blocks)]


@misconception("residual_stack_backward")
def adds_one_for_each_shortcut(dy, xs, blocks):
    """For each shortcut 1 is added to the gradient. Its local gradient is 1, and the chain rule multiplies that by what comes in."""

    def back(dy, x, *block):
        dx, *others = branch_backward(dy, x, *block)
        return dx + 1, *others

    return stack_backward(dy, xs, blocks, back)


@misconception("residual_stack_backward")
def forgets_the_activations(dy, xs, blocks):
    """The ReLUs inside the branches are missing on the way back. Where a pre-activation was negative, nothing comes through."""
    return stack_backward(dy, xs, blocks, lambda *args: other_mask(1.0, *args))


@misconception("residual_stack_backward")
def activates_behind_each_sum(dy, xs, blocks):
    """Each block has a ReLU behind its sum here. These blocks are those without."""
    return stack_backward(dy, xs, blocks, activated_backward)


@misconception("residual_stack_backward")
def starts_at_the_first_block(dy, xs, blocks):
    """The gradient enters at the first block and leaves at the last. It comes from the loss, behind the last block."""
    found = []
    for x, block in zip(xs, blocks):
        dy, *others = residual_backward(dy, x, *block)
        found.append(tuple(others))
    return found


@misconception("residual_stack_backward")
def returns_the_last_block_first(dy, xs, blocks):
    """The list runs from the last block to the first, in the order in which the gradients were found. It begins with the first block, like blocks."""
    return stack_backward(dy, xs, blocks)[::-1]


@misconception("residual_stack_backward")
def takes_the_output_of_each_block(dy, xs, blocks):
    """Each block is given what it returned, not what it received. xs[k] is the input of blocks[k]."""
    last = xs[-1] + branch(xs[-1], *blocks[-1])
    return stack_backward(dy, [*xs[1:], last], blocks)


@misconception("residual_stack_backward")
def gives_each_block_the_first_input(dy, xs, blocks):
    """Every block is given xs[0]. Only the first one received that; xs[k] is the input of blocks[k]."""
    return stack_backward(dy, [xs[0]] * len(xs), blocks)


@misconception("residual_stack_backward")
def computes_the_inputs_without_shortcuts(dy, xs, blocks):
    """The inputs of the blocks have been computed anew, without the shortcuts. The right ones came in as xs."""
    plain = [xs[0]]
    for block in blocks[:-1]:
        plain.append(branch(plain[-1], *block))
    return stack_backward(dy, plain, blocks)


@misconception("residual_stack_backward")
def leaves_the_first_block_out(dy, xs, blocks):
    """The list is one block short: the loop ends before the first one. It learns, too."""
    return stack_backward(dy, xs, blocks)[1:]


@misconception("residual_stack_backward")
def drops_the_first_block(dy, xs, blocks):
    """The gradients of the first block are 0: the loop ends one block too early."""
    first, *others = stack_backward(dy, xs, blocks)
    return [tuple(np.zeros_like(part) for part in first), *others]


@misconception("residual_stack_backward")
def returns_dx_with_each_block(dy, xs, blocks):
    """Each tuple begins with dx. Asked are the four gradients of a block's own weights and biases."""
    found = []
    for x, block in zip(reversed(xs), reversed(blocks)):
        gradients = residual_backward(dy, x, *block)
        found.insert(0, gradients)
        dy = gradients[0]
    return found


@misconception("residual_stack_backward")
def returns_the_second_half_first(dy, xs, blocks):
    """In each tuple dW2 and db2 come first. The order is dW1, db1, dW2, db2, that of the block."""
    return [(dW2, db2, dW1, db1) for dW1, db1, dW2, db2 in stack_backward(dy, xs, blocks)]


@misconception("residual_stack_backward")
def averages_over_the_batch(dy, xs, blocks):
    """All gradients are divided by the number of examples. Averaging, if any, is in dy already."""
    return [tuple(part / len(dy) for part in parts) for parts in stack_backward(dy, xs, blocks)]


@misconception("residual_stack_backward")
def returns_the_first_block_alone(dy, xs, blocks):
    """This is one tuple, that of the first block. Asked is a list with a tuple for each block."""
    return stack_backward(dy, xs, blocks)[0]
