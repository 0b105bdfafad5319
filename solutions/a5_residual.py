# %% [markdown] lang="en"
# # Residual blocks
#
# In a deep network the gradient is multiplied by something in each layer, and forty factors a little too small leave
# nothing. A **residual block** adds its input to what its layers make of it,
#
# $$y = x + F(x), \qquad F(x) = \mathrm{ReLU}(x \cdot W_1 + b_1) \cdot W_2 + b_2.$$
#
# $F$ is the **branch**, the way past it the **shortcut** (or skip connection). The layers of the branch need only learn what
# is to be changed about $x$: the residue.
#
# On the way back the two ways become a sum, too:
#
# $$
# \frac{\partial \mathcal L}{\partial x}
# = \frac{\partial \mathcal L}{\partial y} \cdot \left( I + \frac{\partial F}{\partial x} \right)
# = \underbrace{\frac{\partial \mathcal L}{\partial y}}_{\text{shortcut}}
# + \underbrace{\frac{\partial \mathcal L}{\partial y} \cdot \frac{\partial F}{\partial x}}_{\text{branch}}.
# $$
#
# One often reads that with a shortcut "the gradient is always at least 1". What really holds is that it is multiplied by
# **the identity plus the Jacobian of the branch**. When the branch is small, the product stays close to the identity, and that
# is what helps. But the branch may take away as well as add: you will see blocks that make the gradient smaller, one that makes it 0, and
# stacks in which it explodes.
#
# **How to work.** Replace each `raise NotImplementedError` with your answer, run the cell, then run the `check` cell
# below it. All arrays are float64, examples are rows, and a gradient has the shape of what it is the gradient of. Return
# new arrays and leave the arguments as they are. ReLU's derivative is 0 at exactly 0. NumPy is all you need.

# %% [markdown] lang="ko"
# # 잔차 블록
#
# 깊은 신경망에서 그래디언트는 층마다 무언가와 곱해지고, 조금씩 작은 인수 마흔 개가 곱해지면 아무것도 남지 않습니다. **잔차 블록**(residual
# block)은 층이 계산한 값에 입력을 더합니다.
#
# $$y = x + F(x), \qquad F(x) = \mathrm{ReLU}(x \cdot W_1 + b_1) \cdot W_2 + b_2$$
#
# $F$를 **가지**(branch), 그 옆으로 지나가는 길을 **지름길**(shortcut, skip connection)이라고 부르겠습니다. 가지의 층들은 $x$에서 바꿀 것, 곧 잔차만
# 배우면 됩니다.
#
# 되돌아올 때에도 두 길은 합이 됩니다.
#
# $$
# \frac{\partial \mathcal L}{\partial x}
# = \frac{\partial \mathcal L}{\partial y} \cdot \left( I + \frac{\partial F}{\partial x} \right)
# = \underbrace{\frac{\partial \mathcal L}{\partial y}}_{\text{지름길}}
# + \underbrace{\frac{\partial \mathcal L}{\partial y} \cdot \frac{\partial F}{\partial x}}_{\text{가지}}
# $$
#
# 지름길이 있으면 "그래디언트가 언제나 1 이상"이라는 설명을 자주 봅니다. 실제로 성립하는 것은 그래디언트에 **단위행렬 더하기 가지의 야코비
# 행렬**이 곱해진다는 것입니다. 가지가 작으면 이 행렬은 단위행렬에 가깝고, 그것이 도움이 됩니다. 그러나 가지는 보탤 수도 있고 덜어 낼
# 수도 있습니다. 그래디언트를 작게 만드는 블록, 0으로 만드는 블록, 그리고 블록을 쌓았을 때 그래디언트가 폭발하는 경우를 보게 될 것입니다.
#
# **푸는 방법.** `raise NotImplementedError`를 여러분의 답으로 바꾸고, 셀을 실행한 다음, 그 아래의 `check` 셀을 실행하세요. 배열은 모두
# float64이고 데이터는 행이며, 그래디언트의 모양은 미분하는 대상의 모양과 같습니다. 새 배열을 반환하고 인자는 바꾸지 마세요. ReLU의
# 도함수는 정확히 0에서 0입니다. NumPy만 있으면 됩니다.

# %%
import numpy as np

from autograder import check

# %% [markdown] lang="en"
# ## A place for your own tools
#
# The cell below is yours and isn't graded. Bring what you have written in earlier notebooks, `linear_backward` say, and
# use it in your answers. It runs when your work is graded, so what stands there is there for your functions, too.

# %% [markdown] lang="ko"
# ## 여러분의 도구 상자
#
# 아래 셀은 여러분의 것이고 채점하지 않습니다. 앞의 노트북에서 작성한 함수(예를 들어 `linear_backward`)를 가져와서 답에 써도 됩니다. 채점할
# 때도 이 셀을 실행하므로, 여기에 둔 함수는 그때에도 쓸 수 있습니다.

# %%
# Your own functions can go here.

# %% [markdown] lang="en"
# ## A block
#
# Nothing stands on the shortcut, and nothing comes after the plus.

# %% [markdown] lang="ko"
# ## 블록 하나
#
# 지름길에는 아무것도 없고, 더한 다음에도 아무것도 없습니다.

# %% exercise="residual_forward"
def residual_forward(x, W1, b1, W2, b2):
    """A residual block: x + F(x), where F(x) = relu(x @ W1 + b1) @ W2 + b2.

    x has shape (N, D), W1 (D, H), b1 (H,), W2 (H, D) and b2 (D,); the result (N, D).
    """
    ### BEGIN SOLUTION
    return x + np.maximum(x @ W1 + b1, 0) @ W2 + b2
    ### END SOLUTION

# %% [markdown] lang="en"
# ## And back
#
# Upstream comes `dy`. Go through the branch from its end to its beginning, as in any network; you need its pre-activation, and compute it anew. In the
# end $x$ collects from both ways.

# %% [markdown] lang="ko"
# ## 그리고 되돌아오는 길
#
# 위에서 `dy`가 들어옵니다. 여느 신경망처럼 가지를 끝에서 처음까지 되짚어 가세요. 이때 필요한 $\tilde h$는 다시 계산하면 됩니다. 마지막에
# $x$는 두 길에서 온 그래디언트를 모두 받습니다.

# %% exercise="residual_backward"
def residual_backward(dy, x, W1, b1, W2, b2):
    """The gradients through y = residual_forward(x, W1, b1, W2, b2), where dy comes in.

    dy and x have shape (N, D). Returns dx, dW1, db1, dW2, db2, in this order, each in the shape of what it belongs to.
    """
    ### BEGIN SOLUTION
    h_tilde = x @ W1 + b1
    h = np.maximum(h_tilde, 0)
    dh_tilde = np.where(h_tilde > 0, dy @ W2.T, 0.0)
    return dy + dh_tilde @ W1.T, x.T @ dh_tilde, dh_tilde.sum(axis=0), h.T @ dy, dy.sum(axis=0)
    ### END SOLUTION

# %% [markdown] lang="en"
# Is the gradient at least as large behind a block as in front of it? A thousand random blocks, each with a random `dy`: by which
# factor does its length change? The branches of the first picture are small, those of the second large. (Pictures need matplotlib:
# `pip install matplotlib`. They are not graded.)

# %% [markdown] lang="ko"
# 블록을 지나온 그래디언트는 적어도 들어간 만큼은 클까요? 무작위 블록 천 개에 무작위 `dy`를 넣어 봅시다. 그 길이는 몇 배가 될까요? 첫 번째
# 그림은 가지가 작은 블록, 두 번째 그림은 가지가 큰 블록입니다. (그림에는 matplotlib이 필요합니다: `pip install matplotlib`. 그림은 채점하지
# 않습니다.)

# %% tags=["experiment", "raises-exception"]
import matplotlib.pyplot as plt

from autograder.pictures import show

rng = np.random.default_rng(0)
factors = {}
for scale in (0.3, 1.0):
    factors[scale] = []
    for _ in range(1000):
        x, dy = rng.normal(size=(2, 1, 8))
        W1, W2 = scale * rng.normal(0, 1 / np.sqrt(8), (2, 8, 8))
        dx = residual_backward(dy, x, W1, np.zeros(8), W2, np.zeros(8))[0]
        factors[scale].append(np.linalg.norm(dx) / np.linalg.norm(dy))
figure, both = plt.subplots(1, 2, figsize=(9, 3), layout="constrained", sharex=True)
for axes, (scale, found) in zip(both, factors.items()):
    axes.hist(found, bins=np.linspace(0, 3, 61))
    axes.axvline(1, color="black", linewidth=0.8)
    axes.set(title=f"scale {scale}", xlabel="length of dx / length of dy", ylabel="blocks")
below = ", ".join(f"{np.mean(np.array(found) < 1):.0%} at scale {scale}" for scale, found in factors.items())
show(figure, alt=f"Two histograms of the factor by which a residual block changes a gradient. Below 1 lie {below}.")

# %% [markdown] lang="en"
# Around 1 yes, at least 1 no. In the extreme, a branch that computes $-x$ cancels the shortcut, and nothing comes back at
# all; one of the properties above is about just that. What a shortcut gives is a good **start**: small branches mean factors near 1, and a network
# begins with small branches if its weights are drawn small.
#
# ## When the widths differ
#
# $x$ can only be added to something of its own shape. Where a block changes the width, the shortcut becomes a linear map
# without bias, a **projection**:
#
# $$y = x \cdot W_s + F(x)$$

# %% [markdown] lang="ko"
# 1 근처인 것은 맞지만 1 이상은 아닙니다. 극단적으로 $-x$를 계산하는 가지는 지름길을 지워 버리고, 아무것도 되돌아오지 않습니다. 위에서 확인한
# 성질 하나가 바로 그 경우입니다. 지름길이 주는 것은 좋은 **출발**입니다. 가지가 작으면 인수는 1에 가깝고, 가중치를 작게 뽑으면 신경망은
# 작은 가지에서 시작합니다.
#
# ## 폭이 다를 때
#
# $x$는 모양이 같은 것에만 더할 수 있습니다. 블록에서 폭이 바뀌면 지름길은 편향이 없는 선형 변환, 곧 **사영**(projection)이 됩니다.
#
# $$y = x \cdot W_s + F(x)$$

# %% exercise="projection_forward"
def projection_forward(x, W1, b1, W2, b2, Ws):
    """A residual block with a projection: x @ Ws + F(x), where F(x) = relu(x @ W1 + b1) @ W2 + b2.

    x has shape (N, D), W1 (D, H), b1 (H,), W2 (H, E), b2 (E,) and Ws (D, E); the result (N, E).
    """
    ### BEGIN SOLUTION
    return x @ Ws + np.maximum(x @ W1 + b1, 0) @ W2 + b2
    ### END SOLUTION

# %% exercise="projection_backward"
def projection_backward(dy, x, W1, b1, W2, b2, Ws):
    """The gradients through y = projection_forward(x, W1, b1, W2, b2, Ws), where dy, of shape (N, E), comes in.

    Returns dx, dW1, db1, dW2, db2, dWs, in this order, each in the shape of what it belongs to.
    """
    ### BEGIN SOLUTION
    h_tilde = x @ W1 + b1
    h = np.maximum(h_tilde, 0)
    dh_tilde = np.where(h_tilde > 0, dy @ W2.T, 0.0)
    dx = dy @ Ws.T + dh_tilde @ W1.T
    return dx, x.T @ dh_tilde, dh_tilde.sum(axis=0), h.T @ dy, dy.sum(axis=0), x.T @ dy
    ### END SOLUTION

# %% [markdown] lang="en"
# Now there are weights on the shortcut, too, and with them all that can make a gradient vanish. So projections
# are used only where they are needed.
#
# ## A ReLU after the sum
#
# In the first residual networks each block ended with one more ReLU,
#
# $$y = \mathrm{ReLU}(x + F(x)),$$
#
# called *post-activation*. Compare: what stands behind the plus stands on **both** ways.

# %% [markdown] lang="ko"
# 이제 지름길에도 가중치가 있고, 그래디언트를 사라지게 할 수 있는 것도 함께 생겼습니다. 그래서 사영은 꼭 필요한 곳에만 씁니다.
#
# ## 더한 다음의 ReLU
#
# 처음에 나온 잔차 신경망에서는 블록의 끝에 ReLU가 하나 더 있었습니다.
#
# $$y = \mathrm{ReLU}(x + F(x))$$
#
# 이것을 *post-activation*이라고 합니다. 앞의 블록과 견주어 보세요. 더하기 뒤에 있는 것은 **두 길 모두**에 있습니다.

# %% exercise="post_activation_forward"
def post_activation_forward(x, W1, b1, W2, b2):
    """A residual block that ends in a ReLU: relu(x + F(x)), where F(x) = relu(x @ W1 + b1) @ W2 + b2.

    x has shape (N, D), W1 (D, H), b1 (H,), W2 (H, D) and b2 (D,); the result (N, D).
    """
    ### BEGIN SOLUTION
    return np.maximum(x + np.maximum(x @ W1 + b1, 0) @ W2 + b2, 0)
    ### END SOLUTION

# %% exercise="post_activation_backward"
def post_activation_backward(dy, x, W1, b1, W2, b2):
    """The gradients through y = post_activation_forward(x, W1, b1, W2, b2), where dy comes in.

    dy and x have shape (N, D). Returns dx, dW1, db1, dW2, db2, in this order, each in the shape of what it belongs to.
    Both ReLUs have the derivative 0 at exactly 0.
    """
    ### BEGIN SOLUTION
    h_tilde = x @ W1 + b1
    h = np.maximum(h_tilde, 0)
    dsum = np.where(x + h @ W2 + b2 > 0, dy, 0.0)
    dh_tilde = np.where(h_tilde > 0, dsum @ W2.T, 0.0)
    return dsum + dh_tilde @ W1.T, x.T @ dh_tilde, dh_tilde.sum(axis=0), h.T @ dsum, dsum.sum(axis=0)
    ### END SOLUTION

# %% [markdown] lang="en"
# ## A stack of blocks
#
# Many blocks of the first kind, one behind the other: $x_{k+1} = x_k + F_k(x_k)$. The gradient comes in behind the last
# block and goes from block to block; each leaves the gradients of its own weights and biases. Multiplied out, it is a product of sums,
#
# $$
# \frac{\partial \mathcal L}{\partial x_0}
# = \frac{\partial \mathcal L}{\partial x_L} \cdot \left( I + \frac{\partial F_{L-1}}{\partial x_{L-1}} \right)
# \cdots \left( I + \frac{\partial F_0}{\partial x_0} \right),
# $$
#
# and among its many terms there is $\partial \mathcal L / \partial x_L$ itself, the way by shortcuts alone.
#
# If your answer is wrong, the message tells in which block the first wrong gradient is, on the way back. Begin there.

# %% [markdown] lang="ko"
# ## 블록을 쌓으면
#
# 첫 번째 종류의 블록을 여러 개 이어 붙입니다: $x_{k+1} = x_k + F_k(x_k)$. 그래디언트는 마지막 블록 뒤에서 들어와 블록에서 블록으로
# 건너가고, 블록마다 자신의 가중치와 편향의 그래디언트를 남깁니다. 전체는 합들의 곱입니다.
#
# $$
# \frac{\partial \mathcal L}{\partial x_0}
# = \frac{\partial \mathcal L}{\partial x_L} \cdot \left( I + \frac{\partial F_{L-1}}{\partial x_{L-1}} \right)
# \cdots \left( I + \frac{\partial F_0}{\partial x_0} \right)
# $$
#
# 이것을 전개하면 나오는 수많은 항 가운데 $\partial \mathcal L / \partial x_L$ 자신도 있습니다. 지름길만 따라온 그래디언트입니다.
#
# 답이 틀리면, 되돌아오는 길에서 처음 틀린 그래디언트가 어느 블록에 있는지 메시지가 알려 줍니다. 거기에서부터 살펴보세요.

# %% exercise="residual_stack_backward"
def residual_stack_backward(dy, xs, blocks):
    """The gradients of all weights and biases of a stack of residual blocks, where dy comes in behind the last one.

    blocks is a list of tuples (W1, b1, W2, b2), at least one; xs[k], of shape (N, D), is the input of blocks[k]. dy has
    the shape of the last block's output.

    Returns a list with a tuple (dW1, db1, dW2, db2) for each block, the first block first.
    """
    ### BEGIN SOLUTION
    gradients = []
    for x, (W1, b1, W2, _) in zip(reversed(xs), reversed(blocks)):
        h_tilde = x @ W1 + b1
        h = np.maximum(h_tilde, 0)
        dh_tilde = np.where(h_tilde > 0, dy @ W2.T, 0.0)
        gradients.append((x.T @ dh_tilde, dh_tilde.sum(axis=0), h.T @ dy, dy.sum(axis=0)))
        dy = dy + dh_tilde @ W1.T
    return gradients[::-1]
    ### END SOLUTION

# %% [markdown] lang="en"
# ## Forty layers
#
# Forty blocks, a random gradient behind the last one: how large is it when it arrives in front of each block? One line is a **plain**
# network, the same blocks without shortcuts. The others have shortcuts, and branches of three sizes. The inputs are the
# handwritten digits that come with scikit-learn (`pip install scikit-learn`).

# %% [markdown] lang="ko"
# ## 마흔 층
#
# 블록이 마흔 개 있고, 마지막 블록 뒤에서 무작위 그래디언트가 들어옵니다. 각 블록 앞에 도착할 때 그 크기는 얼마일까요? 한 선은 **평범한**
# 신경망, 곧 같은 블록에서 지름길만 없앤 것입니다. 나머지는 지름길이 있고 가지의 크기가 세 가지로 다릅니다. 입력은 scikit-learn에 들어
# 있는 손글씨 숫자입니다(`pip install scikit-learn`).

# %% tags=["experiment", "raises-exception"]
from sklearn.datasets import load_digits

digits = load_digits()
x0 = digits.data[:200] / 16 - 0.3
depth = 40


def sizes(scale, shortcut):
    """The size of the gradient in front of each of forty blocks, as a multiple of what it is behind the last one."""
    rng = np.random.default_rng(0)
    weights = [scale * rng.normal(0, 1 / 8, (2, 64, 64)) for _ in range(depth)]
    blocks = [(W1, np.zeros(64), W2, np.zeros(64)) for W1, W2 in weights]
    x, xs = x0, []
    for block in blocks:
        xs.append(x)
        y = residual_forward(x, *block)
        x = y if shortcut else y - x
    dy = start = rng.normal(size=x0.shape)
    found = []
    for x, block in zip(reversed(xs), reversed(blocks)):
        dx = residual_backward(dy, x, *block)[0]
        dy = dx if shortcut else dx - dy
        found.append(np.linalg.norm(dy) / np.linalg.norm(start))
    return np.array(found[::-1])


lines = {"plain": sizes(1.0, False)}
for scale in (0.3, 0.6, 1.0):
    lines[f"shortcuts, scale {scale}"] = sizes(scale, True)
figure, axes = plt.subplots(figsize=(7, 3.8), layout="constrained")
for (name, found), marker in zip(lines.items(), "os^D"):
    axes.semilogy(range(1, depth + 1), found, marker=marker, markevery=3, label=name)
axes.set(xlabel="block (1 is next to the input)", ylabel="size of the gradient")
axes.legend()
told = ", ".join(f"{found[0]:.1g} for {name}" for name, found in lines.items())
show(figure, alt=f"Size of the gradient in front of each of forty blocks. In front of the first it is {told}.")

# %% [markdown] lang="en"
# Without shortcuts hardly anything arrives. (Weights of just the right size would help the plain network as well; the third
# notebook is about that. With shortcuts the right size matters much less.) With shortcuts the gradient doesn't vanish here, but with large branches it
# **explodes**: forty factors a little larger than 1. That is why real residual networks keep their branches small, by
# normalization or by small weights at the start.
#
# ## Does it learn?
#
# Forty blocks and a linear layer at the end, trained on the digits with your gradients, once with shortcuts and once
# without. Below is the loss per example, the sum of squares from the second notebook. (A network that gives 1/10 to each of the
# ten digits, whatever it sees, has a loss of 0.9.)

# %% [markdown] lang="ko"
# 지름길이 없으면 거의 아무것도 도착하지 않습니다. (가중치의 크기를 꼭 알맞게 고르면 평범한 신경망에서도 도움이 됩니다. 세 번째 노트북의
# 주제입니다. 지름길이 있으면 크기를 맞추는 일이 훨씬 덜 중요해집니다.) 지름길이 있으면 여기서 그래디언트가 사라지지는 않지만, 가지가 크면
# **폭발합니다**. 1보다 조금 큰 인수가 마흔 번 곱해지기 때문입니다. 그래서 실제 잔차 신경망은 정규화를 하거나 처음에 가중치를 작게 두어 가지를 작게 유지합니다.
#
# ## 학습이 될까요
#
# 블록 마흔 개 뒤에 선형 층 하나를 두고, 여러분의 그래디언트로 손글씨 숫자를 학습합니다. 한 번은 지름길이 있고, 한 번은 없습니다. 아래는
# 데이터 하나당 손실, 곧 두 번째 노트북의 제곱합입니다. (무엇을 보든 열 개의 숫자에 모두 1/10이라고 답하는 신경망의 손실은 0.9입니다.)

# %% tags=["experiment", "raises-exception"]
targets = np.eye(10)[digits.target[:200]]


def train(shortcut, steps=80, learning_rate=0.01):
    """The loss per example before each of some steps of gradient descent."""
    rng = np.random.default_rng(1)
    scale = 0.3 if shortcut else 1.0
    blocks = [
        (scale * rng.normal(0, 1 / 8, (64, 16)), np.zeros(16), scale * rng.normal(0, 1 / 4, (16, 64)), np.zeros(64))
        for _ in range(depth)
    ]
    W, b, losses = rng.normal(0, 1 / 8, (64, 10)), np.zeros(10), []
    for _ in range(steps):
        x, xs = x0, []
        for block in blocks:
            xs.append(x)
            y = residual_forward(x, *block)
            x = y if shortcut else y - x
        error = x @ W + b - targets
        losses.append(np.sum(error**2) / len(x0))
        dy_hat = 2 * error / len(x0)
        dx = dy_hat @ W.T
        W, b = W - learning_rate * x.T @ dy_hat, b - learning_rate * dy_hat.sum(axis=0)
        if shortcut:
            gradients = residual_stack_backward(dx, xs, blocks)
        else:
            gradients = []
            for x, block in zip(reversed(xs), reversed(blocks)):
                found = residual_backward(dx, x, *block)
                gradients.insert(0, found[1:])
                dx = found[0] - dx
        blocks = [
            tuple(part - learning_rate * gradient for part, gradient in zip(block, found))
            for block, found in zip(blocks, gradients)
        ]
    return losses


curves = {"with shortcuts": train(True), "plain": train(False)}
figure, axes = plt.subplots(figsize=(7, 3.2), layout="constrained")
for (name, losses), line in zip(curves.items(), ("solid", "dashed")):
    axes.semilogy(losses, linestyle=line, label=name)
axes.set(xlabel="step", ylabel="loss per example")
axes.legend()
told = "; ".join(f"{name}: from {losses[0]:.2g} to {losses[-1]:.2g}" for name, losses in curves.items())
show(figure, alt=f"Loss of two networks of forty blocks over eighty steps. {told}.")

# %% [markdown] lang="en" question="what_a_shortcut_promises"
# ## In your own words
#
# "A skip connection makes every gradient at least 1." Correct this sentence in three to six sentences of your own, with the first
# formula of this notebook: by what is the gradient really multiplied in a block? Give one case in which it becomes smaller and
# one in which it becomes larger, name a picture above in which each can be seen, and say what shortcuts are good for all the same.
#
# *(Write your answer here, in place of this line. A person reads it.)*

# %% [markdown] lang="ko" question="what_a_shortcut_promises"
# ## 여러분의 말로
#
# "스킵 연결이 있으면 그래디언트는 언제나 1 이상이다." 이 문장을 이 노트북의 역전파 식을 써서 세 문장에서 여섯 문장으로 바로잡아 보세요.
# 블록 하나를 지날 때 그래디언트에는 실제로 무엇이 곱해질까요? 그래디언트가 작아지는 경우와 커지는 경우를 하나씩 들고, 위의 어느 그림에서
# 볼 수 있는지 밝히세요. 그런데도 지름길이 쓸모 있는 까닭은 무엇일까요?
#
# *(이 줄을 지우고 답을 쓰세요. 사람이 읽고 채점합니다.)*

# %% [markdown] lang="en"
# ## Before you hand in
#
# Save, then run the cell below. It runs your notebook from the top in a fresh process, as the grader will: a function
# that only works because of a cell you have deleted since will not work there. Some properties are hidden; they make the
# same claims about inputs that you haven't seen.

# %% [markdown] lang="ko"
# ## 제출하기 전에
#
# 저장한 다음 아래의 셀을 실행하세요. 채점할 때처럼 새 프로세스에서 노트북을 처음부터 실행합니다. 이미 지워 버린 셀 덕분에 돌아가던
# 함수는 거기에서는 돌아가지 않습니다. 숨은 성질도 있습니다. 같은 주장을 여러분이 보지 못한 입력에 대해 확인합니다.

# %% tags=["experiment"]
check()
