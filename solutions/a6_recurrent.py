# %% [markdown] lang="en"
# # Through time: recurrent nets and LSTM
#
# A **recurrent net** reads a sequence step by step and carries a **state** along. At each step $t$ it makes of the
# input $x_t$ and the state $h_{t-1}$ that the step before has left
#
# $$\tilde h_t = x_t \cdot W_x + h_{t-1} \cdot W_h + b, \qquad h_t = \tanh(\tilde h_t).$$
#
# Rolled out over time this is a deep network: as many layers as there are steps. But all of them have the **same
# weights**. So on the way back the same two things are met again and again, tanh's slope and $W_h$:
#
# $$
# \frac{\partial \mathcal L}{\partial h_t}
# = \frac{\partial \mathcal L}{\partial h_T} \cdot
# \underbrace{\frac{\partial h_T}{\partial h_{T-1}} \cdots \frac{\partial h_{t+1}}{\partial h_t}}_{T - t \text{ factors}},
# \qquad
# \frac{\partial h_k}{\partial h_{k-1}} = \mathrm{diag}(1 - h_k^2) \cdot W_h^\intercal.
# $$
#
# (That is for a loss that looks at the last state alone.) A product of many factors that are alike vanishes or
# explodes. What vanishes is the influence of what was read long ago: the net can't learn a **long-term dependency**,
# that its answer depends on something at the beginning. The second half of this notebook is about the **LSTM**, which
# was built against that: it has a *memory* that is not multiplied by weights from step to step.
#
# **How to work.** Replace each `raise NotImplementedError` with your answer, run the cell, then run the `check` cell
# below it. All arrays are float64 and examples are rows: `x` has the shape `(T, N, D)`, T steps of a batch of N
# examples with D features, and there are H units; T, N, D and H are at least 1. Formulas count the steps from 1, Python
# from 0: `x[0]` is $x_1$, `hs[0]` is $h_1$. A gradient has the shape of what it is the gradient of. A sequence may be
# as long as a hundred steps, and units and gates may be saturated (pre-activations in the hundreds, of which nothing
# becomes NaN); a memory may be as large as 100, a gradient as large as 1e4, and all of it as small as 1e-20. Weights and
# first states may be in the tens. Return new arrays and leave the arguments as they are. NumPy is all you need.

# %% [markdown] lang="ko"
# # 시간을 거슬러: 순환 신경망과 LSTM
#
# **순환 신경망**(recurrent neural network, RNN)은 시퀀스를 한 시점씩 읽으면서 **상태**(state)를 이어 갑니다. 시점 $t$마다 입력 $x_t$와
# 앞 시점이 남긴 상태 $h_{t-1}$로 다음을 계산합니다.
#
# $$\tilde h_t = x_t \cdot W_x + h_{t-1} \cdot W_h + b, \qquad h_t = \tanh(\tilde h_t)$$
#
# 시간을 따라 펼쳐 놓으면 이것은 시점의 수만큼 층이 있는 깊은 신경망입니다. 다만 모든 층의 **가중치가 같습니다**. 그래서 되돌아오는 길에서는 tanh의 기울기와 $W_h$,
# 똑같은 두 가지를 거듭 만납니다.
#
# $$
# \frac{\partial \mathcal L}{\partial h_t}
# = \frac{\partial \mathcal L}{\partial h_T} \cdot
# \underbrace{\frac{\partial h_T}{\partial h_{T-1}} \cdots \frac{\partial h_{t+1}}{\partial h_t}}_{\text{인수 } T - t \text{개}},
# \qquad
# \frac{\partial h_k}{\partial h_{k-1}} = \mathrm{diag}(1 - h_k^2) \cdot W_h^\intercal
# $$
#
# (손실이 마지막 상태만 볼 때의 식입니다.) 비슷한 인수가 많이 곱해지면 곱은 사라지거나 폭발합니다. 사라지는 것은 오래전에 읽은 것의 영향입니다. 그러면 신경망은 답이 시퀀스의
# 앞부분에 달려 있다는 것, 곧 **장기 의존성**(long-term dependency)을 배우지 못합니다. 이 노트북의 뒷부분은 그 문제를 풀려고 만든 **LSTM**을
# 다룹니다. LSTM에는 시점마다 가중치가 곱해지지 않는 *기억*이 있습니다.
#
# **푸는 방법.** `raise NotImplementedError`를 여러분의 답으로 바꾸고, 셀을 실행한 다음, 그 아래의 `check` 셀을 실행하세요. 배열은 모두
# float64이고 데이터는 행입니다. `x`의 모양은 `(T, N, D)`로, T는 시점의 수, N은 배치에 든 데이터의 수, D는 특성의 수이고 유닛은 H개입니다. T, N,
# D, H는 모두 1 이상입니다. 식에서는 시점을 1부터 세고 파이썬에서는 0부터 셉니다. `x[0]`이 $x_1$, `hs[0]`이 $h_1$입니다. 그래디언트의 모양은 미분하는
# 대상의 모양과 같습니다. 시퀀스는 백 시점까지 길 수 있고, 유닛과 게이트는 포화될 수 있으며($\tilde h$가 수백이어도 NaN이 되지 않아야 합니다), 기억은
# 100, 그래디언트는 1e4만큼 크거나 모두 1e-20만큼 작을 수 있고, 가중치와 첫 상태는 수십일 수 있습니다. 새 배열을 반환하고 인자는 바꾸지 마세요. NumPy만 있으면 됩니다.

# %%
import numpy as np

from htilde import check

# %% [markdown] lang="en"
# ## A place for your own tools
#
# The cell below is yours and isn't graded. In it there is a sigmoid for the gates of the LSTM; put your own from the
# first notebook in its place if you like. The cell runs when your work is graded, so what stands there is there for
# your functions, too.

# %% [markdown] lang="ko"
# ## 여러분의 도구 상자
#
# 아래 셀은 여러분의 것이고 채점하지 않습니다. LSTM의 게이트에 쓸 시그모이드가 들어 있습니다. 원한다면 첫 번째 노트북에서 작성한 것으로 바꾸어도 됩니다. 채점할 때도 이 셀을
# 실행하므로, 여기에 둔 함수는 그때에도 쓸 수 있습니다.

# %%
def sigmoid(h_tilde):
    """The sigmoid, in a form that doesn't overflow."""
    return (1 + np.tanh(h_tilde / 2)) / 2


# Your own functions can go here.

# %% [markdown] lang="en"
# ## Reading
#
# The first step starts from `h0`, each other one from the state before it.

# %% [markdown] lang="ko"
# ## 읽기
#
# 첫 시점은 `h0`에서 시작하고, 그다음부터는 앞 시점의 상태에서 시작합니다.

# %% exercise="rnn_forward"
def rnn_forward(x, h0, W_x, W_h, b):
    """The states of a recurrent net after every step: h_t = tanh(x_t @ W_x + h_(t-1) @ W_h + b).

    x has shape (T, N, D), h0 (N, H), W_x (D, H), W_h (H, H) and b (H,); the result (T, N, H), without h0.
    """
    ### BEGIN SOLUTION
    h, hs = h0, []
    for x_t in x:
        h = np.tanh(x_t @ W_x + h @ W_h + b)
        hs.append(h)
    return np.stack(hs)
    ### END SOLUTION

# %% [markdown] idea="rnn_forward" lang="en"
# A loop over x gives you one step of the whole batch at a time, (N, D). Keep
# the current state in a variable, replace it at each step, and collect the
# states in a list. With W_h full of zeros each state depends on its own
# input alone.

# %% [markdown] idea="rnn_forward" lang="ko"
# x를 반복문에 넣으면 한 번에 한 시점의 배치 전체, (N, D)가 나옵니다. 지금의
# 상태를 변수 하나에 두고 시점마다 바꾸면서 리스트에 모으세요. W_h가 모두
# 0이면 상태는 그 시점의 입력에만 달려 있어야 합니다.

# %% [markdown] formula="rnn_forward" lang="en"
# For t = 1, …, T:
# h̃ₜ = xₜ · Wₓ + hₜ₋₁ · Wₕ + b
# hₜ = tanh(h̃ₜ)

# %% [markdown] formula="rnn_forward" lang="ko"
# t = 1, …, T에 대해:
# h̃ₜ = xₜ · Wₓ + hₜ₋₁ · Wₕ + b
# hₜ = tanh(h̃ₜ)

# %% [markdown] commentary="rnn_forward" lang="en"
# Each round makes a new array `h`, so the list holds T different ones; had
# `h` been changed in place, all entries would be the last state. The products
# `x @ W_x` of all steps could be computed at once, outside the loop; the
# states can't, for each one needs the one before. That is why recurrent nets
# are slow on long sequences. In torch it is `torch.nn.RNN(D, H)`, whose
# weights are transposed and which has two biases where one is enough: only
# their sum matters.

# %% [markdown] commentary="rnn_forward" lang="ko"
# 반복할 때마다 새 배열 `h`가 생기므로 리스트에는 서로 다른 배열 T개가
# 들어갑니다. `h`를 제자리에서 바꾸었다면 모두 마지막 상태가 되었을 것입니다.
# 모든 시점의 `x @ W_x`는 반복문 밖에서 한꺼번에 계산할 수 있지만, 상태는
# 앞의 상태가 있어야 하므로 그럴 수 없습니다. 긴 시퀀스에서 순환 신경망이
# 느린 까닭입니다. torch에서는 `torch.nn.RNN(D, H)`입니다. 가중치가 전치되어
# 있고 편향이 둘인데, 결과는 둘의 합에만 달려 있습니다.

# %% [markdown] lang="en"
# ## And back through time
#
# A loss may look at every state, so at every step a gradient comes in from outside: `dh[t]`. But $h_t$ was used once
# more, by the next step. What comes back from there is added:
#
# $$
# \frac{\partial \mathcal L}{\partial \tilde h_t}
# = \Bigl( \underbrace{\mathrm{d}h_t}_{\text{from outside}}
# + \underbrace{\frac{\partial \mathcal L}{\partial \tilde h_{t+1}} \cdot W_h^\intercal}_{\text{from the next step}} \Bigr)
# \odot (1 - h_t^2).
# $$
#
# At the last step nothing comes from a next one. $W_x$, $W_h$ and $b$ were used at **every** step, and collect from
# each of them. This is called *backpropagation through time*.
#
# If your answer is wrong, the message tells at which step the first wrong gradient is, on the way back. Begin there.

# %% [markdown] lang="ko"
# ## 그리고 시간을 거슬러
#
# 손실은 모든 상태를 볼 수 있으므로, 시점마다 바깥에서 그래디언트 `dh[t]`가 들어옵니다. 그런데 $h_t$는 다음 시점에서 한 번 더 쓰였습니다. 거기에서 돌아오는
# 그래디언트를 더합니다.
#
# $$
# \frac{\partial \mathcal L}{\partial \tilde h_t}
# = \Bigl( \underbrace{\mathrm{d}h_t}_{\text{바깥에서}}
# + \underbrace{\frac{\partial \mathcal L}{\partial \tilde h_{t+1}} \cdot W_h^\intercal}_{\text{다음 시점에서}} \Bigr)
# \odot (1 - h_t^2)
# $$
#
# 마지막 시점에는 다음 시점에서 오는 것이 없습니다. $W_x$, $W_h$, $b$는 **모든** 시점에서 쓰였으므로 시점마다 그래디언트를 받아 모두 더합니다. 이것을
# *backpropagation through time*이라고 합니다.
#
# 답이 틀리면, 되돌아오는 길에서 처음 틀린 그래디언트가 어느 시점에 있는지 메시지가 알려 줍니다. 거기에서부터 살펴보세요.

# %% exercise="rnn_backward"
def rnn_backward(dh, x, h0, hs, W_x, W_h):
    """The gradients through hs = rnn_forward(x, h0, W_x, W_h, b), where dh comes in.

    dh has the shape of hs, (T, N, H): dh[t] is what comes in at hs[t] from outside, without what comes back from later
    steps. It may be 0 everywhere but at the last step.

    Returns dh_tilde, dx, dh0, dW_x, dW_h, db, in this order: dh_tilde, of shape (T, N, H), holds the gradients of the
    pre-activations of all steps, and each of the others has the shape of what it belongs to.
    """
    ### BEGIN SOLUTION
    dh_tilde, dx = np.zeros_like(hs), np.zeros_like(x)
    dW_x, dW_h, db = np.zeros_like(W_x), np.zeros_like(W_h), np.zeros(len(W_h))
    later = np.zeros_like(h0)
    for t in reversed(range(len(x))):
        before = hs[t - 1] if t > 0 else h0
        dh_tilde[t] = (dh[t] + later) * (1 - hs[t] ** 2)
        dx[t] = dh_tilde[t] @ W_x.T
        dW_x += x[t].T @ dh_tilde[t]
        dW_h += before.T @ dh_tilde[t]
        db += dh_tilde[t].sum(axis=0)
        later = dh_tilde[t] @ W_h.T
    return dh_tilde, dx, later, dW_x, dW_h, db
    ### END SOLUTION

# %% [markdown] idea="rnn_backward" lang="en"
# Go through the steps from the last to the first with one array in hand:
# what comes back from the next step, 0 at first. Each round is a linear layer
# with a tanh. Which state came in at W_h in that round? And at the first
# step?

# %% [markdown] idea="rnn_backward" lang="ko"
# 배열 하나를 들고 마지막 시점부터 첫 시점까지 가세요. 뒤 시점에서 돌아온
# 그래디언트이고, 처음에는 0입니다. 한 번의 반복은 tanh가 붙은 선형 층
# 하나입니다. 그때 W_h에 들어간 상태는 무엇이고, 첫 시점에는 무엇일까요?

# %% [markdown] formula="rnn_backward" lang="en"
# For t = T, …, 1, with dh̃ of step T + 1 being 0:
# dh̃ₜ = (dhₜ + dh̃ₜ₊₁ · Wₕᵀ) ⊙ (1 − hₜ²)
# dxₜ = dh̃ₜ · Wₓᵀ,  dh₀ = dh̃₁ · Wₕᵀ
# dWₓ = Σ xₜᵀ · dh̃ₜ,  dWₕ = Σ hₜ₋₁ᵀ · dh̃ₜ, over all steps
# db = the sum of the rows of all dh̃ₜ

# %% [markdown] formula="rnn_backward" lang="ko"
# t = T, …, 1에 대해, 시점 T + 1의 dh̃는 0으로 두고:
# dh̃ₜ = (dhₜ + dh̃ₜ₊₁ · Wₕᵀ) ⊙ (1 − hₜ²)
# dxₜ = dh̃ₜ · Wₓᵀ,  dh₀ = dh̃₁ · Wₕᵀ
# dWₓ = Σ xₜᵀ · dh̃ₜ,  dWₕ = Σ hₜ₋₁ᵀ · dh̃ₜ (모든 시점에 대해)
# db = 모든 dh̃ₜ의 행을 더한 것

# %% [markdown] commentary="rnn_backward" lang="en"
# `later` is the whole of backpropagation through time: everything that steps
# t + 1 to T have to say about hₜ, in one array. After the last round it is
# what h₀ gets, so dh0 costs nothing more. tanh's slope is had from hs without
# computing anything anew, and b isn't needed at all. The three `+=` are the
# price of shared weights: with `=` each step would overwrite what the step
# after it has left. In torch, too, gradients of shared weights add up. Cut
# the loop short after some steps and you have truncated backpropagation.

# %% [markdown] commentary="rnn_backward" lang="ko"
# `later`가 backpropagation through time의 전부입니다. 시점 t + 1부터 T까지가
# hₜ에 전할 것이 이 배열 하나에 들어 있습니다. 마지막 반복이 끝나면 h₀의
# 몫이 되므로 dh0은 따로 계산하지 않습니다. tanh의 기울기는 hs에서 바로 얻고,
# b는 쓰지 않습니다. `+=` 세 번은 가중치를 함께 쓰는 데 드는 일입니다. `=`라면
# 뒤 시점이 남긴 것을 덮어씁니다. torch에서도 함께 쓰는 가중치의 그래디언트는
# 더해집니다. 반복문을 몇 시점 만에 그치면 truncated backpropagation입니다.

# %% [markdown] lang="en"
# ## How much arrives
#
# Now only the last state is looked at, and `dh_T` is the gradient that comes in there. How large is
# $\partial \mathcal L / \partial h_t$ at each step? The size of a gradient is its norm, over the whole batch: the root
# of the sum of the squares of all its entries.

# %% [markdown] lang="ko"
# ## 얼마나 도착할까요
#
# 이제 손실은 마지막 상태만 보고, `dh_T`가 거기에 들어오는 그래디언트입니다. 시점마다 $\partial \mathcal L / \partial h_t$는 얼마나 클까요?
# 그래디언트의 크기는 배치 전체에 대한 노름, 곧 모든 성분을 제곱해서 더한 다음 제곱근을 구한 것입니다.

# %% exercise="gradient_through_time"
def gradient_through_time(dh_T, hs, W_h):
    """How large the gradient of each state of a recurrent net is, for a loss that looks at the last state alone.

    dh_T has shape (N, H) and is the gradient of the last state, hs[-1]; hs has shape (T, N, H), W_h (H, H).

    The result has shape (T,): at t the norm of the gradient of hs[t], the root of the sum of squares of all its N * H
    entries. The last one is the norm of dh_T itself, the first may be as small as 1e-100 or as large as 1e100.
    """
    ### BEGIN SOLUTION
    dh, norms = dh_T, []
    for h in reversed(hs):
        norms.append(np.linalg.norm(dh))
        dh = dh * (1 - h**2) @ W_h.T
    return np.array(norms[::-1])
    ### END SOLUTION

# %% [markdown] idea="gradient_through_time" lang="en"
# Neither inputs nor W_x are needed: only the way from state to state. Take
# down the norm first, then go one step back. Which state's slope is met on
# the way from step t to step t − 1? With T = 1 nothing is multiplied.

# %% [markdown] idea="gradient_through_time" lang="ko"
# 입력도 W_x도 필요 없고, 상태에서 상태로 가는 길만 있으면 됩니다. 먼저
# 노름을 적고, 그다음 한 시점 되돌아가세요. 시점 t에서 t − 1로 갈 때 어느
# 상태의 기울기를 만날까요? T = 1이면 아무것도 곱하지 않습니다.

# %% [markdown] formula="gradient_through_time" lang="en"
# ∂L/∂h of the last step = dh_T
# ∂L/∂hₜ₋₁ = (∂L/∂hₜ ⊙ (1 − hₜ²)) · Wₕᵀ
# normₜ = √(the sum of the squares of all entries of ∂L/∂hₜ)

# %% [markdown] formula="gradient_through_time" lang="ko"
# 마지막 시점의 ∂L/∂h = dh_T
# ∂L/∂hₜ₋₁ = (∂L/∂hₜ ⊙ (1 − hₜ²)) · Wₕᵀ
# normₜ = √(∂L/∂hₜ의 모든 성분의 제곱의 합)

# %% [markdown] commentary="gradient_through_time" lang="en"
# `*` and `@` bind equally and go from left to right, so the slope comes
# first, then W_h. The loop is the product of T − t factors from the top of
# the notebook, multiplied from the left: a row times a matrix each time,
# never two matrices. `np.linalg.norm` of a matrix is the Frobenius norm
# unless it is told otherwise. The last round goes one step too far: nobody
# looks at what it computes. The product of the factors' norms would only be
# an upper bound, and often one that is far too large.

# %% [markdown] commentary="gradient_through_time" lang="ko"
# `*`와 `@`는 우선순위가 같고 왼쪽부터 계산하므로, 먼저 기울기를 곱하고 그다음
# W_h를 곱합니다. 반복문은 노트북 첫머리에 나온 인수 T − t개의 곱을 왼쪽부터
# 계산한 것입니다. 매번 행과 행렬을 곱할 뿐, 행렬끼리는 곱하지 않습니다.
# `np.linalg.norm`은 따로 말하지 않으면 행렬의 프로베니우스 노름입니다.
# 마지막 반복은 한 시점 더 가므로 거기에서 계산한 것은 아무도 보지 않습니다.
# 인수의 노름을 곱하면 상한을 얻을 뿐이고, 그 상한은 너무 클 때가 많습니다.

# %% [markdown] lang="en"
# A hundred steps, random inputs, recurrent weights of three sizes. (Pictures need matplotlib: `pip install matplotlib`.
# They are not graded.)

# %% [markdown] lang="ko"
# 백 시점, 무작위 입력, 세 가지 크기의 순환 가중치입니다. (그림에는 matplotlib이 필요합니다: `pip install matplotlib`. 그림은 채점하지 않습니다.)

# %% tags=["experiment", "raises-exception"]
import matplotlib.pyplot as plt

from htilde.pictures import show

T, N, D, H = 100, 8, 8, 32
rng = np.random.default_rng(0)
xs, dh_T = rng.normal(size=(T, N, D)), rng.normal(size=(N, H))
W_x, W_h = rng.normal(0, 1 / np.sqrt(D), (D, H)), rng.normal(0, 1 / np.sqrt(H), (H, H))
plain = {}
for scale in (0.5, 1.0, 3.0):
    hs = rnn_forward(xs, np.zeros((N, H)), W_x, scale * W_h, np.zeros(H))
    norms = gradient_through_time(dh_T, hs, scale * W_h)
    plain[scale] = norms / norms[-1]
figure, axes = plt.subplots(figsize=(7, 3.6), layout="constrained")
for (scale, found), marker in zip(plain.items(), "os^"):
    axes.semilogy(range(1, T + 1), found, marker=marker, markevery=9, label=f"recurrent weights, scale {scale}")
axes.set(xlabel="step", ylabel="gradient, relative to the last step")
axes.legend()
told = ", ".join(f"{found[0]:.1g} at scale {scale}" for scale, found in plain.items())
show(figure, alt=f"Size of the gradient of the state at each of a hundred steps. At the first step it is {told}.")

# %% [markdown] lang="en"
# On this logarithmic axis the lines are all but straight: a factor a step. With small weights it is well below 1, with
# large ones above 1, although tanh's slope never is: the weights make up for it. A net whose weights are just right in
# between would have to stay there while it learns.
#
# ## A memory
#
# An **LSTM** (long short-term memory) carries two things along: the state $h$, and a **memory cell** $c$. What is kept
# in the memory, what is written to it and what is shown of it is decided by three **gates**, numbers between 0 and 1:
#
# $$
# \begin{aligned}
# \tilde h_t &= x_t \cdot W_x + h_{t-1} \cdot W_h + b
# && \text{four blocks of columns: } \tilde\imath, \tilde f, \tilde g, \tilde o \\
# i &= \sigma(\tilde\imath), \quad f = \sigma(\tilde f), \quad o = \sigma(\tilde o)
# && \text{input gate, forget gate, output gate} \\
# g &= \tanh(\tilde g) && \text{what might be written} \\
# c_t &= f \odot c_{t-1} + i \odot g && \text{keep, and write} \\
# h_t &= o \odot \tanh(c_t) && \text{show}
# \end{aligned}
# $$
#
# For all its name the forget gate says what is **kept**. The four blocks stand side by side, H columns each, in the
# order **i, f, g, o**: `W_x` has the shape `(D, 4 * H)`.

# %% [markdown] lang="ko"
# 로그 축에서 선들은 거의 곧습니다. 시점마다 인수 하나가 곱해지는 것입니다. 가중치가 작으면 그 인수는 1보다 훨씬 작고, 크면 1보다 큽니다. tanh의 기울기는 1을 넘지
# 않지만 가중치가 그것을 메우기 때문입니다. 가중치가 그 사이에 꼭 알맞은 신경망이라면, 학습하는 동안에도 거기에 머물러야 합니다.
#
# ## 기억
#
# **LSTM**(long short-term memory)은 상태 $h$와 **기억 셀**(memory cell) $c$, 두 가지를 이어 갑니다. 기억에서 무엇을 남기고, 무엇을
# 쓰고, 무엇을 보여 줄지는 0과 1 사이의 수인 **게이트** 세 개가 정합니다.
#
# $$
# \begin{aligned}
# \tilde h_t &= x_t \cdot W_x + h_{t-1} \cdot W_h + b
# && \text{네 묶음의 열: } \tilde\imath, \tilde f, \tilde g, \tilde o \\
# i &= \sigma(\tilde\imath), \quad f = \sigma(\tilde f), \quad o = \sigma(\tilde o)
# && \text{입력 게이트, 망각 게이트, 출력 게이트} \\
# g &= \tanh(\tilde g) && \text{쓸 후보} \\
# c_t &= f \odot c_{t-1} + i \odot g && \text{남기고 쓰기} \\
# h_t &= o \odot \tanh(c_t) && \text{보여 주기}
# \end{aligned}
# $$
#
# 이름은 망각 게이트(forget gate)이지만 얼마나 **남길지**를 말합니다. 네 묶음은 H열씩 **i, f, g, o**의 순서로 나란히 있고, `W_x`의 모양은
# `(D, 4 * H)`입니다.

# %% exercise="lstm_step"
def lstm_step(x, h, c, W_x, W_h, b):
    """One step of an LSTM: the new state and the new memory, from an input x and the old ones, h and c.

    x has shape (N, D), h and c (N, H), W_x (D, 4 * H), W_h (H, 4 * H) and b (4 * H,). The columns of the gates stand
    side by side in the order i, f, g, o.

    Returns h, c, in this order, each of shape (N, H).
    """
    ### BEGIN SOLUTION
    i, f, g, o = np.split(x @ W_x + h @ W_h + b, 4, axis=1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c
    ### END SOLUTION

# %% [markdown] idea="lstm_step" lang="en"
# One product gives the pre-activations of all four blocks; cut it into four.
# Renew the memory first, then read the state from the new memory. With f = 1
# and i = 0 the memory must stay as it is.

# %% [markdown] idea="lstm_step" lang="ko"
# 곱 한 번이면 네 묶음의 h̃가 모두 나옵니다. 그것을 넷으로 자르세요. 먼저
# 기억을 바꾸고, 새 기억에서 상태를 읽습니다. f = 1이고 i = 0이면 기억은
# 그대로여야 합니다.

# %% [markdown] formula="lstm_step" lang="en"
# h̃ = x · Wₓ + h · Wₕ + b, cut into ĩ, f̃, g̃, õ
# c' = σ(f̃) ⊙ c + σ(ĩ) ⊙ tanh(g̃)
# h' = σ(õ) ⊙ tanh(c')

# %% [markdown] formula="lstm_step" lang="ko"
# h̃ = x · Wₓ + h · Wₕ + b를 ĩ, f̃, g̃, õ로 자름
# c' = σ(f̃) ⊙ c + σ(ĩ) ⊙ tanh(g̃)
# h' = σ(õ) ⊙ tanh(c')

# %% [markdown] commentary="lstm_step" lang="en"
# `np.split(..., 4, axis=1)` cuts the columns into four blocks of H; the order
# is an agreement, that of `torch.nn.LSTM`. Other libraries and courses have
# another one, so look before you copy weights. Every product here is entry by
# entry but the two with weights. c isn't squashed: it is a sum over time and
# may grow beyond 1, and only what is shown goes through tanh. The plus in c'
# is what all this is for: on the way back a plus hands the gradient on as it
# is.

# %% [markdown] commentary="lstm_step" lang="ko"
# `np.split(..., 4, axis=1)`은 열을 H개씩 네 묶음으로 자릅니다. 순서는
# 약속이고, `torch.nn.LSTM`의 순서입니다. 다른 라이브러리나 강의에서는 다를 수
# 있으니 가중치를 옮기기 전에 확인하세요. 가중치와의 곱 두 번을 빼면 모두
# 성분끼리의 곱입니다. c에는 tanh를 적용하지 않습니다. c는 시간에 걸친 합이고
# 1보다 커질 수 있으며, 보여 주는 것만 tanh를 지납니다. 이 모든 것은 c'의
# 더하기를 위한 것입니다. 되돌아올 때 더하기는 그래디언트를 그대로 넘겨줍니다.

# %% [markdown] lang="en"
# ## One step back
#
# Two gradients come in: `dh` at the new state, and `dc` at the new memory, from the next step. The new memory was used
# twice, for the new state and for the next step, so it collects both:
#
# $$\frac{\partial \mathcal L}{\partial c_t} = \mathrm{d}c_t + \mathrm{d}h_t \odot o \odot (1 - \tanh^2(c_t)).$$
#
# From there it goes on to $i$, $f$, $g$ and to the old memory: each gets it times what it was multiplied by. $o$ gets
# its own directly from `dh`. Then it goes through the four activations, and the rest is a linear layer. For the old
# memory one reads off
#
# $$\frac{\partial c_t}{\partial c_{t-1}} = \mathrm{diag}(f) \quad \text{(by the memory alone)}:$$
#
# no weights, no tanh. If your answer is wrong, the message tells which gate's gradient is wrong first.

# %% [markdown] lang="ko"
# ## 한 시점 되돌아가기
#
# 그래디언트가 둘 들어옵니다. 새 상태에는 `dh`가, 새 기억에는 뒤 시점에서 온 `dc`가 들어옵니다. 새 기억은 새 상태와 다음 시점에서 두 번 쓰였으므로 둘을 모두 받습니다.
#
# $$\frac{\partial \mathcal L}{\partial c_t} = \mathrm{d}c_t + \mathrm{d}h_t \odot o \odot (1 - \tanh^2(c_t))$$
#
# 거기에서 $i$, $f$, $g$와 옛 기억으로 갈라지고, 각각 자신에게 곱해졌던 것을 곱해서 받습니다. $o$는 `dh`에서 바로 받습니다. 그다음 네 활성 함수를 지나면
# 나머지는 선형 층입니다. 옛 기억에 대해서는 다음을 알 수 있습니다.
#
# $$\frac{\partial c_t}{\partial c_{t-1}} = \mathrm{diag}(f) \quad \text{(기억만 따라갈 때)}$$
#
# 가중치도 tanh도 없습니다. 답이 틀리면, 어느 게이트의 그래디언트가 처음 틀렸는지 메시지가 알려 줍니다.

# %% exercise="lstm_step_backward"
def lstm_step_backward(dh, dc, x, h, c, W_x, W_h, b):
    """The gradients through one step of an LSTM, where dh comes in at its new state and dc at its new memory.

    x, h, c, W_x, W_h and b are the arguments of lstm_step: h and c are the old state and memory. dh and dc have the
    shape (N, H).

    Returns dx, dh, dc, dW_x, dW_h, db, in this order, each in the shape of what it belongs to; dh and dc among them are
    the gradients of the old state and memory.
    """
    ### BEGIN SOLUTION
    i, f, g, o = np.split(x @ W_x + h @ W_h + b, 4, axis=1)
    i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
    tanh_c = np.tanh(f * c + i * g)
    dc = dc + dh * o * (1 - tanh_c**2)
    of_gates = dc * g * i * (1 - i), dc * c * f * (1 - f), dc * i * (1 - g**2), dh * tanh_c * o * (1 - o)
    dh_tilde = np.hstack(of_gates)
    return dh_tilde @ W_x.T, dh_tilde @ W_h.T, dc * f, x.T @ dh_tilde, h.T @ dh_tilde, dh_tilde.sum(axis=0)
    ### END SOLUTION

# %% [markdown] idea="lstm_step_backward" lang="en"
# Compute the gates anew, then write the forward pass down line by line and go
# through it from the bottom. First complete the new memory's gradient. Put
# the four pre-activation gradients side by side: from there on it is
# `linear_backward` of the second notebook, with two inputs, x and h.

# %% [markdown] idea="lstm_step_backward" lang="ko"
# 게이트를 다시 계산하고, 순전파를 한 줄씩 적은 다음 아래에서부터 되짚으세요.
# 먼저 새 기억의 그래디언트를 완성합니다. 네 h̃의 그래디언트를 나란히 붙이면
# 나머지는 두 번째 노트북의 `linear_backward`이고, 입력이 x와 h 둘입니다.

# %% [markdown] formula="lstm_step_backward" lang="en"
# dc' = dc + dh ⊙ o ⊙ (1 − tanh²(c')),  c' the new memory
# dĩ = dc' ⊙ g ⊙ i(1 − i),  df̃ = dc' ⊙ c ⊙ f(1 − f)
# dg̃ = dc' ⊙ i ⊙ (1 − g²),  dõ = dh ⊙ tanh(c') ⊙ o(1 − o)
# old: dc = dc' ⊙ f,  dh = dh̃ · Wₕᵀ;  dx = dh̃ · Wₓᵀ
# dWₓ = xᵀ · dh̃,  dWₕ = hᵀ · dh̃,  db = the sum of the rows of dh̃

# %% [markdown] formula="lstm_step_backward" lang="ko"
# dc' = dc + dh ⊙ o ⊙ (1 − tanh²(c')),  c'는 새 기억
# dĩ = dc' ⊙ g ⊙ i(1 − i),  df̃ = dc' ⊙ c ⊙ f(1 − f)
# dg̃ = dc' ⊙ i ⊙ (1 − g²),  dõ = dh ⊙ tanh(c') ⊙ o(1 − o)
# 옛것: dc = dc' ⊙ f,  dh = dh̃ · Wₕᵀ;  dx = dh̃ · Wₓᵀ
# dWₓ = xᵀ · dh̃,  dWₕ = hᵀ · dh̃,  db = dh̃의 행을 모두 더한 것

# %% [markdown] commentary="lstm_step_backward" lang="en"
# The second line of the answer replaces each block by what its activation
# makes of it, and the slopes are then had from the values: i(1 − i), 1 − g².
# `dc = dc + ...` makes a new array; `dc += ...` would change the caller's.
# Note that c in `dc * c * f * (1 - f)` is the old memory, which the forget
# gate was multiplied by. The old memory gets dc' ⊙ f and nothing else; the
# old state gets all four blocks through W_h. In torch `torch.nn.LSTMCell` is
# this step, and autograd finds the two ways in the graph.

# %% [markdown] commentary="lstm_step_backward" lang="ko"
# 답의 둘째 줄에서 묶음마다 활성 함수를 적용하고, 기울기는 그 값에서 바로
# 얻습니다. i(1 − i), 1 − g²입니다. `dc = dc + ...`는 새 배열을 만들지만,
# `dc += ...`는 호출한 쪽의 배열을 바꿉니다. `dc * c * f * (1 - f)`의 c는
# 망각 게이트와 곱해졌던 옛 기억입니다. 옛 기억이 받는 것은 dc' ⊙ f뿐이고,
# 옛 상태는 W_h를 지나 네 묶음에서 모두 받습니다. torch에서는
# `torch.nn.LSTMCell`이 이 한 시점이고, 두 길은 autograd가 찾습니다.

# %% [markdown] lang="en"
# ## The whole sequence
#
# You may call your own `lstm_step` here, or write it all out. From outside gradients come in at the states only, not
# at the memories; the memory's gradient begins with 0 after the last step.

# %% [markdown] lang="ko"
# ## 시퀀스 전체
#
# 여기에서 여러분의 `lstm_step`을 불러도 되고, 모두 풀어서 써도 됩니다. 바깥에서 들어오는 그래디언트는 상태에만 있고 기억에는 없습니다. 기억의 그래디언트는 마지막 시점
# 뒤에서 0으로 시작합니다.

# %% exercise="lstm_forward"
def lstm_forward(x, h0, c0, W_x, W_h, b):
    """The states and the memories of an LSTM after every step, from the first state h0 and the first memory c0.

    x has shape (T, N, D), h0 and c0 (N, H), W_x (D, 4 * H), W_h (H, 4 * H) and b (4 * H,), in the order i, f, g, o.

    Returns hs, cs, in this order, each of shape (T, N, H), without h0 and c0.
    """
    ### BEGIN SOLUTION
    h, c, hs, cs = h0, c0, [], []
    for x_t in x:
        i, f, g, o = np.split(x_t @ W_x + h @ W_h + b, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        hs.append(h)
        cs.append(c)
    return np.stack(hs), np.stack(cs)
    ### END SOLUTION

# %% [markdown] idea="lstm_forward" lang="en"
# The loop of `rnn_forward`, with two variables that are handed on and two
# lists. If you have `lstm_step`, each round is one call. With T = 1 the
# result is that of `lstm_step`, with one dimension more in front.

# %% [markdown] idea="lstm_forward" lang="ko"
# `rnn_forward`의 반복문에 이어 가는 변수가 둘, 리스트가 둘 있습니다.
# `lstm_step`이 있다면 한 번에 한 번씩 부르면 됩니다. T = 1이면 결과는
# `lstm_step`과 같고, 앞에 차원이 하나 더 있습니다.

# %% [markdown] formula="lstm_forward" lang="en"
# For t = 1, …, T:
# h̃ₜ = xₜ · Wₓ + hₜ₋₁ · Wₕ + b, cut into ĩ, f̃, g̃, õ
# cₜ = σ(f̃) ⊙ cₜ₋₁ + σ(ĩ) ⊙ tanh(g̃)
# hₜ = σ(õ) ⊙ tanh(cₜ)

# %% [markdown] formula="lstm_forward" lang="ko"
# t = 1, …, T에 대해:
# h̃ₜ = xₜ · Wₓ + hₜ₋₁ · Wₕ + b를 ĩ, f̃, g̃, õ로 자름
# cₜ = σ(f̃) ⊙ cₜ₋₁ + σ(ĩ) ⊙ tanh(g̃)
# hₜ = σ(õ) ⊙ tanh(cₜ)

# %% [markdown] commentary="lstm_forward" lang="en"
# With `lstm_step` at hand the loop is one line that calls
# `lstm_step(x_t, h, c, W_x, W_h, b)`, and two `append`. The order inside a
# step matters: `h` is still the old state where the gates are computed, and
# `c` already the new memory where it is read. `torch.nn.LSTM(D, H)` gives all
# states, but of the memories the last one only. Here all are asked for: the
# memory is computed first, so look there first when something is wrong.

# %% [markdown] commentary="lstm_forward" lang="ko"
# `lstm_step`이 있으면 반복문 안은 `lstm_step(x_t, h, c, W_x, W_h, b)`를
# 부르는 한 줄과 `append` 두 번입니다. 한 시점 안의 순서가 중요합니다.
# 게이트를 계산할 때 `h`는 아직 옛 상태이고, 읽을 때 `c`는 이미 새
# 기억입니다. `torch.nn.LSTM(D, H)`는 상태를 모두 돌려주지만 기억은 마지막
# 것만 돌려줍니다. 여기에서는 기억도 모두 구합니다. 기억을 먼저 계산하므로,
# 틀렸다면 거기부터 보세요.

# %% exercise="lstm_backward"
def lstm_backward(dh, x, h0, c0, W_x, W_h, b):
    """The gradients through hs, cs = lstm_forward(x, h0, c0, W_x, W_h, b), where dh comes in at hs.

    dh has the shape of hs, (T, N, H): dh[t] is what comes in at hs[t] from outside, without what comes back from later
    steps. It may be 0 everywhere but at the last step. Nothing comes in at cs from outside.

    Returns dh_tilde, dx, dh0, dc0, dW_x, dW_h, db, in this order: dh_tilde, of shape (T, N, 4 * H), holds the gradients
    of the pre-activations of all steps, their columns in the order i, f, g, o, and each of the others has the shape of
    what it belongs to.
    """
    ### BEGIN SOLUTION
    h, c, kept = h0, c0, []
    for x_t in x:
        i, f, g, o = np.split(x_t @ W_x + h @ W_h + b, 4, axis=1)
        i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        tanh_c = np.tanh(f * c + i * g)
        kept.append((h, c, i, f, g, o, tanh_c))
        h, c = o * tanh_c, f * c + i * g
    dh_tilde, dx = np.zeros((*x.shape[:2], len(b))), np.zeros_like(x)
    dW_x, dW_h, db = np.zeros_like(W_x), np.zeros_like(W_h), np.zeros_like(b)
    later, dc = np.zeros_like(h0), np.zeros_like(c0)
    for t in reversed(range(len(x))):
        h, c, i, f, g, o, tanh_c = kept[t]
        dh_t = dh[t] + later
        dc = dc + dh_t * o * (1 - tanh_c**2)
        of_gates = dc * g * i * (1 - i), dc * c * f * (1 - f), dc * i * (1 - g**2), dh_t * tanh_c * o * (1 - o)
        dh_tilde[t] = np.hstack(of_gates)
        dx[t] = dh_tilde[t] @ W_x.T
        dW_x += x[t].T @ dh_tilde[t]
        dW_h += h.T @ dh_tilde[t]
        db += dh_tilde[t].sum(axis=0)
        later, dc = dh_tilde[t] @ W_h.T, dc * f
    return dh_tilde, dx, later, dc, dW_x, dW_h, db
    ### END SOLUTION

# %% [markdown] idea="lstm_backward" lang="en"
# Go forward once and keep what each step will need on the way back: its old
# state and memory, its gates. Then `rnn_backward` with two arrays in hand,
# one for the state and one for the memory. Each round is your
# `lstm_step_backward`, whose dW_x, dW_h and db you add up.

# %% [markdown] idea="lstm_backward" lang="ko"
# 앞으로 한 번 가면서 되돌아올 때 시점마다 필요한 것, 곧 옛 상태와 옛 기억,
# 게이트를 모아 두세요. 그다음은 배열을 둘, 상태의 것과 기억의 것을 들고 가는
# `rnn_backward`입니다. 한 번의 반복은 `lstm_step_backward`이고, 거기에서 나온
# dW_x, dW_h, db를 더합니다.

# %% [markdown] formula="lstm_backward" lang="en"
# For t = T, …, 1, with 0 for what comes from step T + 1:
# dhₜ' = dhₜ + dh̃ₜ₊₁ · Wₕᵀ
# dcₜ' = dcₜ₊₁' ⊙ fₜ₊₁ + dhₜ' ⊙ oₜ ⊙ (1 − tanh²(cₜ))
# dh̃ₜ as in `lstm_step_backward`, from dhₜ' and dcₜ'
# dh₀ = dh̃₁ · Wₕᵀ,  dc₀ = dc₁' ⊙ f₁;  dWₓ, dWₕ, db summed over t

# %% [markdown] formula="lstm_backward" lang="ko"
# t = T, …, 1에 대해, 시점 T + 1에서 오는 것은 0으로 두고:
# dhₜ' = dhₜ + dh̃ₜ₊₁ · Wₕᵀ
# dcₜ' = dcₜ₊₁' ⊙ fₜ₊₁ + dhₜ' ⊙ oₜ ⊙ (1 − tanh²(cₜ))
# dh̃ₜ는 dhₜ'과 dcₜ'으로 `lstm_step_backward`와 같이
# dh₀ = dh̃₁ · Wₕᵀ,  dc₀ = dc₁' ⊙ f₁;  dWₓ, dWₕ, db는 t에 대한 합

# %% [markdown] commentary="lstm_backward" lang="en"
# The two lines that hand something on are the whole difference to the plain
# net: `later` goes through W_h, as there, but dc goes from step to step
# through `dc * f` and a plus. Follow dc alone, from the last step to the
# first: it meets f at each step, no matrix and no tanh. Where f is near 1 a
# gradient survives a hundred steps; where f is 1/2 nothing is left after a
# few dozen. torch keeps i, f, g, o and tanh(c) from the way forward, as
# `kept` does here. With `lstm_step_backward` the second loop is a few lines.

# %% [markdown] commentary="lstm_backward" lang="ko"
# 앞 시점으로 넘겨주는 두 가지가 평범한 순환 신경망과 다른 점의 전부입니다.
# `later`는 거기에서처럼 W_h를 지나지만, dc는 `dc * f`와 더하기만으로
# 시점에서 시점으로 갑니다. 마지막 시점부터 dc만 따라가 보세요. 시점마다 f를
# 만날 뿐, 행렬도 tanh도 없습니다. f가 1에 가까우면 그래디언트는 백 시점을
# 견디고, 1/2이면 수십 시점 만에 거의 남지 않습니다. torch도 `kept`처럼
# 순전파에서 i, f, g, o와 tanh(c)를 간직합니다. `lstm_step_backward`가 있으면
# 둘째 반복문은 몇 줄이면 됩니다.

# %% [markdown] lang="en"
# ## A hundred steps again
#
# The same inputs, the same gradient at the last state, now through an LSTM. The dashed line is the plain net of scale 1
# from above; the others show $\partial \mathcal L / \partial c_t$, computed with your `lstm_step_backward`. They differ
# in the bias of the forget gate at the start: 0, 1 and 3.

# %% [markdown] lang="ko"
# ## 다시 백 시점
#
# 같은 입력, 마지막 상태에 들어오는 같은 그래디언트를 이번에는 LSTM에 넣습니다. 점선은 위에 나온 크기 1의 평범한 신경망이고, 나머지는 여러분의
# `lstm_step_backward`로 구한 $\partial \mathcal L / \partial c_t$입니다. 처음에 망각 게이트의 편향이 0, 1, 3으로 다릅니다.

# %% tags=["experiment", "raises-exception"]
rng = np.random.default_rng(0)
W_x, W_h = rng.normal(0, 1 / np.sqrt(D), (D, 4 * H)), rng.normal(0, 1 / np.sqrt(H), (H, 4 * H))
none, remembered = np.zeros((N, H)), {}
for bias in (0, 1, 3):
    b = np.repeat([0.0, bias, 0.0, 0.0], H)
    hs, cs = lstm_forward(xs, none, none, W_x, W_h, b)
    dh, dc, norms = dh_T, none, []
    for t in reversed(range(T)):
        h, c = (hs[t - 1], cs[t - 1]) if t > 0 else (none, none)
        _, dh, dc, *_ = lstm_step_backward(dh, dc, xs[t], h, c, W_x, W_h, b)
        norms.append(np.linalg.norm(dc) / np.linalg.norm(dh_T))
    remembered[bias] = np.array(norms[::-1])
figure, axes = plt.subplots(figsize=(7, 3.6), layout="constrained")
for (bias, found), marker in zip(remembered.items(), "os^"):
    axes.semilogy(range(T), found, marker=marker, markevery=9, label=f"LSTM, bias of the forget gate {bias}")
axes.semilogy(range(1, T + 1), plain[1.0], "k--", label="plain net, scale 1.0")
axes.set(xlabel="step", ylabel="gradient, relative to the last step")
axes.legend()
told = ", ".join(f"{found[0]:.1g} with a bias of {bias}" for bias, found in remembered.items())
alt = f"Size of the gradient of an LSTM's memory over a hundred steps. Before the first step it is {told}"
show(figure, alt=f"{alt}; in the plain net it was {plain[1.0][0]:.1g}.")

# %% [markdown] lang="en"
# A memory doesn't keep gradients by itself. With a bias of 0 the forget gate is about ½ at the start, and a hundred
# halvings leave next to nothing, as in the plain net. A bias of 1 makes it about 0.7, which helps by many powers of ten
# and isn't enough for a hundred steps; a bias of 3 is. An LSTM **can** keep a gradient where its forget gate is open,
# and it can learn where to open it: that is the remedy, and a forget-gate bias of 1 or more at the start is the usual
# way to begin.
#
# ## Does it learn?
#
# The handwritten digits that come with scikit-learn (`pip install scikit-learn`), read row by row like text: 8 steps of
# 8 pixels. After the last row a linear layer says which digit it was. A plain net and an LSTM of 24 units are trained
# with your gradients for a few seconds. (A net that gives 1/10 to each of the ten digits, whatever it sees, has a loss
# of 0.9.)

# %% [markdown] lang="ko"
# 기억이 있다고 그래디언트가 저절로 남지는 않습니다. 편향이 0이면 망각 게이트는 처음에 ½쯤이고, 백 번 반으로 줄면 평범한 신경망에서처럼 거의 남지 않습니다. 편향이 1이면
# 0.7쯤이 되어 10의 몇 제곱만큼 도움이 되지만 백 시점에는 모자라고, 편향이 3이면 충분합니다. LSTM은 망각 게이트가 열려 있는 곳에서 그래디언트를 간직할 **수 있고**,
# 어디를 열지 배울 수 있습니다. 그것이 해결책이며, 처음에 망각 게이트의 편향을 1 이상으로 두고 시작하는 것이 보통입니다.
#
# ## 학습이 될까요
#
# scikit-learn에 들어 있는 손글씨 숫자(`pip install scikit-learn`)를 글처럼 한 행씩 읽습니다. 8픽셀씩 8시점입니다. 마지막 행 다음에 선형 층이
# 어느 숫자였는지 답합니다. 유닛이 24개인 평범한 신경망과 LSTM을 여러분의 그래디언트로 몇 초 동안 학습합니다. (무엇을 보든 열 개의 숫자에 모두 1/10이라고 답하는
# 신경망의 손실은 0.9입니다.)

# %% tags=["experiment", "raises-exception"]
from sklearn.datasets import load_digits

digits = load_digits()
rows, targets = digits.images.transpose(1, 0, 2) / 16, np.eye(10)[digits.target]
known = 1400  # the others are only asked at the end


def train(gates, units=24, steps=300, learning_rate=0.05, momentum=0.9):
    """The loss per example at each step of gradient descent, and the share of unseen digits that are read right."""
    rng = np.random.default_rng(0)
    W_x, W_h = (
        rng.normal(0, 1 / np.sqrt(8), (8, gates * units)),
        rng.normal(0, 1 / np.sqrt(units), (units, gates * units)),
    )
    b = np.zeros(units) if gates == 1 else np.repeat([0.0, 1.0, 0.0, 0.0], units)
    parameters = [W_x, W_h, b, rng.normal(0, 1 / np.sqrt(units), (units, 10)), np.zeros(10)]
    speeds, losses = [np.zeros_like(part) for part in parameters], []

    def read(x):
        none = np.zeros((x.shape[1], units))
        net = parameters[:3]
        return none, rnn_forward(x, none, *net) if gates == 1 else lstm_forward(x, none, none, *net)[0]

    for _ in range(steps):
        chosen = rng.choice(known, 50, replace=False)
        x, (none, hs) = rows[:, chosen], read(rows[:, chosen])
        W_x, W_h, b, W, b_out = parameters
        error = hs[-1] @ W + b_out - targets[chosen]
        losses.append(np.sum(error**2) / 50)
        dy_hat, dh = 2 * error / 50, np.zeros_like(hs)
        dh[-1] = dy_hat @ W.T
        back = rnn_backward(dh, x, none, hs, W_x, W_h) if gates == 1 else lstm_backward(dh, x, none, none, W_x, W_h, b)
        gradients = [*back[-3:], hs[-1].T @ dy_hat, dy_hat.sum(axis=0)]
        speeds = [momentum * speed - learning_rate * gradient for speed, gradient in zip(speeds, gradients)]
        parameters = [part + speed for part, speed in zip(parameters, speeds)]
    _, hs = read(rows[:, known:])
    found = (hs[-1] @ parameters[3] + parameters[4]).argmax(axis=1)
    return np.array(losses), np.mean(found == digits.target[known:])


curves = {"plain": train(1), "LSTM": train(4)}
figure, axes = plt.subplots(figsize=(7, 3.2), layout="constrained")
for (name, (losses, right)), look in zip(curves.items(), ("solid", "dashed")):
    smooth = losses.reshape(-1, 10).mean(axis=1)
    axes.semilogy(
        10 * np.arange(len(smooth)) + 5, smooth, linestyle=look, label=f"{name}: {right:.0%} of unseen digits right"
    )
axes.set(xlabel="step", ylabel="loss per example")
axes.legend()
told = "; ".join(
    f"{name}: from {losses[:10].mean():.2g} to {losses[-10:].mean():.2g}, {right:.0%} of unseen digits right"
    for name, (losses, right) in curves.items()
)
show(
    figure, alt=f"Loss of a plain recurrent net and an LSTM that read digits row by row, means over ten steps. {told}."
)

# %% [markdown] lang="en"
# Eight steps are no long way, and here the plain net needs no memory: with the same step size it even learns faster.
# What an LSTM is for begins where the way is long.

# %% [markdown] lang="ko"
# 여덟 시점은 먼 길이 아니고, 여기에서 평범한 신경망에는 기억이 필요 없습니다. 같은 학습률에서는 오히려 더 빨리 배웁니다. LSTM이 쓸모를 보이는 것은 길이 멀 때입니다.

# %% [markdown] lang="en" question="what_a_memory_keeps"
# ## In your own words
#
# "In a plain recurrent net the gradient vanishes, and the LSTM's memory cell has solved that." Say in four to six
# sentences of your own what is right about this sentence and what isn't. By what is the gradient multiplied from step
# to step in each of the two? Why can it explode in the plain net although tanh's slope is at most 1? Under which
# condition does an LSTM keep a gradient over a hundred steps, and in which picture above can that be seen?
#
# *(Write your answer here, in place of this line. A person reads it.)*

# %% [markdown] lang="ko" question="what_a_memory_keeps"
# ## 여러분의 말로
#
# "평범한 순환 신경망에서는 그래디언트가 사라지고, LSTM의 기억 셀이 그 문제를 해결했다." 이 문장에서 무엇이 맞고 무엇이 틀렸는지 네 문장에서 여섯 문장으로 써 보세요. 두
# 신경망에서 시점마다 그래디언트에 곱해지는 것은 각각 무엇일까요? tanh의 기울기는 1을 넘지 않는데 평범한 신경망에서 그래디언트가 폭발할 수 있는 까닭은 무엇일까요? LSTM은
# 어떤 조건에서 백 시점 동안 그래디언트를 간직하며, 위의 어느 그림에서 볼 수 있을까요?
#
# *(이 줄을 지우고 답을 쓰세요. 사람이 읽고 채점합니다.)*

# %% [markdown] lang="en"
# ## Before you hand in
#
# Save, then run the cell below. It runs your notebook from the top in a fresh process, as the grader will: a function
# that only works because of a cell you have deleted since will not work there. Some properties are hidden; they make
# the same claims about inputs that you haven't seen.

# %% [markdown] lang="ko"
# ## 제출하기 전에
#
# 저장한 다음 아래의 셀을 실행하세요. 채점할 때처럼 새 프로세스에서 노트북을 처음부터 실행합니다. 이미 지워 버린 셀 덕분에 돌아가던 함수는 거기에서는 돌아가지 않습니다. 숨은
# 성질도 있습니다. 같은 주장을 여러분이 보지 못한 입력에 대해 확인합니다.

# %% tags=["experiment"]
check()
