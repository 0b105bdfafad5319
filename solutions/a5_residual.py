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
# below it. All arrays are float64, examples are rows, and a gradient has the shape of what it is the gradient of. N and
# all widths are at least 1. Inputs may be as large as 1000 and as small as 1e-20, gradients as large as 1e4 and as small,
# weights as large as 50, and all units of a branch may be off for the whole batch. ReLU's derivative is 0 at exactly 0.
# Return new arrays and leave the arguments as they are. NumPy is all you need.

# %% [markdown] lang="ko"
# # 잔차 블록
#
# 깊은 신경망에서 그래디언트는 층마다 무언가와 곱해지고, 1보다 조금씩 작은 인수가 마흔 번 곱해지면 아무것도 남지 않습니다. **잔차 블록**(residual
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
# 지름길이 있으면 "그래디언트가 언제나 1 이상"이라는 설명을 자주 봅니다. 실제로 성립하는 것은 그래디언트에 **단위행렬과 가지의 야코비 행렬을
# 더한 것**이 곱해진다는 것입니다. 가지가 작으면 이 행렬은 단위행렬에 가깝고, 그것이 도움이 됩니다. 그러나 가지는 보탤 수도 있고 덜어 낼
# 수도 있습니다. 그래디언트를 작게 만드는 블록, 0으로 만드는 블록, 그리고 블록을 쌓았을 때 그래디언트가 폭발하는 경우를 보게 될 것입니다.
#
# **푸는 방법.** `raise NotImplementedError`를 여러분의 답으로 바꾸고, 셀을 실행한 다음, 그 아래의 `check` 셀을 실행하세요. 배열은 모두
# float64이고 데이터는 행이며, 그래디언트의 모양은 미분하는 대상의 모양과 같습니다. N과 폭은 모두 1 이상입니다. 입력은 1000만큼 크거나
# 1e-20만큼 작을 수 있고, 그래디언트는 1e4만큼 크거나 역시 그만큼 작을 수 있고, 가중치는 50만큼 클 수 있으며, 배치 전체에서 가지의 모든 유닛이 꺼져 있을 수도 있습니다.
# ReLU의 도함수는 정확히 0에서 0입니다. 새 배열을 반환하고 인자는 바꾸지 마세요. NumPy만 있으면 됩니다.

# %%
import numpy as np

from htilde import check

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

# %% [markdown] idea="residual_forward" lang="en"
# Write the branch as the two-layer network of the second notebook, on lines
# of its own, and add x at the very end. As a check, with W2 and b2 full of
# zeros the block must return x, negative entries included.

# %% [markdown] idea="residual_forward" lang="ko"
# 가지를 두 번째 노트북의 두 층짜리 신경망으로 보고 따로 작성한 다음, 맨 끝에
# x를 더하세요. W2와 b2가 모두 0이면, 음수인 성분까지 포함해서 x가 그대로
# 나와야 합니다.

# %% [markdown] formula="residual_forward" lang="en"
# h̃ = x · W₁ + b₁,  h = ReLU(h̃)
# y = x + h · W₂ + b₂

# %% [markdown] formula="residual_forward" lang="ko"
# h̃ = x · W₁ + b₁,  h = ReLU(h̃)
# y = x + h · W₂ + b₂

# %% [markdown] commentary="residual_forward" lang="en"
# `@` binds more tightly than `+`, so the line reads x, plus ReLU(…) times W2,
# plus b2. The hidden width H may be anything; only the end of the branch must
# be as wide as x. With W2 = 0 and b2 = 0 the block is the identity: that is
# why the last layer of a branch is often started small. In torch it is
# `x + branch(x)`; no layer of its own is needed. `x += ...` would change the
# caller's array, and x is still needed on the way back.

# %% [markdown] commentary="residual_forward" lang="ko"
# `@`는 `+`보다 먼저 계산되므로, 이 줄은 x 더하기 ReLU(…) 곱하기 W2, 더하기
# b2입니다. 은닉층의 폭 H는 얼마여도 되고, 가지의 끝만 x와 폭이 같으면 됩니다.
# W2 = 0, b2 = 0이면 블록은 입력을 그대로 내보냅니다. 가지의 마지막 층을 작은
# 값에서 시작하는 일이 많은 것은 이 때문입니다. torch에서는
# `x + branch(x)`라고 쓰면 되고, 따로 층이 필요하지 않습니다. `x += ...`라고
# 쓰면 호출한 쪽의 배열이 바뀝니다. x는 역전파에서도 필요합니다.

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

# %% [markdown] idea="residual_backward" lang="en"
# A plus hands the same gradient to both of its sides. So the branch receives
# dy as it is, and goes back like any network of two layers. Then ask where x
# was used: how often, and what does it collect from each use? With W2 full of
# zeros, dx must be dy.

# %% [markdown] idea="residual_backward" lang="ko"
# 더하기는 양쪽에 같은 그래디언트를 넘겨줍니다. 그래서 가지는 dy를 그대로 받아
# 여느 두 층짜리 신경망처럼 되돌아갑니다. 그다음 x가 몇 번 쓰였는지, 쓰인
# 곳마다 무엇을 받는지 생각해 보세요. W2가 모두 0이면 dx는 dy여야 합니다.

# %% [markdown] formula="residual_backward" lang="en"
# h̃ = x · W₁ + b₁,  h = ReLU(h̃)
# dh̃ = (dy · W₂ᵀ) ⊙ ReLU'(h̃)
# dx = dy + dh̃ · W₁ᵀ
# dW₁ = xᵀ · dh̃,  db₁ = the sum of the rows of dh̃
# dW₂ = hᵀ · dy,  db₂ = the sum of the rows of dy

# %% [markdown] formula="residual_backward" lang="ko"
# h̃ = x · W₁ + b₁,  h = ReLU(h̃)
# dh̃ = (dy · W₂ᵀ) ⊙ ReLU'(h̃)
# dx = dy + dh̃ · W₁ᵀ
# dW₁ = xᵀ · dh̃,  db₁ = dh̃의 행을 모두 더한 것
# dW₂ = hᵀ · dy,  db₂ = dy의 행을 모두 더한 것

# %% [markdown] commentary="residual_backward" lang="en"
# ∂y/∂x = I + ∂F/∂x, so dx is dy times I, which costs nothing, plus what comes
# through the branch. Of the five gradients only dx knows of the shortcut.
# `np.where` sets what ReLU switched off to 0 and leaves the rest as it is;
# the comparison is strict, as in `torch.relu`. h̃ and h are computed anew,
# because no state is handed over. torch keeps what it needs from the way
# forward; `torch.utils.checkpoint` computes it anew as well, which saves
# memory for time. Where a tensor is used twice, autograd adds the two
# gradients.

# %% [markdown] commentary="residual_backward" lang="ko"
# ∂y/∂x = I + ∂F/∂x이므로 dx는 dy에 I를 곱한 것, 곧 계산이 필요 없는 dy에
# 가지를 지나온 것을 더한 값입니다. 다섯 그래디언트 가운데 지름길을 아는 것은
# dx뿐입니다. `np.where`는 ReLU가 끈 곳을 0으로 만들고 나머지는 그대로 둡니다.
# `torch.relu`처럼 등호가 없는 부등호입니다. 넘겨받는 상태가 없으므로 h̃와 h는
# 다시 계산합니다. torch는 순전파에서 필요한 것을 간직합니다.
# `torch.utils.checkpoint`도 다시 계산해서, 시간을 더 쓰고 메모리를 아낍니다.
# 텐서가 두 번 쓰이면 autograd는 두 그래디언트를 더합니다.

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

from htilde.pictures import show

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

    x has shape (N, D), W1 (D, H), b1 (H,), W2 (H, E), b2 (E,) and Ws (D, E); the result (N, E). Ws may be the identity.
    """
    ### BEGIN SOLUTION
    return x @ Ws + np.maximum(x @ W1 + b1, 0) @ W2 + b2
    ### END SOLUTION

# %% [markdown] idea="projection_forward" lang="en"
# x is (N, D) and the branch ends in (N, E). Which product makes (N, E) of x?
# It takes the place of the plain x; all the rest stays. If D = E and Ws is
# the identity, the block of before must come out.

# %% [markdown] idea="projection_forward" lang="ko"
# x의 모양은 (N, D)이고 가지의 끝은 (N, E)입니다. x에서 (N, E)를 만드는 곱은
# 무엇일까요? 그것이 x가 있던 자리에 들어가고, 나머지는 그대로입니다.
# D = E이고 Ws가 단위행렬이면 앞의 블록과 같아야 합니다.

# %% [markdown] formula="projection_forward" lang="en"
# h̃ = x · W₁ + b₁,  h = ReLU(h̃)
# y = x · Wₛ + h · W₂ + b₂

# %% [markdown] formula="projection_forward" lang="ko"
# h̃ = x · W₁ + b₁,  h = ReLU(h̃)
# y = x · Wₛ + h · W₂ + b₂

# %% [markdown] commentary="projection_forward" lang="en"
# Two linear maps that end in the same sum. The shortcut has no bias, because
# b2 is added to that sum already; a second one would get the same gradient
# and could do nothing that b2 can't. With Ws = I it is `residual_forward`. In
# torch the shortcut would be `torch.nn.Linear(D, E, bias=False)`, whose
# weight is the transpose of Ws. The price: with a branch of 0 the block is no
# longer the identity but x · Wₛ, and how large Ws is at the start matters
# again, as in the third notebook.

# %% [markdown] commentary="projection_forward" lang="ko"
# 두 선형 변환의 결과가 같은 합에서 만납니다. b2를 이미 그 합에 더하므로
# 지름길에는 편향이 없습니다. 하나 더 두어도 같은 그래디언트를 받을 뿐, b2가
# 하지 못하는 일을 하지는 않습니다. Ws = I이면 `residual_forward`입니다.
# torch라면 지름길은 `torch.nn.Linear(D, E, bias=False)`이고, 그 가중치는 Ws의
# 전치입니다. 그 대신 가지가 0이어도 블록은 입력을 그대로 내보내지 않고
# x · Wₛ가 되며, 세 번째 노트북에서처럼 Ws를 얼마나 크게 시작하는지가 다시
# 중요해집니다.

# %% exercise="projection_backward"
def projection_backward(dy, x, W1, b1, W2, b2, Ws):
    """The gradients through y = projection_forward(x, W1, b1, W2, b2, Ws), where dy, of shape (N, E), comes in.

    Returns dx, dW1, db1, dW2, db2, dWs, in this order, each in the shape of what it belongs to. Ws may be the identity.
    """
    ### BEGIN SOLUTION
    h_tilde = x @ W1 + b1
    h = np.maximum(h_tilde, 0)
    dh_tilde = np.where(h_tilde > 0, dy @ W2.T, 0.0)
    dx = dy @ Ws.T + dh_tilde @ W1.T
    return dx, x.T @ dh_tilde, dh_tilde.sum(axis=0), h.T @ dy, dy.sum(axis=0), x.T @ dy
    ### END SOLUTION

# %% [markdown] idea="projection_backward" lang="en"
# Only two things are new compared with `residual_backward`. The shortcut is a
# linear layer without a bias: x goes in, dy comes back. What does such a
# layer hand on to x, and what is the gradient of its weights? The shapes
# (N, D), (N, E) and (D, E) allow one answer each.

# %% [markdown] idea="projection_backward" lang="ko"
# `residual_backward`와 견주면 새로운 것은 두 가지뿐입니다. 지름길은 편향이
# 없는 선형 층이고, x가 들어가고 dy가 되돌아옵니다. 이런 층은 x에 무엇을
# 넘겨주고, 그 가중치의 그래디언트는 무엇일까요? 모양 (N, D), (N, E), (D, E)에
# 맞는 답은 하나씩입니다.

# %% [markdown] formula="projection_backward" lang="en"
# dh̃ = (dy · W₂ᵀ) ⊙ ReLU'(h̃)
# dx = dy · Wₛᵀ + dh̃ · W₁ᵀ
# dWₛ = xᵀ · dy
# dW₁, db₁, dW₂, db₂ as in `residual_backward`

# %% [markdown] formula="projection_backward" lang="ko"
# dh̃ = (dy · W₂ᵀ) ⊙ ReLU'(h̃)
# dx = dy · Wₛᵀ + dh̃ · W₁ᵀ
# dWₛ = xᵀ · dy
# dW₁, db₁, dW₂, db₂는 `residual_backward`와 같음

# %% [markdown] commentary="projection_backward" lang="en"
# ∂y/∂x = Wₛ + ∂F/∂x in place of I + ∂F/∂x. The plus hands dy to both ways
# unchanged, so dWs and dW2 differ only in what came in: xᵀ · dy and hᵀ · dy.
# The branch doesn't notice the projection; its four gradients are those of
# before. But on the shortcut the gradient now meets a matrix. If Ws shrinks
# what passes through it, forty such blocks shrink it forty times, and the way
# without obstacles is gone. In torch nothing has to be said; autograd finds
# both ways in the graph.

# %% [markdown] commentary="projection_backward" lang="ko"
# I + ∂F/∂x 대신 ∂y/∂x = Wₛ + ∂F/∂x입니다. 더하기는 두 길에 dy를 그대로
# 넘겨주므로, dWs와 dW2는 들어간 값만 다릅니다. 각각 xᵀ · dy와 hᵀ · dy입니다.
# 가지는 사영이 있는지 모르고, 네 그래디언트도 앞의 것과 같습니다. 그러나 이제
# 지름길에서 그래디언트에 행렬이 곱해집니다. Ws가 지나가는 값을 작게 만든다면,
# 이런 블록 마흔 개는 마흔 번 작게 만듭니다. 막힘없이 되돌아가는 길이
# 없어집니다. torch에서는 따로 할 일이 없습니다. autograd가 그래프에서 두 길을
# 모두 찾아냅니다.

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
# 이것을 *post-activation*이라고 합니다. 앞의 블록과 견주어 보세요. 더한 다음에 있는 것은 **두 길 모두**에 걸립니다.

# %% exercise="post_activation_forward"
def post_activation_forward(x, W1, b1, W2, b2):
    """A residual block that ends in a ReLU: relu(x + F(x)), where F(x) = relu(x @ W1 + b1) @ W2 + b2.

    x has shape (N, D), W1 (D, H), b1 (H,), W2 (H, D) and b2 (D,); the result (N, D).
    """
    ### BEGIN SOLUTION
    return np.maximum(x + np.maximum(x @ W1 + b1, 0) @ W2 + b2, 0)
    ### END SOLUTION

# %% [markdown] idea="post_activation_forward" lang="en"
# One step more than `residual_forward`. What exactly goes into the last ReLU?
# Two quick tests: no entry of the result is negative, and with W2 and b2 full
# of zeros a positive x comes out unchanged.

# %% [markdown] idea="post_activation_forward" lang="ko"
# `residual_forward`보다 한 단계가 더 있습니다. 마지막 ReLU에 들어가는 것은
# 정확히 무엇일까요? 두 가지를 시험해 보세요. 결과에 음수인 성분이 없어야
# 하고, W2와 b2가 모두 0이면 양수인 x는 그대로 나와야 합니다.

# %% [markdown] formula="post_activation_forward" lang="en"
# h̃ = x · W₁ + b₁,  h = ReLU(h̃)
# y = ReLU(x + h · W₂ + b₂)

# %% [markdown] formula="post_activation_forward" lang="ko"
# h̃ = x · W₁ + b₁,  h = ReLU(h̃)
# y = ReLU(x + h · W₂ + b₂)

# %% [markdown] commentary="post_activation_forward" lang="en"
# The outer `np.maximum` holds the whole line of `residual_forward`. With
# W2 = 0 and b2 = 0 this block isn't the identity but ReLU: what is negative
# in x is lost for all that follows. In a stack every block after the first
# receives an x ≥ 0 and hands it on whole if the branch is 0; only the sum
# with the branch can fall below 0. In torch it is
# `torch.relu(x + branch(x))`. On the way back the last ReLU is met before the
# ways part: look for that in the next exercise.

# %% [markdown] commentary="post_activation_forward" lang="ko"
# 바깥쪽 `np.maximum` 안에 `residual_forward`의 한 줄이 통째로 들어 있습니다.
# W2 = 0, b2 = 0이면 이 블록은 입력을 그대로 내보내지 않고 ReLU가 됩니다.
# x에서 음수인 것은 뒤의 블록까지 전해지지 않습니다. 블록을 쌓으면 두 번째
# 블록부터는 x ≥ 0을 받고, 가지가 0이면 그대로 내보냅니다. 0보다 작아질 수
# 있는 것은 가지를 더한 값뿐입니다. torch에서는
# `torch.relu(x + branch(x))`입니다. 역전파에서는 두 길로 갈라지기 전에 마지막
# ReLU를 만납니다. 다음 문제에서 확인해 보세요.

# %% exercise="post_activation_backward"
def post_activation_backward(dy, x, W1, b1, W2, b2):
    """The gradients through y = post_activation_forward(x, W1, b1, W2, b2), where dy comes in.

    dy and x have shape (N, D). Returns dx, dW1, db1, dW2, db2, in this order, each in the shape of what it belongs to.
    Both ReLUs have the derivative 0 at exactly 0, and the last one may be off for all units.
    """
    ### BEGIN SOLUTION
    h_tilde = x @ W1 + b1
    h = np.maximum(h_tilde, 0)
    dsum = np.where(x + h @ W2 + b2 > 0, dy, 0.0)
    dh_tilde = np.where(h_tilde > 0, dsum @ W2.T, 0.0)
    return dsum + dh_tilde @ W1.T, x.T @ dh_tilde, dh_tilde.sum(axis=0), h.T @ dsum, dsum.sum(axis=0)
    ### END SOLUTION

# %% [markdown] idea="post_activation_backward" lang="en"
# What comes last on the way forward comes first on the way back: dy meets the
# last ReLU before it splits into two. What went into that ReLU has to be
# computed anew. From there on it is `residual_backward`, with another
# gradient in the place of dy.

# %% [markdown] idea="post_activation_backward" lang="ko"
# 순전파에서 마지막인 것이 역전파에서는 처음입니다. dy는 둘로 갈라지기 전에
# 마지막 ReLU를 만납니다. 그 ReLU에 들어간 값은 다시 계산해야 합니다.
# 그다음부터는 dy 자리에 다른 그래디언트가 들어간 `residual_backward`입니다.

# %% [markdown] formula="post_activation_backward" lang="en"
# s = x + h · W₂ + b₂,  ds = dy ⊙ ReLU'(s)
# dh̃ = (ds · W₂ᵀ) ⊙ ReLU'(h̃)
# dx = ds + dh̃ · W₁ᵀ
# dW₁ = xᵀ · dh̃,  db₁ = the sum of the rows of dh̃
# dW₂ = hᵀ · ds,  db₂ = the sum of the rows of ds

# %% [markdown] formula="post_activation_backward" lang="ko"
# s = x + h · W₂ + b₂,  ds = dy ⊙ ReLU'(s)
# dh̃ = (ds · W₂ᵀ) ⊙ ReLU'(h̃)
# dx = ds + dh̃ · W₁ᵀ
# dW₁ = xᵀ · dh̃,  db₁ = dh̃의 행을 모두 더한 것
# dW₂ = hᵀ · ds,  db₂ = ds의 행을 모두 더한 것

# %% [markdown] commentary="post_activation_backward" lang="en"
# ∂L/∂x = ds · (I + ∂F/∂x) with ds = dy ⊙ ReLU'(s). Look where `dsum` stands:
# wherever `residual_backward` has dy, four times, and dy itself occurs only
# once. The mask is that of the sum; those of x or of the branch alone would
# be others. Both comparisons are strict, for each ReLU has the slope 0 at 0,
# as in `torch.relu`. Where the sum was negative nothing comes back, not by
# the shortcut either, and in a stack of forty blocks there are forty such
# masks. Blocks without the last ReLU keep the shortcut free.

# %% [markdown] commentary="post_activation_backward" lang="ko"
# ∂L/∂x = ds · (I + ∂F/∂x), 여기서 ds = dy ⊙ ReLU'(s)입니다. `dsum`이 어디에
# 쓰이는지 보세요. `residual_backward`에서 dy가 있던 네 곳에 모두 쓰이고, dy
# 자신은 한 번만 나옵니다. 꺼진 곳은 합에서 정해집니다. x만 보거나 가지만 보면
# 다른 곳이 꺼집니다. 두 ReLU 모두 `torch.relu`처럼 0에서 기울기가 0이므로
# 등호가 없는 부등호를 씁니다. 합이 음수인 곳에서는 지름길로도 아무것도
# 되돌아오지 않습니다. 블록을 마흔 개 쌓으면 이런 곳을 마흔 번 지납니다.
# 마지막 ReLU가 없는 블록에서는 지름길이 막히지 않습니다.

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

    blocks is a list of tuples (W1, b1, W2, b2), one or a dozen; xs[k], of shape (N, D), is the input of blocks[k]. dy has
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

# %% [markdown] idea="residual_stack_backward" lang="en"
# You have solved one block. What `residual_backward` gives as dx of a block
# is the dy of the block in front of it. So go through the blocks from the
# back with one array in hand; the four other gradients are what you collect.
# The dx of the first block isn't asked for.

# %% [markdown] idea="residual_stack_backward" lang="ko"
# 블록 하나는 이미 풀었습니다. `residual_backward`가 구한 한 블록의 dx는 앞
# 블록의 dy입니다. 배열 하나를 들고 뒤에서부터 블록을 지나가세요. 나머지 네
# 그래디언트를 모으면 됩니다. 첫 번째 블록의 dx는 쓰지 않습니다.

# %% [markdown] formula="residual_stack_backward" lang="en"
# For each block k, from the last to the first, with dyₖ = ∂L/∂xₖ₊₁:
# dh̃ₖ = (dyₖ · W₂ᵀ) ⊙ ReLU'(h̃ₖ),  h̃ₖ = xₖ · W₁ + b₁
# dW₁, db₁, dW₂, db₂ as in `residual_backward`, with xₖ and dyₖ
# dyₖ₋₁ = dyₖ + dh̃ₖ · W₁ᵀ

# %% [markdown] formula="residual_stack_backward" lang="ko"
# 마지막 블록부터 첫 번째 블록까지 블록 k마다, dyₖ = ∂L/∂xₖ₊₁일 때:
# dh̃ₖ = (dyₖ · W₂ᵀ) ⊙ ReLU'(h̃ₖ),  h̃ₖ = xₖ · W₁ + b₁
# dW₁, db₁, dW₂, db₂는 xₖ와 dyₖ로 `residual_backward`와 같이
# dyₖ₋₁ = dyₖ + dh̃ₖ · W₁ᵀ

# %% [markdown] commentary="residual_stack_backward" lang="en"
# The product of sums in the notebook, read from the left, one factor a round:
# dy · (I + ∂F/∂x) is dy + dh̃ · W₁ᵀ. Multiplied out it would have 2^L terms;
# factor by factor it takes L rounds. Watch the last two lines of the loop:
# the block's own gradients are taken first, then dy becomes that of the block
# in front. The list is turned round at the end. `dy = dy + ...` makes a new
# array; `dy += ...` would change the caller's. In torch `xs` are what
# autograd keeps on the way forward, and one `backward()` does the rest.

# %% [markdown] commentary="residual_stack_backward" lang="ko"
# 노트북에 나온 합들의 곱을 왼쪽부터 한 번에 인수 하나씩 계산한 것입니다.
# dy · (I + ∂F/∂x)가 dy + dh̃ · W₁ᵀ입니다. 전개하면 항이 2^L개이지만, 인수마다
# 차례로 곱하면 L번이면 됩니다. 반복문의 마지막 두 줄을 보세요. 먼저 블록
# 자신의 그래디언트를 구하고, 그다음에 dy를 앞 블록의 것으로 바꿉니다.
# 리스트는 끝에서 뒤집습니다. `dy = dy + ...`는 새 배열을 만들지만,
# `dy += ...`는 호출한 쪽의 배열을 바꿉니다. torch에서는 autograd가 순전파에서
# `xs`를 간직하고, `backward()` 한 번이 나머지를 합니다.

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
# 블록 마흔 개 뒤에 선형 층 하나를 두고, 여러분의 그래디언트로 손글씨 숫자를 학습합니다. 한 번은 지름길을 두고, 한 번은 지름길 없이 학습합니다. 아래는
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
# "지름길(스킵 연결)이 있으면 그래디언트는 언제나 1 이상이다." 이 문장을 이 노트북의 역전파 식을 써서 세 문장에서 여섯 문장으로 바로잡아 보세요.
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
# 함수는 거기에서는 돌아가지 않습니다. 숨은 성질도 있습니다. 여러분이 보지 못한 입력에서도 같은 성질이 성립하는지 확인합니다.

# %% tags=["experiment"]
check()
